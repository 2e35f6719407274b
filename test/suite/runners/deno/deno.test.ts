import { expect, test } from 'vitest';
import { recorded } from '../../recordings.ts';
import { lay } from '../../world.ts';
import { readEnded } from '../ended.ts';

test('a parent of failing steps in deno is left out', async () => {
  const reading = await readEnded('deno test', lay({ 'sum_test.ts': '' }), { report: recorded('deno-2.9.xml') });
  expect(reading?.tests.filter(({ status }) => status === 'failed').map(({ names }) => names.join(' > '))).toEqual([
    'adds',
    'group > inner "æ"',
  ]);
});
