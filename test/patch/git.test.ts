import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import { openKnown } from '../../src/patch/read/known-paths.ts';
import { changes, type GitCase, gitCases, renames } from './git-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'glm-skill-git-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const seed = Number(process.env.FUZZ_SEED);

type Outcome = { readonly tree: Record<string, string> } | { readonly refused: string };

function ours({ diff, before }: GitCase): Outcome {
  const { edits, problems } = readEdits(diff, openKnown(Object.keys(before)));
  const placed = problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, (path) => before[path]);
  const [failed] = placed.failures;
  if (failed) return { refused: failed.rule };
  const tree = { ...before };
  for (const { path, after } of placed.changes) {
    if (after === null) delete tree[path];
    else tree[path] = after;
  }
  return { tree };
}

/** What our own rules refuse, though git would apply it: modes, signs that look changed on their way, lines added without anything around. */
const refusals = ['mode_change', 'mangled', 'typographic', 'elision', 'no_context', 'no_change', 'path_invalid'];
/** Text that is the same in many places is refused where git takes the nearest. */
const doubts = ['ambiguous', 'applied', 'not_found'];

test.each([
  ['as git writes them', ['-U3', '--full-index']],
  ['with one line around', ['-U1']],
  ['with nothing around', ['-U0']],
] as const)('diffs %s are placed as git applies them, or refused', async (name, options) => {
  const some = fc.sample(changes, { seed, numRuns: 80 }).map((one) => [one]);
  let same = 0;
  for (const it of await gitCases(join(folder, name), some, options)) {
    if (it.diff === '' || it.after === undefined) continue;
    const came = ours(it);
    if ('refused' in came) expect([...refusals, ...doubts]).toContain(came.refused);
    else {
      // A diff without a single CR may have lost them on its way.
      const seen = (tree: object) => (it.diff.includes('\r') ? tree : JSON.parse(JSON.stringify(tree).replaceAll('\\r', '')));
      expect({ diff: it.diff, tree: seen(came.tree) }).toEqual({ diff: it.diff, tree: seen(it.after) });
      same++;
    }
  }
  expect(same).toBeGreaterThan(20);
});

test('renamed files are those that git makes', async () => {
  const some = fc.sample(renames, { seed, numRuns: 25 });
  for (const it of await gitCases(join(folder, 'renames'), some, ['-M'])) {
    expect(it.diff).toContain('rename from');
    const came = ours(it);
    if ('refused' in came) expect(refusals).toContain(came.refused);
    else expect({ diff: it.diff, tree: came.tree }).toEqual({ diff: it.diff, tree: it.after });
  }
});
