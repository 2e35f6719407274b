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

test('deno prints what its XML passes over: a hook that threw, a file that could not be loaded', async () => {
  const root = lay({ 'hook_test.ts': '', 'broken_test.ts': '' });
  const report = `<testsuites name="deno test"><testsuite name="./hook_test.ts" tests="1"><testcase name="one" classname="./hook_test.ts"><skipped/></testcase></testsuite></testsuites>`;
  const uncaught = (file: string, error: string) =>
    `./${file} (uncaught error)\nerror: ${error}\nDeno.test.beforeAll(() => {\n      ^\n    at file://${root}/${file}:1:35\nThis error was not caught from a test and caused the test runner to fail on the referenced module.\n\n`;
  const stdout = uncaught('hook_test.ts', 'Error: no database') + uncaught('broken_test.ts', '(in promise) TypeError: no cart');
  const reading = await readEnded('deno test', root, { report, stdout });
  expect(reading?.tests.slice(-2)).toMatchObject([
    { file: 'hook_test.ts', names: ['<hook>'], below: [['one']], errors: [{ message: 'Error: no database' }] },
    { file: 'broken_test.ts', names: ['<file>'], kind: 'load', errors: [{ message: '(in promise) TypeError: no cart' }] },
  ]);
});
