import { kindOf } from '../context/scan/kinds.ts';
import { isTestName } from '../patch/judge/rules.ts';
import type { Git } from '../repo/git.ts';
import type { FileChange } from '../schema/patch.ts';

/** A part of a change, by the lines of the file as it stands now. Lines keep their ends. `was`: the file before, where the change made or removed it. */
export type Hunk = {
  readonly path: string;
  /** First line of what was added, from 1; where nothing was, the line that the removed lines stood before. */
  readonly line: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly whole?: 'made' | 'removed' | undefined;
};

export type Change = {
  /** In words: what the hunks are part of. */
  readonly name: string;
  readonly hunks: readonly Hunk[];
  /** Lines of tests that came with it, which stay. */
  readonly kept: readonly string[];
  /** Parts that later changes have gone over, so that they cannot be taken back by themselves. */
  readonly covered: number;
};

type Read = (path: string) => string | undefined;

const plain = ['--no-color', '--no-renames', '-U0', '--ignore-submodules=all', '--src-prefix=a/', '--dst-prefix=b/'];

/** What the work tree holds and the last commit does not. Tests stay as they are, and so do files that installs are made from. */
export async function uncommitted(git: Git, read: Read): Promise<Change> {
  const hunks = readHunks((await git.run(['diff', ...plain, 'HEAD', '--'])).toString());
  const untracked = (await git.run(['ls-files', '--others', '--exclude-standard', '-z'])).toString().split('\0').filter(Boolean);
  const made = untracked.flatMap((path): Hunk[] => {
    const text = mayHoldCause(path) ? read(path) : undefined;
    return text === undefined ? [] : [{ path, line: 1, added: splitLines(text), removed: [], whole: 'made' }];
  });
  return {
    name: 'what is not committed',
    hunks: [...hunks, ...made].filter(({ path }) => mayHoldCause(path)),
    kept: linesOfTests(hunks),
    covered: 0,
  };
}

/** What a commit changed, where it stands in the files as they are now. */
export async function committed(git: Git, sha: string, subject: string): Promise<Change> {
  const own = await git.run(['diff-tree', ...plain, '-p', '--root', '-m', '--first-parent', '--no-commit-id', sha, '--']);
  const all = readHunks(own.toString());
  const hunks = all.filter(({ path }) => mayHoldCause(path));
  const later = readHunks((await git.run(['diff', ...plain, sha, '--'])).toString());
  const placed = hunks.flatMap((hunk) => place(hunk, later) ?? []);
  return { name: `commit ${sha.slice(0, 10)} (${subject})`, hunks: placed, kept: linesOfTests(all), covered: hunks.length - placed.length };
}

const linesOfTests = (hunks: readonly Hunk[]) =>
  hunks.filter(({ path }) => kindOf(path) === 'test' || isTestName(path)).flatMap(({ added }) => added);

/** Read by services and editors, by no test. */
const forServices =
  /(?:^|\/)(?:\.(?:github|gitlab|circleci|buildkite|husky|changeset|vscode|idea|devcontainer)\/|\.(?:gitlab-ci|travis|appveyor|pre-commit-config|readthedocs|codecov|drone|cirrus)\.ya?ml$|(?:appveyor|azure-pipelines|codecov|mkdocs|renovate|dependabot)[\w.-]*$|Jenkinsfile$|\.(?:git(?:ignore|attributes|modules)|npmignore|dockerignore|editorconfig|mailmap)$|\.?(?:eslint|prettier|stylelint|biome|markdownlint|commitlint|lintstaged)[\w.-]*$|(?:LICEN[CS]E|COPYING|AUTHORS|CODEOWNERS|NOTICE)[\w.-]*$)/i;

function mayHoldCause(path: string): boolean {
  const kind = kindOf(path);
  if (forServices.test(path)) return false;
  return !isTestName(path) && !['test', 'docs', 'lock', 'generated', 'binary'].includes(kind) && !/(?:^|\/)package\.json$/.test(path);
}

/** Where a hunk's lines stand after later changes. Undefined: those went over it. */
function place(hunk: Hunk, later: readonly Hunk[]): Hunk | undefined {
  const end = hunk.line + hunk.added.length;
  let shift = 0;
  for (const one of later) {
    if (one.path !== hunk.path) continue;
    if (one.whole) return undefined;
    // `one.line` counts in the new file; in the old one it stands this much earlier.
    const from = one.line - shift;
    const to = from + one.removed.length;
    if (from >= end) break;
    if (to > hunk.line || (to === hunk.line && from === to && hunk.added.length === 0)) return undefined;
    shift += one.added.length - one.removed.length;
  }
  return { ...hunk, line: hunk.line + shift };
}

const head = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/** Reads a diff without context. */
export function readHunks(diff: string): Hunk[] {
  const hunks: Hunk[] = [];
  let path: string | undefined;
  let whole: Hunk['whole'];
  let open: { line: number; added: string[]; removed: string[]; left: number; side: 'added' | 'removed' } | undefined;
  const close = () => {
    if (open && path !== undefined)
      hunks.push({ path, line: open.line, added: open.added, removed: open.removed, ...(whole && { whole }) });
    open = undefined;
  };
  for (const text of diff.split('\n')) {
    if (open && open.left > 0 && /^[+-]/.test(text)) {
      open.side = text[0] === '+' ? 'added' : 'removed';
      open[open.side].push(`${text.slice(1)}\n`);
      open.left--;
      continue;
    }
    if (open && text.startsWith('\\')) {
      const lines = open[open.side];
      lines.push((lines.pop() ?? '').slice(0, -1));
      continue;
    }
    const found = head.exec(text);
    if (found) {
      close();
      const [, , before = '1', start = '0', after = '1'] = found;
      open = {
        line: Number(start) + (after === '0' ? 1 : 0),
        added: [],
        removed: [],
        left: Number(before) + Number(after),
        side: 'removed',
      };
    } else if (text.startsWith('diff --git ')) {
      close();
      path = undefined;
      whole = undefined;
    } else if (text.startsWith('new file mode ')) whole = 'made';
    else if (text.startsWith('deleted file mode ')) whole = 'removed';
    else if (text.startsWith('--- a/') && path === undefined) path = text.slice(6).replace(/\t$/, '');
    else if (text.startsWith('+++ b/')) path = text.slice(6).replace(/\t$/, '');
  }
  close();
  return hunks;
}

export const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** The files with some hunks taken back. Undefined: the lines are not there (binary, or changed since). */
export function undo(hunks: readonly Hunk[], read: Read): FileChange[] | undefined {
  const changes: FileChange[] = [];
  for (const path of [...new Set(hunks.map((hunk) => hunk.path))].sort()) {
    const own = hunks.filter((hunk) => hunk.path === path).sort((a, b) => b.line - a.line);
    const before = read(path) ?? null;
    const [first] = own;
    if (first?.whole === 'removed') {
      if (before !== null) return undefined;
      changes.push({ path, before, after: first.removed.join('') });
      continue;
    }
    if (before === null) return undefined;
    if (first?.whole === 'made') {
      changes.push({ path, before, after: null });
      continue;
    }
    const lines = splitLines(before);
    for (const { line, added, removed } of own) {
      if (lines.slice(line - 1, line - 1 + added.length).join('') !== added.join('')) return undefined;
      lines.splice(line - 1, added.length, ...removed);
    }
    changes.push({ path, before, after: lines.join('') });
  }
  return changes;
}
