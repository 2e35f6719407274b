import picomatch from 'picomatch';
import type { First } from '../context/pack/pack-question.ts';
import { readable } from '../context/scan/html.ts';
import { kindOf } from '../context/scan/kinds.ts';
import { GlmError } from '../errors.ts';
import type { Ground } from '../packing/gather.ts';
import type { Tree } from '../repo/files.ts';
import type { Machine } from '../schema/deps.ts';
import type { AskInput } from '../schema/input.ts';
import { type Documents, isDocument, readDocuments } from './documents/documents.ts';

/** Documents that need a program to become text, and the program. */
const programs: Readonly<Record<string, string>> = {
  odt: 'pandoc FILE.odt -t markdown -o FILE.md',
  epub: 'pandoc FILE.epub -t markdown -o FILE.md',
  pptx: 'soffice --convert-to pdf FILE.pptx, then pdftotext FILE.pdf',
  xlsx: 'soffice --convert-to csv FILE.xlsx',
};
const programFor = (path: string) => programs[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];

export type Readable = Omit<Documents, 'tree'> & { readonly ground: Ground };

/** The same ground, whose documents are text: HTML without its tags, the text of PDFs and Word files. */
export async function asRead(ground: Ground, input: AskInput, deps: Machine): Promise<Readable> {
  const wanted = input.chat ? () => false : chooseFiles(input, ground.within, ground.tree);
  const { tree, ...rest } = await readDocuments(ground.tree, wanted, deps);
  const read = (path: string) => {
    const text = tree.read(path);
    return text === undefined ? undefined : readable(path, text);
  };
  return { ...rest, ground: { ...ground, tree: { ...tree, read } } };
}

/** What goes in before anything ranked: what was piped in, and the files that were named. Throws `bad_input` for one that is no text. */
export function handedIn({ text, files = [], chat }: AskInput, { ground: { tree }, unread: failed }: Readable): First[] {
  const known = new Set(tree.files.map(({ path }) => path));
  const named = (chat ? [] : files).map((given) => {
    const path = given.replace(/^\.\//, '');
    const program = programFor(path);
    const found = known.has(path) && !program ? tree.read(path) : undefined;
    if (found !== undefined) return { path, text: found, reason: 'named by the caller' };
    if (known.has(path) && program)
      throw new GlmError('bad_input', `${path} has to become text before it can be read.`, { hint: `Run ${program} and name the result.` });
    const reason = failed.find((one) => one.path === path)?.reason;
    if (reason !== undefined)
      throw new GlmError('bad_input', `${path} was not read: ${reason}.`, { hint: 'Make text of it by other means and name the result.' });
    const why = known.has(path) ? tree.why(path) : 'it is not among the files of the root';
    throw new GlmError('bad_input', `${path} is not a text file that may be read: ${why}.`, {
      hint: why.startsWith('larger') ? `Pipe it in instead: glm-skill ask "…" < ${path}` : 'Name files relative to the root.',
    });
  });
  return text ? [{ path: 'stdin', text, reason: 'handed in' }, ...named] : named;
}

/** Which files may be packed for a question. */
export function chooseFiles({ files, glob }: AskInput, within: string, tree: Tree): (path: string) => boolean {
  const named = files && new Set(files.map((path) => path.replace(/^\.\//, '')));
  const matches = glob && picomatch([...glob], { dot: true });
  if (matches && !tree.files.some(({ path }) => matches(path)))
    throw new GlmError('bad_input', `No file matches ${glob.join(' or ')}.`, {
      hint: 'Globs are relative to the root, such as docs/**/*.md.',
    });
  return (path) => {
    if ((within !== '' && !path.startsWith(`${within}/`)) || programFor(path)) return false;
    if (named && !matches) return named.has(path);
    if (matches) return matches(path) || (named?.has(path) ?? false);
    return isDocument(path) || !['lock', 'generated', 'binary'].includes(kindOf(path));
  };
}

/** Says which documents of the root could not be read, and what makes text of them. */
export function unread(tree: Tree, within: string, { chat, files }: AskInput): string[] {
  const found = chat || files ? [] : tree.files.map(({ path }) => path).filter((path) => programFor(path) && path.startsWith(within));
  const [first] = found;
  if (first === undefined) return [];
  const what = found.length === 1 ? `${first} was not read` : `${found.length} documents were not read, ${first} among them`;
  return [`${what}: make text of such files first, with ${programFor(first)}`];
}
