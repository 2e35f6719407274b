import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import { runProcess } from '../../src/process/run.ts';
import { type Pair, pairs } from './cases.ts';
import { type Case, mutationsOf } from './mutations.ts';

const folder = mkdtempSync(join(tmpdir(), 'glm-skill-mutations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Git's own diff, so that what is mutated is what a good answer looks like. */
async function toCase(pair: Pair, place: number): Promise<Case> {
  const root = join(folder, String(place));
  for (const [side, files] of Object.entries({ a: pair.before, b: pair.after })) {
    mkdirSync(join(root, side), { recursive: true });
    for (const [path, text] of Object.entries(files)) {
      if (text === null) continue;
      mkdirSync(dirname(join(root, side, path)), { recursive: true });
      writeFileSync(join(root, side, path), text);
    }
  }
  const env = { PATH: process.env.PATH ?? '', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const argv = ['git', 'diff', '--no-index', '--no-prefix', '--src-prefix=', '--dst-prefix=', 'a', 'b'];
  const { stdout } = await runProcess({ argv, cwd: root, env });
  return { ...pair, diff: stdout.toString() };
}

type Outcome = 'gold' | 'refused' | 'flagged' | 'wrong';

function outcome(it: Case, text: string): Outcome {
  const { edits, problems } = readEdits(text);
  const placed =
    problems.length > 0 ? { changes: [], failures: problems, flags: [] } : placeEdits(edits, (path) => it.before[path] ?? undefined);
  if (placed.failures.length > 0) return 'refused';
  const tree = { ...it.before, ...Object.fromEntries(placed.changes.map((change) => [change.path, change.after])) };
  const paths = new Set([...Object.keys(tree), ...Object.keys(it.after)]);
  if ([...paths].every((path) => (tree[path] ?? null) === (it.after[path] ?? null))) return 'gold';
  // Found exactly, and indented as the answer says.
  return placed.flags.some(({ flag }) => flag === 'indentation') ? 'flagged' : 'wrong';
}

test.each(pairs.map((pair, place) => [pair.name, pair, place] as const))(
  '%s: mutated, it gives the gold tree or is refused',
  async (_name, pair, place) => {
    const it = await toCase(pair, place);
    const surprises = mutationsOf(it).flatMap(({ kind, expect: wanted, text }) => {
      const came = outcome(it, text);
      if (came === 'wrong' || (came === 'flagged' && !kind.startsWith('space/'))) return [`${kind}: a third tree`];
      if (wanted === 'gold' && came === 'refused') return [`${kind}: refused`];
      return wanted === 'reject' && came === 'gold' ? [`${kind}: applied`] : [];
    });
    expect(surprises).toEqual([]);
  },
);
