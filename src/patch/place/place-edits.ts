import type { Edit, FileChange, PlaceFailure, TamperFlag } from '../../schema/patch.ts';
import { type Known, openKnown } from '../read/known-paths.ts';
import { pathProblem } from '../read/path.ts';
import type { Problem } from './addition.ts';
import { settleEntities } from './entities.ts';
import { placeAll } from './place-file.ts';
import { settledLines } from './reading.ts';
import { splitText } from './text.ts';
import { rewrite, writeNew } from './whole-file.ts';

/** `flags`: what was placed as it was written and may not have been meant so. */
export type Placed = { readonly changes: FileChange[]; readonly failures: PlaceFailure[]; readonly flags: TamperFlag[] };

type Failure = Omit<PlaceFailure, 'path'>;

/**
 * Turns edits into whole files, in memory. All or nothing: with one failure there are no changes. An edit is placed only where one place
 * fits; `read` gives a file's text, or undefined where there is none that may be changed.
 */
export function placeEdits(written: readonly Edit[], read: (path: string) => string | undefined, known: Known = openKnown()): Placed {
  const failures: PlaceFailure[] = [];
  const flags: TamperFlag[] = [];
  const groups = new Map<string, Edit[]>();
  const places = new Map<string, string>();
  /** Many edits have few paths: each is sought once. */
  const locate = (edit: Edit) => {
    const key = `${isSought(edit)} ${edit.path}`;
    const found = places.get(key) ?? findPath(edit, read, known);
    places.set(key, found);
    return found;
  };
  const edits = settleEntities(written, (edit) => read(locate(edit)));
  const prefixes = new Set(edits.flatMap((edit) => (locate(edit).length < edit.path.length ? [edit.path.slice(0, 2)] : [])));
  for (const edit of edits) {
    const found = locate(edit);
    // A new file has the prefix that other files of the answer have.
    const path = read(found) === undefined && /^[ab]\//.test(found) && prefixes.has(found.slice(0, 2)) ? found.slice(2) : found;
    // Code that is shown to explain the edits has its file; a file that does not exist was meant to be made.
    const shown = edit.kind === 'write' && edit.beside ? shownOnly(path, edit, read) : undefined;
    if (shown) {
      flags.push(...shown);
      continue;
    }
    const group = groups.get(path);
    const own = group ? undefined : pathProblem(path, read(path) !== undefined);
    const problem = own ?? (edit.kind === 'rename' ? pathProblem(edit.to) : undefined);
    if (problem) failures.push({ path, rule: problem.rule, message: `${JSON.stringify(path)} ${problem.message}.` });
    else if (group) group.push({ ...edit, path });
    else groups.set(path, [{ ...edit, path }]);
  }
  if (failures.length > 0) return { changes: [], failures, flags: [] };

  joinRenames(groups);
  const changes: FileChange[] = [];
  for (const [path, group] of groups) {
    const result = changeFile(path, group, read);
    if ('failures' in result) failures.push(...result.failures.map((failure) => ({ path, ...failure })));
    else {
      changes.push(...result.changes);
      flags.push(...result.flags.map(({ rule, message }) => ({ path, flag: rule, message })));
    }
  }
  const real = changes.filter(changesAnything);
  const made = new Set<string>();
  const twice = real.find(({ path }) => made.size === made.add(path).size);
  if (twice) failures.push({ path: twice.path, rule: 'conflict', message: 'Two edits make this file in different ways.' });
  if (failures.length === 0 && real.length === 0) {
    failures.push({ path: changes[0]?.path ?? '', rule: 'no_change', message: 'The edits change nothing.' });
  }
  return failures.length > 0 ? { changes: [], failures, flags: [] } : { changes: real, failures, flags };
}

/** A file among other edits that is no edit: a part of what is there, or text that cannot be all of it, which is said. Undefined: it is one. */
function shownOnly(
  path: string,
  edit: Extract<Edit, { kind: 'write' }>,
  read: (path: string) => string | undefined,
): TamperFlag[] | undefined {
  const before = read(path);
  if (before === undefined) return undefined;
  if (before.replaceAll('\r\n', '\n').includes(edit.content.trim())) return [];
  if ('text' in rewrite(path, before, edit)) return undefined;
  return [{ path, flag: 'shown_only', message: 'the answer shows other text for this file among its edits, and it was not written' }];
}

