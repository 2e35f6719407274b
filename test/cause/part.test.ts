import { expect, test } from 'vitest';
import type { Change, Hunk } from '../../src/cause/change.ts';
import { findPart } from '../../src/cause/part.ts';
import type { Trials } from '../../src/cause/trials.ts';

const hunk = (path: string, added: string): Hunk => ({ path, line: 1, added: [`${added}\n`], removed: ['old\n'] });
const hunks = ['a.js', 'b.js', 'c.js', 'd.js'].map((path) => hunk(path, `new ${path}`));
const change: Change = { name: 'the work', hunks, kept: [], covered: 0 };

/** Each undone file turns so many tests green. */
function trialsOf(mends: Readonly<Record<string, number>>): Trials {
  let count = 0;
  const attempt: Trials['attempt'] = async (changes) => {
    count++;
    const passed = changes.reduce((sum, { path }) => sum + (mends[path] ?? 0), 0);
    const run = {
      rerun: true,
      runner: 'none',
      why: '',
      outcome: 'red',
      collected: 4,
      passed,
      failed: 4 - passed,
      skipped: 0,
      durationMs: 1,
    } as const;
    return {
      green: passed === 4,
      passed,
      run: { ...run, command: [], cwd: '', exitCode: 1, failures: [], tests: [], output: '' },
      diff: '',
      tree: '',
    };
  };
  const read = (path: string) => hunks.find((one) => one.path === path)?.added.join('');
  return { read, attempt, run: async () => (await attempt([])).run, runs: () => count, close: async () => {} };
}

test('a part that mends all ends the search, one that mends most is the place, and what mends nothing is none', async () => {
  const all = await findPart(change, hunks, trialsOf({ 'a.js': 1, 'b.js': 4 }), 4);
  expect(all).toMatchObject({ hunks: [{ path: 'b.js' }], passed: 4 });
  const some = await findPart(change, hunks, trialsOf({ 'a.js': 1, 'd.js': 3 }), 4);
  expect(some).toMatchObject({ hunks: [{ path: 'd.js' }], passed: 3 });
  expect(await findPart(change, hunks, trialsOf({}), 4)).toBeUndefined();
});

test('hunks that cannot stand without another go with it, and no set is tried twice', async () => {
  const bound = [hunk('a.js', 'const rate = 2;'), hunk('b.js', 'use(rate)'), hunk('c.js', 'other'), hunk('d.js', 'more')];
  const trials = { ...trialsOf({ 'b.js': 1 }), read: (path: string) => bound.find((one) => one.path === path)?.added.join('') };
  const found = await findPart({ ...change, hunks: bound }, [...bound, ...bound], trials, 4);
  expect(found?.hunks.map(({ path }) => path)).toEqual(['a.js', 'b.js']);
  expect(trials.runs()).toBe(4);
});
