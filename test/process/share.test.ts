import { setImmediate as breathe } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { makePool, shareOut } from '../../src/process/share.ts';

test('two kinds of work share the workers: the second goes on where the first has nothing left, in the order of asking', async () => {
  const pool = makePool(['a', 'b']);
  const begun: string[] = [];
  const work = (name: string) =>
    pool(async (worker) => {
      begun.push(name);
      await breathe();
      return `${name} by ${worker}`;
    });
  const first = Promise.all(['1', '2', '3'].map(work));
  const second = Promise.all(['4', '5'].map(work));
  expect((await first).map((one) => one.slice(0, 1))).toEqual(['1', '2', '3']);
  expect(await second).toHaveLength(2);
  expect(begun).toEqual(['1', '2', '3', '4', '5']);
});

test('after an error nothing more is begun', async () => {
  const begun: number[] = [];
  const sharing = shareOut(['a'], [1, 2, 3], async (_, task) => {
    begun.push(task);
    await breathe();
    throw new Error(`task ${task}`);
  });
  await expect(sharing).rejects.toThrow('task 1');
  await breathe();
  expect(begun).toEqual([1]);
});
