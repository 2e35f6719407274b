import type { Edit } from '../../schema/patch.ts';
import { startsBlock } from './blocks.ts';
import { startsDiff } from './diff.ts';
import { startsEnvelope } from './envelope.ts';
import { type Fence, isClosing } from './fence.ts';
import type { Known } from './known-paths.ts';
import { isPathLine, readPath } from './path.ts';
import type { Found } from './read-result.ts';

/** `hint`: what its first line names as a file, where that may be any comment. */
export type WholeFile = {
  readonly path: string | undefined;
  readonly hint?: string | undefined;
  readonly content: () => string;
  /** The line that names the file and may be one of its own. */
  readonly heading?: string | undefined;
  readonly closed: boolean;
  readonly lang: string;
};

/** Does the code inside a fence hold edits, so that it is not a file as a whole? */
export function holdsEdits(lines: readonly string[], from: number, fence: Fence): boolean {
  for (let at = from; at < lines.length && !isClosing(lines[at] ?? '', fence); at++) {
    const line = (lines[at] ?? '').trimStart();
    if (startsBlock(line) || startsEnvelope(line)) return true;
    if (startsDiff(lines, at) || /^(?:diff --git |@@ )/.test(line)) {
      // Some languages and templates write `@@ name`: a hunk has changes below it.
      if (!/^@@/.test(line) || /^@@ -\d/.test(line) || hasChanges(lines, at + 1, fence)) return true;
    }
  }
  return false;
}

function hasChanges(lines: readonly string[], from: number, fence: Fence): boolean {
  for (let at = from; at < lines.length && !isClosing(lines[at] ?? '', fence); at++) if (/^\s*[-+]/.test(lines[at] ?? '')) return true;
  return false;
}

/** A fence that may be a whole file. Fences inside it, as in a Markdown file, are counted. */
export function readFile(
  lines: readonly string[],
  at: number,
  fence: Fence,
  named: string | undefined,
  known: Known,
): { file?: WholeFile; next: number } {
  let depth = 0;
  let end = at + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (isClosing(line, fence)) {
      if (depth === 0) break;
      depth--;
    } else if (line.startsWith(fence.mark) && line.trim().length > fence.mark.length) depth++;
  }
  const top = end > at + 1 ? (lines[at + 1] ?? '') : '';
  const comment = /^\s*(?:\/\/|#|--|<!--|\/\*|;|%|""")\s*(.+?)\s*(?:-->|\*\/|""")?$/.exec(top)?.[1];
  const told = comment?.replace(/^file(?:name)?:\s*/i, '');
  const own = comment === undefined ? undefined : known.named(comment);
  const inside = own ?? (told !== undefined && /^\S+$/.test(told) && isPathLine(told) ? readPath(told) : undefined);
  const path = named ?? own ?? (inside?.includes('/') ? inside : undefined);
  const heads = named === undefined && inside !== undefined;
  return {
    file: {
      path,
      hint: inside,
      content: () => textOf(lines, heads ? at + 2 : at + 1, end),
      heading: heads ? top : undefined,
      closed: end < lines.length,
      lang: fence.info.split(/\W/, 1)[0] ?? '',
    },
    next: end + 1,
  };
}

function textOf(lines: readonly string[], from: number, to: number): string {
  return from < to ? `${lines.slice(from, to).join('\n')}\n` : '';
}

/** Fences count as files only where the answer holds nothing else that is an edit, and where each names its file. */
export function wholeFiles(files: readonly WholeFile[]): Found {
  const named = files.filter((file) => file.path !== undefined);
  const edits = named.map(
    ({ path, content, heading }): Edit => ({ kind: 'write', path: path ?? '', content: content(), created: false, heading }),
  );
  const cut = named.filter((file) => !file.closed);
  const problems = cut.map((file) => ({
    path: file.path ?? '',
    rule: 'truncated',
    message: 'The file is not closed: the answer was cut off.',
  }));
  const other = named.find((file) => /^(?:diff|patch|ed)$/.test(file.lang) && !/\.(?:diff|patch|ed)$/.test(file.path ?? ''));
  if (other) problems.push({ path: other.path ?? '', rule: 'malformed_block', message: unreadDiff });
  if (named.length === 0) {
    const message = files.length > 0 ? 'The answer shows code without saying which file it is.' : 'The answer holds no edit.';
    problems.push({ path: '', rule: files.length > 0 ? 'no_path' : 'no_edits', message });
  }
  return { edits: edits, problems };
}

const unreadDiff = 'This form of a diff is not read: write SEARCH/REPLACE blocks.';