/** The path as written, or without git's `a/` or `b/` where only that names a file; for text that has to be found, what else it can mean. */
function findPath(edit: Edit, read: (path: string) => string | undefined, known: Known): string {
  const path = edit.path.replace(/^(?:\.\/)+/, '');
  if (!pathProblem(path) && /^[ab]\//.test(path) && read(path) === undefined && read(path.slice(2)) !== undefined) return path.slice(2);
  if (known.has(path) || read(path) !== undefined || !isSought(edit)) return path;
  return known.alike(path.replace(/^\/+/, '')) ?? path;
}

/** Is it text that has to be found in a file? */
function isSought(edit: Edit): boolean {
  return edit.kind === 'hunk' || (edit.kind === 'replace' && edit.search.trim() !== '');
}

/** Edits of a renamed file may name it by either name. */
function joinRenames(groups: Map<string, Edit[]>): void {
  for (const [path, group] of [...groups]) {
    const rename = group.find((edit) => edit.kind === 'rename');
    if (rename?.kind !== 'rename') continue;
    const later = groups.get(rename.to);
    if (!later || later.some((edit) => edit.kind === 'write')) continue;
    groups.set(path, [...group, ...later]);
    groups.delete(rename.to);
  }
}

type Changed = { readonly changes: FileChange[]; readonly flags: readonly Problem[] } | { readonly failures: Failure[] };

/** Its text, or whether it may be run. */
export function changesAnything({ before, after, runs }: FileChange): boolean {
  return before !== after || runs !== undefined;
}

/** What the text becomes, and who may run it, which is always said. */
function changeFile(path: string, group: readonly Edit[], read: (path: string) => string | undefined): Changed {
  const modes = group.flatMap((edit) => (edit.kind === 'mode' ? [edit.runs] : []));
  const others = group.filter((edit) => edit.kind !== 'mode');
  const [runs] = modes;
  if (runs === undefined) return changeText(path, others, read);
  if (modes.includes(!runs))
    return { failures: [{ rule: 'conflict', message: 'The answer says two things about whether the file may be run.' }] };
  const before = read(path);
  if (others.length === 0 && before === undefined)
    return { failures: [{ rule: 'not_found', message: 'There is no such file, or it may not be read.' }] };
  const changed =
    others.length === 0
      ? { changes: [{ path, before: before ?? null, after: before ?? null }], flags: [] }
      : changeText(path, others, read);
  if ('failures' in changed) return changed;
  const said = { rule: 'mode_changed', message: `the file may ${runs ? '' : 'no longer '}be run as a program` };
  return {
    changes: changed.changes.map((change) => (change.after === null ? change : { ...change, runs })),
    flags: [...changed.flags, said],
  };
}

function changeText(path: string, group: readonly Edit[], read: (path: string) => string | undefined): Changed {
  const before = read(path) ?? null;
  const fail = (rule: string, message: string): Changed => ({ failures: [{ rule, message }] });
  const kinds = new Set(group.map((edit) => edit.kind));
  const [first] = group;
  if (kinds.has('write') || kinds.has('delete')) {
    if (group.length > 1) return fail('conflict', 'The answer has several edits of this file that exclude each other.');
    if (first?.kind === 'write') return writeFile(path, before, first);
    if (first?.kind === 'delete') return deleteFile(path, before, first.expected);
  }
  const renames = group.filter((edit) => edit.kind === 'rename');
  const [rename] = renames;
  if (renames.length > 1) return fail('conflict', 'The file is renamed more than once.');
  if (rename && (before === null || read(rename.to) !== undefined)) {
    return before === null ? fail('not_found', 'There is no such file to rename.') : fail('exists', `${rename.to} exists already.`);
  }
  const edits = group.filter((edit) => edit.kind === 'replace' || edit.kind === 'hunk');
  const created = before === null || before.trim() === '' ? newContent(edits) : undefined;
  if (created !== undefined) {
    const made = writeNew(path, created);
    return 'problem' in made ? { failures: [made.problem] } : { changes: [{ path, before, after: made.text }], flags: made.flags };
  }
  if (before === null) return fail('not_found', 'There is no such file, or it may not be read.');
  const result = edits.length === 0 ? { text: before, flags: [] } : placeAll(path, before, edits);
  if ('failures' in result) return result;
  if (result.text === '' && before.trim() !== '' && !edits.every(emptiesAll))
    return fail('empties', 'Nothing would be left of the file. To remove it, write the line DELETE and its path.');
  if (!rename) return { changes: [{ path, before, after: result.text }], flags: result.flags };
  return {
    changes: [
      { path, before, after: null },
      { path: rename.to, before: null, after: result.text, from: path },
    ],
    flags: result.flags,
  };
}

/** `@@ -1,5 +0,0 @@`: the hunk itself says that nothing is left. */
function emptiesAll(edit: Edit): boolean {
  return edit.kind === 'hunk' && edit.newLine === 0 && edit.counts?.after === 0;
}

/** The text of a file that does not exist yet, if that is what the edits are for: nothing to find, only lines to add. */
function newContent(edits: readonly Edit[]): string | undefined {
  const [edit] = edits;
  if (edits.length !== 1 || !edit) return undefined;
  if (edit.kind === 'replace') return edit.search.trim() === '' && !edit.others ? withEnd(edit.replace) : undefined;
  if (edit.kind !== 'hunk') return undefined;
  // Whether its line ends are meant, nothing shows.
  if (edit.windows?.includes(true)) return undefined;
  const lines = settledLines(edit.lines, edit.counts);
  if (lines.length === 0 || !lines.every((line) => /^[+\\]/.test(line) || line === '')) return undefined;
  const open = lines.some((line) => line.startsWith('\\'));
  const added = lines.flatMap((line) => (line.startsWith('+') ? [line.slice(1)] : []));
  return added.map((line, at) => (open && at === added.length - 1 ? line : `${line}\n`)).join('');
}

function withEnd(text: string): string {
  return text === '' ? '' : `${text}\n`;
}

function writeFile(path: string, before: string | null, edit: Extract<Edit, { kind: 'write' }>): Changed {
  const fail = (rule: string, message: string): Changed => ({ failures: [{ rule, message }] });
  if (before === null && !edit.created) return fail('not_found', 'There is no such file. A new file needs a block with an empty SEARCH.');
  if (before !== null && before.trim() !== '' && edit.created)
    return fail('exists', 'The file exists already; change it with SEARCH/REPLACE blocks.');
  const made = before === null ? writeNew(path, edit.content) : rewrite(path, before, edit);
  return 'problem' in made ? { failures: [made.problem] } : { changes: [{ path, before, after: made.text }], flags: made.flags };
}

function deleteFile(path: string, before: string | null, expected: readonly string[] | undefined): Changed {
  if (before === null) return { failures: [{ rule: 'not_found', message: `${path} does not exist.` }] };
  const shown = expected?.join('\n').trimEnd();
  const there = splitText(before)
    .map((line) => line.text)
    .join('\n')
    .trimEnd();
  if (shown !== undefined && shown !== there)
    return { failures: [{ rule: 'not_found', message: 'The file to delete holds something else.' }] };
  return { changes: [{ path, before, after: null }], flags: [] };
}
