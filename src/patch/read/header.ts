import { unescapeC } from '../../safety/c-string.ts';
import type { Known } from './known-paths.ts';

const extended = /^(?:index |old mode|new mode|deleted file|new file|similarity|dissimilarity|rename |copy |GIT binary|Binary files )/;

const emptyBlob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** What the header of one file's section says. Paths are as written, without quotes and dates. */
export type Head = {
  gitOld?: string | undefined;
  gitNew?: string | undefined;
  old?: string | undefined;
  new?: string | undefined;
  renameFrom?: string | undefined;
  renameTo?: string | undefined;
  /** A renamed file that is not the same as before. */
  changed?: boolean | undefined;
  /** A new file that its index line calls empty, or not empty. */
  empty?: boolean | undefined;
  /** The id that git gives to the new text, or its beginning. */
  blob?: string | undefined;
  /** Whether the file may be run from now on, where the header says so. */
  runs?: boolean | undefined;
  created: boolean;
  deleted: boolean;
  refusal?: { rule: string; message: string } | undefined;
};

/** The next line that is not blank. */
export function nextSaid(lines: readonly string[], at: number): string {
  let next = at;
  while (next < lines.length && (lines[next] ?? '').trim() === '') next++;
  return lines[next] ?? '';
}

/** Reads header lines into `head` and gives the line after them. */
export function readHead({ lines, at: from }: { readonly lines: readonly string[]; readonly at: number }, head: Head): number {
  let at = from;
  let seen = false;
  for (; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.trim() === '') {
      if (seen && !/^(?:--- |\+\+\+ |@@)/.test(nextSaid(lines, at))) break;
      continue;
    }
    if (line.startsWith('diff ')) {
      if (seen) break;
      readGitLine(line, head);
    } else if (/^Index: /.test(line)) {
      if (seen) break;
      head.new = cleanPath(line.slice('Index: '.length));
    } else if (/^={20,}$/.test(line)) {
      // The rule below an Index line.
    } else if (extended.test(line)) readExtended(line, head);
    else if (/^--- \S/.test(line) && head.old === undefined) head.old = sidePath(line.slice(4), head);
    else if (/^\+\+\+ \S/.test(line)) head.new = sidePath(line.slice(4), head, true);
    else break;
    seen = true;
  }
  if (head.refusal?.rule === 'binary') while (at < lines.length && !/^(?:diff |```)/.test(lines[at] ?? '')) at++;
  return at;
}

function readGitLine(line: string, head: Head): void {
  const rest = line.replace(/^diff (?:--git|-\S+) /, '').trim();
  const quoted = /^("(?:[^"\\]|\\.)*"|\S+)\s+("(?:[^"\\]|\\.)*"|\S+)$/.exec(rest);
  const half = rest.slice(0, (rest.length - 1) / 2);
  const same = /^a\/(.*) b\/\1$/.exec(rest);
  head.gitOld = same ? `a/${same[1]}` : cleanPath(quoted?.[1] ?? half);
  head.gitNew = same ? `b/${same[1]}` : cleanPath(quoted?.[2] ?? rest.slice(half.length + 1));
}

function readExtended(line: string, head: Head): void {
  const mode = /(?:new file mode|new mode|deleted file mode|old mode) (\d+)/.exec(line)?.[1];
  if (line.startsWith('new file')) head.created = true;
  if (line.startsWith('deleted file')) head.deleted = true;
  const blob = /^index [0-9a-f]{4,}\.\.([0-9a-f]{7,})/.exec(line)?.[1];
  if (blob !== undefined) {
    head.blob = blob;
    head.empty = emptyBlob.startsWith(blob);
  }
  if (/^similarity index \d{1,2}%/.test(line)) head.changed = true;
  const shown = mode ?? /^index [0-9a-f]+\.\.[0-9a-f]+ (\d{6})$/.exec(line)?.[1];
  if (shown === '120000') head.refusal = { rule: 'symlink', message: 'The diff makes or changes a symbolic link.' };
  else if (shown === '160000') head.refusal = { rule: 'submodule', message: 'The diff changes a submodule.' };
  else if (mode !== undefined && !/^10[0-7]{4}$/.test(mode))
    head.refusal = { rule: 'mode_change', message: `No file has the mode ${mode}.` };
  else if (mode !== undefined && (line.startsWith('new mode') || (line.startsWith('new file') && runs(mode)))) head.runs = runs(mode);
  else if (/^(?:GIT binary|Binary files)/.test(line)) head.refusal = { rule: 'binary', message: 'The diff changes a binary file.' };
  else if (line.startsWith('copy ')) head.refusal = { rule: 'copy', message: 'The diff copies a file; give the new file whole instead.' };
  if (line.startsWith('rename from ')) head.renameFrom = cleanPath(line.slice('rename from '.length));
  if (line.startsWith('rename to ')) head.renameTo = cleanPath(line.slice('rename to '.length));
}

/** Git knows files that may be run and files that may not. */
const runs = (mode: string) => /^100[1357]/.test(mode);

function sidePath(text: string, head: Head, isNew = false): string | undefined {
  const path = cleanPath(text);
  if (path !== '/dev/null' && path !== 'dev/null') return path;
  if (isNew) head.deleted = true;
  else head.created = true;
  return undefined;
}

function cleanPath(text: string): string {
  const quoted = /^\s*"((?:[^"\\]|\\.)*)"/.exec(text);
  if (quoted) return unescapeC(quoted[1] ?? '').replace(/^(?:\.\/)+/, '');
  const plain = text.split('\t')[0] ?? '';
  const dated = plain
    .replace(/\s+\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*$/, '')
    .replace(/\s+\((?:original|modified|new|old|before|after|revision [^)]*|working copy)\)$/i, '');
  return dated
    .trim()
    .replace(/^`(.*)`$/, '$1')
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '');
}

/** The file that `--- a/x` or `+++ b/x` names, without git's prefix. */
export function sideNamed(line: string): string {
  return cleanPath(line.slice(4)).replace(/^[abiw]\//, '');
}

/** One path for the section. */
export function pathOf(head: Head, known: Known): string | undefined {
  const path = writtenPath(head);
  // A new file has the name that it is given.
  return path === undefined || known.has(path) || (head.created && !head.deleted) ? path : (known.named(path) ?? path);
}

/** Prefixes go only where both sides, or the one there is, carry git's. */
function writtenPath(head: Head): string | undefined {
  if (head.renameFrom !== undefined) return head.renameFrom;
  const older = head.old ?? (head.new === undefined ? head.gitOld : undefined);
  const newer = head.new ?? (head.old === undefined ? head.gitNew : undefined);
  const pick = head.deleted ? (older ?? head.gitOld) : (newer ?? older);
  if (pick === undefined) return undefined;
  if (older !== undefined && newer !== undefined && !head.created && !head.deleted) {
    const bare = [older.replace(/^[a-z]\//, ''), newer.replace(/^[a-z]\//, '')];
    if (older === newer) return pick;
    if (bare[0] === bare[1]) return bare[1];
    if (bare[0] === newer) return newer;
    if (older === bare[1]) return older;
    if (bare[0]?.replace(/\.(?:orig|old|bak)$|~$/, '') === bare[1]) return bare[1];
    head.refusal ??= { rule: 'two_names', message: `The diff names ${older} and ${newer} and does not say that it renames.` };
    return bare[1];
  }
  return pick
    .replace(head.deleted ? /^a\// : head.created ? /^[bciow]\// : /^b\//, '')
    .replace(/^a\/(?=.)/, head.old !== undefined && head.new === undefined && !head.deleted ? '' : 'a/');
}
