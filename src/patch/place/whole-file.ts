import type { Edit } from '../../schema/patch.ts';
import type { Problem } from './addition.ts';
import { openBase } from './base.ts';
import { doubt } from './doubt.ts';
import type { Made } from './place-file.ts';
import { align, type Tagged } from './reading.ts';
import { applyRegions, type Region, regionsOf } from './region.ts';
import { bare, joinText, type Line, splitText } from './text.ts';

export type Written = Made | { readonly problem: Problem };

const fail = (rule: string, message: string): { readonly problem: Problem } => ({ problem: { rule, message } });

/** A file that did not exist, as it was written. */
export function writeNew(path: string, text: string): Written {
  const lines = splitText(text).map((line) => line.text);
  const { problem, flags } = doubt({
    runs: [{ above: '', lines, below: '' }],
    removed: [],
    file: [],
    path,
    at: 0,
    anchored: true,
    exact: true,
  });
  return problem ? { problem } : { text, flags };
}

/** A file that was written anew keeps the line ends that it had. Refused where it may be a part of the file, or was changed on its way. */
export function rewrite(
  path: string,
  before: string,
  { content: below, heading }: Pick<Extract<Edit, { kind: 'write' }>, 'content' | 'heading'>,
): Written {
  const file = splitText(before);
  // The comment that names a file may be its own first line.
  const content = heading !== undefined && file[0]?.text.trimEnd() === heading.trimEnd() ? `${heading}\n${below}` : below;
  if (content.trim() === '' && before.trim() !== '')
    return fail('empties', 'Nothing would be left of the file. To remove it, write the line DELETE and its path.');
  const [own, written] = [textsOf(file), textsOf(splitText(content))];
  const lines = edgesOf(own, written);
  const reading = { lines: align(own, lines) };
  const made = regionsOf(openBase(file), { reading, level: 'exact', at: 0 }, path, false);
  if ('problem' in made) return made;
  const flags = [...made.flags, ...(isEndUnsure(own, written, file.at(-1)?.eol === '') ? [end] : [])];
  return partOf(file, lines, reading.lines, made.regions) ?? { text: joinText(applyRegions(file, made.regions, undefined)), flags };
}

const end: Problem = { rule: 'ending', message: 'The file ends in other blank lines or line ends than were written, and keeps its own.' };

/** More blank lines at an end than one of a fence, or fewer than the file has; or other text at the end, which cannot tell how it ends. */
function isEndUnsure(own: readonly string[], written: readonly string[], open: boolean): boolean {
  const last = (lines: readonly string[]) => lines[endSaid(lines) - 1]?.trim();
  const more = written.length - endSaid(written) - (own.length - endSaid(own));
  return firstSaid(own) !== firstSaid(written) || more < 0 || more > 1 || (last(own) !== last(written) && (open || more > 0));
}

const textsOf = (lines: readonly Line[]) => lines.map(({ text }) => text);
/** The first line that is not blank, or -1. */
const firstSaid = (lines: readonly string[]) => lines.findIndex((line) => line.trim() !== '');
/** Behind the last line that is not blank. */
const endSaid = (lines: readonly string[]) => lines.findLastIndex((line) => line.trim() !== '') + 1;

/** Blank lines at the ends of a file are easily lost or won on its way: it keeps its own, and no more than were written where its first line is another. */
function edgesOf(file: readonly string[], lines: readonly string[]): string[] {
  const [from, start] = [firstSaid(file), firstSaid(lines)];
  if (from < 0 || start < 0) return [...lines];
  const stays = (at: number, other: number) => file[at]?.trim() === lines[other]?.trim();
  return [
    ...(stays(from, start) ? file.slice(0, from) : lines.slice(0, Math.min(from, start))),
    ...lines.slice(start, endSaid(lines)),
    ...file.slice(endSaid(file)),
  ];
}

