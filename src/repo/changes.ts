import { GlmError } from '../errors.ts';
import { deniedPath } from '../safety/paths.ts';
import type { ReadText } from '../schema/context.ts';
import type { Git } from './git.ts';

/** One file of a diff. `changed`: lines of the new file that were added, or between which something was removed. */
export type ChangedFile = { readonly path: string; readonly text: string; readonly changed: ReadonlySet<number> };

export type Changes = { readonly base: string; readonly files: readonly ChangedFile[]; readonly leftOut: readonly string[] };

/**
 * What the work tree holds and the base does not: committed since it branched off, staged, unstaged and untracked. Without `since`, the
 * base is the last commit. Files that must not be read are named, not shown.
 */
export async function readChanges(git: Git, since: string | undefined, read: ReadText): Promise<Changes> {
  const base = since === undefined ? 'HEAD' : await baseOf(git, since);
  const diff = await git.run([
    'diff',
    '--no-color',
    '--no-renames',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    '--ignore-submodules=all',
    '-U3',
    base,
    '--',
  ]);
  const others = await git.run(['ls-files', '--others', '--exclude-standard', '-z']);
  const tracked = diff
    .toString()
    .split(/^(?=diff --git )/m)
    .filter((section) => section.startsWith('diff --git '))
    .map((section) => ({ path: pathOf(section), text: section }));
  const added = others
    .toString()
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => ({ path, text: asAdded(path, deniedPath(path) === undefined ? read(path) : undefined) }));
  const all = [...tracked, ...added];
  const shown = all.filter(({ path, text }) => deniedPath(path) === undefined && text.includes('\n@@ '));
  return {
    base,
    files: shown.map(({ path, text }) => numberLines(path, text)),
    leftOut: all.filter((one) => !shown.includes(one)).map(({ path }) => path),
  };
}

async function baseOf(git: Git, since: string): Promise<string> {
  const found = (await git.run(['merge-base', 'HEAD', since], { codes: [0, 1, 128] })).toString().trim();
  if (found === '')
    throw new GlmError('bad_input', `${since} is not a commit that HEAD shares history with.`, {
      hint: 'Name a branch, tag or commit; fetch it first.',
    });
  return found;
}

function pathOf(section: string): string {
  const name = /^\+\+\+ "?b\/(.*?)"?\t?$/m.exec(section)?.[1] ?? /^--- "?a\/(.*?)"?\t?$/m.exec(section)?.[1];
  return name ?? /^diff --git "?a\/(.*?)"? "?b\//.exec(section)?.[1] ?? '';
}

function asAdded(path: string, text: string | undefined): string {
  if (text === undefined || text === '') return '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `diff --git a/${path} b/${path}\nnew file\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1,${lines.length} @@\n${lines.map((line) => `+${line}`).join('\n')}\n`;
}

/** The hunks with the new line number before each line, so that a finding can name it. */
function numberLines(path: string, section: string): ChangedFile {
  const changed = new Set<number>();
  const out: string[] = [];
  let line = 0;
  let inside = false;
  for (const row of section.replace(/\n$/, '').split('\n')) {
    const start = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(row);
    if (start) {
      inside = true;
      line = Number(start[1]) + (start[2] === '0' ? 1 : 0);
      out.push(row);
    } else if (!inside) continue;
    else if (row.startsWith('-')) {
      for (const near of [line - 1, line]) if (near > 0) changed.add(near);
      out.push(`-     | ${row.slice(1)}`);
    } else if (row.startsWith('+') || row.startsWith(' ')) {
      if (row.startsWith('+')) changed.add(line);
      out.push(`${row[0]}${String(line).padStart(5)}| ${row.slice(1)}`);
      line++;
    }
  }
  return { path, text: out.join('\n'), changed };
}
