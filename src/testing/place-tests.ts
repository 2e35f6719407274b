import { judge } from '../patch/judge/judge.ts';
import { isTestName } from '../patch/judge/rules.ts';
import type { Bench } from '../proof/steady-worktree.ts';
import type { FileChange, Refusal } from '../schema/patch.ts';
import type { Redactor } from '../schema/redactor.ts';
import { placeAnswer } from '../talk/placed.ts';
import { freePath, renameTaken } from './renaming.ts';

export type WrittenRequest = {
  readonly target: string;
  readonly bench: Bench;
  readonly redactor: Redactor;
  /** Lines that the tests are for; undefined: the whole file. */
  readonly wanted: ReadonlySet<number> | undefined;
};

/** The tests of an answer as changes of files, under names that are free, or why they are none. */
export function placeTests(editsText: string, { target, bench, redactor }: WrittenRequest): { changes: FileChange[] } | { why: string } {
  const { worktree, before } = bench;
  let placed = placeAnswer(editsText, worktree, redactor);
  // A whole new file under a name that is there already.
  const taken = placed.failures.find(({ rule, path }) => rule === 'no_context' && isTestName(path))?.path;
  if (taken !== undefined) {
    const free = freePath(taken, (path) => worktree.look(path) !== 'missing');
    placed = placeAnswer(renameFile(editsText, taken, free), worktree, redactor);
  }
  const [failed] = placed.failures;
  if (failed) return { why: `${failed.path === '' ? '' : `${failed.path}: `}${failed.message}` };
  const changes = renameTaken(placed.changes, worktree);
  const refusals: Refusal[] = [...placed.refusals];
  if (changes.length === 0) return { why: 'the answer held no tests' };
  const collected = new Set(before.tests.flatMap(({ file }) => file ?? []));
  for (const change of changes) refusals.push(...ownRules(change, target, collected));
  refusals.push(...judge(changes, { isTest: () => false, allow: ['tests'], look: worktree.look, paths: worktree.paths }));
  const [refused] = refusals;
  return refused ? { why: `refused (${refused.rule}): ${refused.message}` } : { changes };
}

/** The lines that name the file for a block, and no others. */
function renameFile(editsText: string, from: string, to: string): string {
  const name = from.replace(/\W/g, '\\$&');
  return editsText.replace(new RegExp(`^([\\s\`*#>-]*(?:[Ff]ile:?\\s*)?)${name}(?=[\\s\`*:]*$)`, 'gm'), `$1${to}`);
}

/** Only tests are written, and what is there stays there. */
function ownRules({ path, before, after }: FileChange, target: string, collected: ReadonlySet<string>): Refusal[] {
  const refuse = (rule: string, message: string) => [{ path, rule, message: `${path} ${message}.` }];
  if (path === target) return refuse('target', 'is the file under test');
  if (!isTestName(path) && !collected.has(path)) return refuse('not_a_test', 'is no test file');
  if (before === null) return [];
  const text = after ?? '';
  const rest = text.split('\n');
  const imported = new Set(
    importsOf(text)
      .join('\n')
      .match(/[\w$./@-]+/g) ?? [],
  );
  let at = 0;
  for (const line of before.replace(/\n$/, '').split('\n')) {
    const found = [line, `${line},`].map((one) => rest.indexOf(one, at)).find((one) => one >= 0);
    if (found !== undefined) at = found + 1;
    // An import that names more than it did is still there.
    else if (!(isImport.test(line) && (line.match(/[\w$./@-]+/g) ?? []).every((word) => imported.has(word))))
      return refuse('tests', `would lose a line: ${line.trim().slice(0, 80)}`);
  }
  return [];
}

const isImport = /^\s*(?:import\b|from\s+\S+\s+import\b|(?:const|let|var)\s.*\brequire\(|use\s)/;

/** Every import of a text, those over several lines in one. */
function importsOf(text: string): string[] {
  return (
    text.match(
      /^[ \t]*(?:import\b[^;]*?(?:['"][^'"\n]*['"]|$)|from\s+\S+\s+import\s*(?:\([^)]*\)|.*)|(?:const|let|var)\s[^;=]*=\s*require\(.*|use\s.*)/gm,
    ) ?? []
  );
}
