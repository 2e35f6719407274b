import { GlmError } from '../errors.ts';
import { deniedPath } from '../safety/paths.ts';
import type { LeftOut, ReadText } from '../schema/context.ts';
import { findCommit, missingObjects, noCommit } from './clones/commits.ts';
import { fetchAll, promisorOf } from './clones/partial.ts';
import type { Git } from './git.ts';
import { type Lines, linesOf, readSections, type Section } from './hunks.ts';

/** One file of a diff: its hunks with line numbers, and which lines those are. */
export type ChangedFile = Lines & { readonly path: string; readonly text: string; readonly from?: string | undefined };

export type Changes = { readonly files: readonly ChangedFile[]; readonly leftOut: readonly LeftOut[] };

/** Of what git was asked for; `unfetched`: changed files whose text a partial clone does not hold. */
export type ReadChanges = Changes & { readonly unfetched: ReadonlySet<string> };

type Wanted = {
  readonly since?: string | undefined;
  /** Instead of the work tree. */
  readonly head?: string | undefined;
  /** Why a path need not be read line by line. */
  readonly skip?: ((path: string) => string | undefined) | undefined;
};

/** So many names fit any command line. */
const namesPerCall = 400;

/**
 * What the work tree, or `head`, holds and the base does not. The base is where it left `since`; without it the last commit, or where
 * `head` left that. Untracked files count as added. What is not shown is named with the reason.
 */
export async function readChanges(git: Git, { since, head, skip = () => undefined }: Wanted, read: ReadText): Promise<ReadChanges> {
  const ends =
    head === undefined
      ? [since === undefined ? 'HEAD' : await baseOf(git, since, 'HEAD')]
      : [await baseOf(git, since ?? 'HEAD', head), head];
  const { names: listed, absent, remote } = await listNames(git, ends);
  const why = (path: string) =>
    deniedPath(path) !== undefined
      ? 'must not be read'
      : absent.has(path)
        ? `not fetched by this partial clone: ${fetchAll(remote ?? 'origin')}`
        : skip(path);
  const leftOut = listed.flatMap(([path = '']) => (why(path) === undefined ? [] : [{ path, reason: why(path) ?? '' }]));
  const wanted = listed.filter(([path = '']) => why(path) === undefined);
  const sections: Section[] = [];
  for (let at = 0; at < wanted.length; at += namesPerCall) {
    const names = wanted.length === listed.length && listed.length <= namesPerCall ? [] : wanted.slice(at, at + namesPerCall).flat();
    const diff = await git.run(['diff', ...plain, '-U3', ...ends, '--', ...names]);
    sections.push(...readSections(diff.toString()));
  }
  if (head === undefined)
    for (const path of (await git.run(['ls-files', '--others', '--exclude-standard', '-z'])).toString().split('\0').filter(Boolean)) {
      const reason = why(path);
      if (reason === undefined) sections.push(asAdded(path, read(path)));
      else leftOut.push({ path, reason });
    }
  const changes = showSections(sections, () => undefined);
  return { files: changes.files, leftOut: [...leftOut, ...changes.leftOut], unfetched: absent };
}

/** The files of a unified diff that was made elsewhere. Throws `bad_input` where there is none in the text. */
export function readDiff(diff: string, skip: (path: string) => string | undefined): Changes {
  const sections = readSections(diff.replaceAll('\r\n', '\n'));
  if (sections.every(({ rows, binary, from }) => rows.length === 0 && !binary && from === undefined) && diff.trim() !== '')
    throw new GlmError('bad_input', 'What was given as a diff is no unified diff.', { hint: 'Make one with git diff or diff -u.' });
  return showSections(sections, (path) => (deniedPath(path) === undefined ? skip(path) : 'must not be read'));
}

const plain = ['--no-color', '--no-ext-diff', '--find-renames', '--src-prefix=a/', '--dst-prefix=b/', '--ignore-submodules=all'];

type Listed = { readonly names: readonly string[][]; readonly absent: ReadonlySet<string>; readonly remote: string | undefined };

/**
 * Each changed file by its name now and, where it was renamed, the one before. To find renames git reads files, of which a partial clone may
 * hold no text: there the pairs stay apart, and `absent` holds what cannot be shown.
 */
async function listNames(git: Git, ends: readonly string[]): Promise<Listed> {
  const remote = promisorOf(git.settings);
  const pairs = remote === undefined ? [] : ['--no-renames', '--no-abbrev'];
  const raw = (await git.run(['diff', ...plain, ...pairs, '--raw', '-z', ...ends, '--'])).toString().split('\0');
  const missing = remote === undefined ? new Set<string>() : await missingObjects(git, ends);
  const names: string[][] = [];
  const absent = new Set<string>();
  for (let at = 0; at < raw.length - 1; ) {
    const [, , before = '', after = '', kind = ''] = (raw[at] ?? '').split(' ');
    const moved = /^[RC]/.test(kind);
    const path = raw[at + (moved ? 2 : 1)] ?? '';
    names.push(moved ? [path, raw[at + 1] ?? ''] : [path]);
    if (missing.has(before) || missing.has(after)) absent.add(path);
    at += moved ? 3 : 2;
  }
  return { names, absent, remote };
}

function showSections(sections: readonly Section[], why: (path: string) => string | undefined): Changes {
  const files: ChangedFile[] = [];
  const leftOut: LeftOut[] = [];
  for (const { path, from, deleted, binary, rows } of sections) {
    const reason =
      why(path) ??
      (binary
        ? 'binary'
        : rows.length > 0
          ? undefined
          : from
            ? `renamed from ${from}, nothing else`
            : 'only its mode or nothing at all changed');
    if (reason !== undefined) leftOut.push({ path, reason });
    else {
      const head = deleted ? ['this file is deleted'] : from ? [`renamed from ${from}`] : [];
      files.push({ path, text: [...head, ...rows].join('\n'), ...linesOf(rows), ...(from !== undefined && { from }) });
    }
  }
  return { files, leftOut };
}

async function baseOf(git: Git, since: string, head: string): Promise<string> {
  for (const ref of [since, head]) if ((await findCommit(git, ref)) === undefined) throw noCommit(git, ref);
  const found = (await git.run(['merge-base', since, head], { codes: [0, 1, 128] })).toString().trim();
  if (found !== '') return found;
  throw new GlmError('bad_input', `${since} and ${head} share no history here.`, {
    hint: 'In a shallow clone, fetch the rest with git fetch --unshallow.',
  });
}

function asAdded(path: string, text: string | undefined): Section {
  const lines = text === undefined || text === '' ? [] : text.replace(/\n$/, '').split('\n');
  const head = lines.length > 0 ? [`@@ -0,0 +1,${lines.length} @@`] : [];
  const rows = lines.map((line, at) => `+${String(at + 1).padStart(5)}| ${line}`);
  return { path, deleted: false, binary: text === undefined, rows: [...head, ...rows] };
}