/** Lines that are gone without anything in their place: at an end of the file, or many of them, they were more likely left out. */
function partOf(
  file: readonly Line[],
  lines: readonly string[],
  tagged: readonly Tagged[],
  regions: readonly Region[],
): Written | undefined {
  const shared = tagged.filter((line) => line.tag === ' ').length;
  const seems = (what: string) =>
    fail('whole_file', `${what}: this looks like a part of the file, not the file. Change it with SEARCH/REPLACE blocks.`);
  if ((file.length > 8 && shared * 2 < file.length) || (file.length > 4 && lines.length < 0.7 * file.length))
    return seems(`Only ${shared} of ${file.length} lines are still there`);
  // Of a few lines most are easily written anew; fewer of them, and most of those new, are a part.
  if (file.length > 2 && shared * 2 < file.length && lines.length < file.length)
    return seems(`Only ${shared} of ${file.length} lines are still there`);
  const gone = regions.filter((region) => region.insert.length === 0 && says(file, region));
  const blank = (from: number, to?: number) => file.slice(from, to).every((line) => line.text.trim() === '');
  const end = gone.find(({ at, remove }) => (remove > 3 && blank(0, at)) || (remove * 20 > file.length && blank(at + remove)));
  if (end) return seems(`Line ${end.at + 1} and ${end.remove - 1} more are gone from an end of the file`);
  const count = gone.reduce((sum, { remove }) => sum + remove, 0);
  if (count >= Math.max(25, file.length / 10)) return seems(`${count} lines are gone without others in their place`);
  const lost = regions.filter((region) => region.insert.length === 0);
  const thinned = kinds.find(({ is }) => {
    const own = file.filter((line) => is(line.text)).length;
    return own > 2 && lost.length > 2 && !lines.some(is);
  });
  if (thinned) return seems(`All ${thinned.name} of the file are gone`);
  // Whole statements go together with their brackets.
  if (gone.some((region) => region.remove > 2) && open(textsOf(file)) !== open(lines))
    return seems('Lines are gone, and the brackets that they opened or closed are not');
  const orphan = regions
    .flatMap(({ at, remove }) => file.slice(at, at + remove).map((line) => defined(line.text)))
    .find(
      (name) => name !== undefined && !lines.some((text) => defined(text) === name) && new RegExp(`\\b${name}\\b`).test(lines.join('\n')),
    );
  if (orphan !== undefined) return seems(`${orphan} is gone and still used`);
  const same = (of: (text: string) => string) => {
    const old = new Set(tagged.filter((line) => line.tag === '-' && line.text.trim() !== '').map((line) => of(line.text)));
    return tagged.filter((line) => line.tag === '+' && old.has(of(line.text))).length;
  };
  // What still has blanks at its ends was not trimmed on its way.
  if (same((text) => text.trimEnd()) > 0 && !lines.some((text) => /[ \t]$/.test(text)))
    return fail('trailing', 'Lines lost the blanks at their ends. Change the file with SEARCH/REPLACE blocks.');
  if (same(bare) > 10) return fail('indentation', 'The file would be indented otherwise. Change it with SEARCH/REPLACE blocks.');
  return undefined;
}

const kinds: readonly { readonly name: string; readonly is: (text: string) => boolean }[] = [
  { name: 'blank lines', is: (text) => text.trim() === '' },
  { name: 'comments', is: (text) => /^\s*(?:\/\/|#(?!!)|\/\*|\*|<!--|--\s)/.test(text) },
];

/** The function or class that a line begins. */
function defined(text: string): string | undefined {
  return /^\s*(?:(?:export|default|async|public|private|protected|static|pub)\s+)*(?:def|class|function|func|fn)\s+(?:\([^)]*\)\s*)?([A-Za-z_]\w*)/.exec(
    text,
  )?.[1];
}

/** How many brackets of each kind are left open, counted without regard to strings. */
function open(lines: readonly string[]): string {
  const text = lines.join('\n');
  return ['()', '[]', '{}'].map((pair) => text.split(pair[0] ?? '').length - text.split(pair[1] ?? '').length).join();
}

function says(file: readonly Line[], { at, remove }: Region): boolean {
  return file.slice(at, at + remove).some((line) => line.text.trim() !== '');
}
