import { messageOf } from '../../errors.ts';
import type { Tree } from '../../repo/files.ts';
import type { LeftOut } from '../../schema/context.ts';
import type { Machine } from '../../schema/deps.ts';

/** Documents that are read as text although they are none. */
const formats = /\.(pdf|docx)$/i;
const mostBytes = 64 << 20;
const mostDocuments = 100;

/** A document as text. Lines count from 1; each page begins with a line that names it, where there are several. */
type Document = { readonly text: string; readonly pageStarts: readonly number[] };

export type Documents = {
  /** The same tree, in which these documents are text. */
  readonly tree: Tree;
  /** The page of a line, where the file is a document of several pages. */
  readonly pageOf: (path: string, line: number) => number | undefined;
  /** What could not be read, and why. */
  readonly unread: readonly LeftOut[];
  /** How many more there are than are read. */
  readonly beyond: number;
};

export const isDocument = (path: string) => formats.test(path);

/** Reads the documents among the wanted files: the text layer of PDFs and the text of Word files. */
export async function readDocuments(tree: Tree, wanted: (path: string) => boolean, { tell, signal }: Machine): Promise<Documents> {
  const paths = tree.files.map(({ path }) => path).filter((path) => isDocument(path) && wanted(path));
  const read = new Map<string, Document>();
  const unread: LeftOut[] = [];
  for (const path of paths.slice(0, mostDocuments)) {
    tell({ type: 'stage', stage: 'pack', message: `Reading ${path}` });
    const bytes = tree.loadWhole(path, mostBytes);
    if (!bytes) {
      unread.push({ path, reason: tree.why(path) });
      continue;
    }
    try {
      read.set(path, laidOut(await pagesOf(path, bytes, signal)));
    } catch (cause) {
      signal?.throwIfAborted();
      unread.push({ path, reason: messageOf(cause).split('\n')[0] ?? '' });
    }
  }
  return {
    unread,
    beyond: Math.max(0, paths.length - mostDocuments),
    tree: {
      ...tree,
      // What could not be read as a document is no text either.
      read: (path) => (isDocument(path) ? read.get(path)?.text : tree.read(path)),
      load: (path) => {
        const found = read.get(path);
        if (found) return Buffer.from(found.text);
        return isDocument(path) ? undefined : tree.load(path);
      },
    },
    pageOf: (path, line) => {
      const starts = read.get(path)?.pageStarts ?? [];
      return starts.length > 1 ? starts.findLastIndex((start) => start <= line) + 1 : undefined;
    },
  };
}

/** What was not read, one sentence each. */
export function sayUnread({ unread, beyond }: Pick<Documents, 'unread' | 'beyond'>): string[] {
  const sentences = unread.map(({ path, reason }) => `${path} was not read: ${reason}`);
  return beyond > 0 ? [`${beyond} more documents were not read`, ...sentences] : sentences;
}

/** The readers are loaded when there is something to read. */
async function pagesOf(path: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<string[]> {
  if (/\.pdf$/i.test(path)) return (await import('./pdf.ts')).readPdf(bytes, signal);
  return (await import('./docx.ts')).readDocx(bytes);
}

function laidOut(pages: readonly string[]): Document {
  const lines: string[] = [];
  const pageStarts: number[] = [];
  for (const [at, page] of pages.entries()) {
    pageStarts.push(lines.length + 1);
    if (pages.length > 1) lines.push(`[page ${at + 1}]`);
    lines.push(...page.replace(/\r\n?/g, '\n').replace(/\s+$/, '').split('\n'));
  }
  return { text: `${lines.join('\n')}\n`, pageStarts };
}
