import { marginOf } from './layout.ts';
import { bare, indentOf } from './text.ts';

/** How one side writes indentation, given in pairs of a line as the edit has it and as the file has it. */
export type Pair = { readonly edit: string; readonly file: string; readonly removed: boolean };

type Mapping = (indent: string) => string | undefined;

/**
 * Moves added lines to the file's indentation. Only one uniform mapping that every matched line agrees with is used; where several
 * would give different text, or none fits, undefined.
 */
export function reindent(pairs: readonly Pair[], added: readonly string[]): string[] | undefined {
  const said = pairs.filter((pair) => pair.edit.trim() !== '');
  const indents = said.map((pair) => [indentOf(pair.edit), indentOf(pair.file)] as const);
  if (indents.every(([edit, file]) => edit === file)) return [...added];
  const mappings = candidates(indents).filter((mapping) => indents.every(([edit, file]) => mapping(edit) === file));
  const results = mappings.map((mapping) => mapAll(added, mapping)).filter((result) => result !== undefined);
  const first = results[0];
  if (first === undefined || results.some((other) => other.join('\n') !== first.join('\n'))) return undefined;
  const moved = said.some((pair) => pair.removed && indentOf(pair.edit) !== indentOf(pair.file));
  return moved ||
    !fitsAsItIs(
      added,
      indents.map(([, file]) => file),
    )
    ? first
    : same(first, added);
}

/**
 * Was only the text to find moved, or only its first line, and the text to put there left as the file has it? Then moving it along would
 * move it too far, and which of the two was meant cannot be known.
 */
export function isOneSided(pairs: readonly Pair[], added: readonly string[]): boolean {
  const said = pairs.filter((pair) => pair.removed && pair.edit.trim() !== '');
  const fresh = added.filter((line) => line.trim() !== '');
  const shifted = said.filter(({ edit, file }) => indentOf(edit) !== indentOf(file));
  const [top] = said;
  if (shifted.length === 0 || !top || fresh.length === 0) return false;
  const [whole, bares] = [new Set(fresh), new Set(fresh.map(bare))];
  const twins = shifted.filter(({ edit }) => bares.has(bare(edit)));
  if (twins.some(({ file }) => whole.has(file))) return true;
  const margin = marginOf(said.map(({ file }) => file));
  if (twins.length === 0 && marginOf(fresh) === margin && marginOf(said.map(({ edit }) => edit)) !== margin) return true;
  const [, ...rest] = fresh;
  return (
    indentOf(top.edit) === '' &&
    rest.length > 0 &&
    indentOf(fresh[0] ?? '') === '' &&
    rest.every((line) => line.startsWith(indentOf(top.file)))
  );
}

/** With no removed line among the evidence, added lines that already stand as the file's do might be right as they are. */
function fitsAsItIs(added: readonly string[], file: readonly string[]): boolean {
  const own = added.filter((line) => line.trim() !== '').map(indentOf);
  const least = own.reduce((a, b) => (a.length <= b.length ? a : b), own[0] ?? '');
  return file.some((indent) => steps.some((step) => least === indent + step));
}

const steps = ['', '  ', '    ', '        ', '\t'];

function same(a: readonly string[], b: readonly string[]): string[] | undefined {
  return a.join('\n') === b.join('\n') ? [...a] : undefined;
}

function mapAll(added: readonly string[], mapping: Mapping): string[] | undefined {
  const out: string[] = [];
  for (const line of added) {
    if (line.trim() === '') out.push(line.trim() === line ? line : '');
    else {
      const indent = indentOf(line);
      const mapped = mapping(indent);
      if (mapped === undefined) return undefined;
      out.push(mapped + line.slice(indent.length));
    }
  }
  return out;
}

function candidates(indents: readonly (readonly [string, string])[]): Mapping[] {
  const found: Mapping[] = [];
  const [edit, file] = indents[0] ?? ['', ''];
  if (file.endsWith(edit)) found.push((indent) => file.slice(0, file.length - edit.length) + indent);
  if (edit.endsWith(file)) {
    const extra = edit.slice(0, edit.length - file.length);
    found.push((indent) => (indent.startsWith(extra) ? indent.slice(extra.length) : undefined));
  }
  const deep = indents.find(([from, to]) => from !== '' && to !== '');
  if (deep) {
    const [from, to] = deep;
    const spaces = /^ +$/;
    const tabs = /^\t+$/;
    if (spaces.test(from) && tabs.test(to)) found.push(convert(' ', from.length / to.length, '\t', 1));
    if (tabs.test(from) && spaces.test(to)) found.push(convert('\t', 1, ' ', to.length / from.length));
    if (spaces.test(from) && spaces.test(to) && from !== to) found.push(convert(' ', from.length, ' ', to.length));
  }
  return found;
}

/** `size` characters of one kind become `into` of the other. A rest, or an indent of another kind, does not map. */
function convert(from: string, size: number, to: string, into: number): Mapping {
  return (indent) => {
    if ([...indent].some((char) => char !== from))
      return from !== to && [...indent].every((char) => char === to) && to === '\t' ? indent : undefined;
    const count = (indent.length / size) * into;
    return Number.isInteger(size * into) && Number.isInteger(count) ? to.repeat(count) : undefined;
  };
}
