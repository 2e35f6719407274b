import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Suite } from '../../src/schema/run.ts';
import { readReport } from '../../src/suite/reports/reports.ts';
import type { Ended } from '../../src/suite/runner.ts';
import { findRunner } from '../../src/suite/runners/runners.ts';
import { lay } from './world.ts';

const recorded = (name: string) => readFileSync(join(import.meta.dirname, '..', 'fixtures', 'suite', name), 'utf8');

function ended(runner: string, root: string, more: Partial<Ended>): Ended {
  const suite: Suite = { runner, argv: [], cwd: '', env: {}, why: '' };
  const nothing = { env: {}, only: undefined, files: undefined, report: undefined, stdout: '', stderr: '', exitCode: 1 };
  return { suite, root, folder: root, scratch: root, started: { argv: [] }, ...nothing, ...more };
}

const read = (runner: string, root: string, more: Partial<Ended>) => findRunner(runner)?.read(ended(runner, root, more));

test('bun prints what its XML passes over: a file that cannot be loaded, an error between tests', async () => {
  const root = lay({ 'test/sum.test.js': '', 'test/broken.test.js': '' });
  const between = (file: string, error: string) =>
    `\n${file}:\n\n# Unhandled error between tests\n-------------------------------\n${error}\n-------------------------------\n`;
  const stderr =
    between('test/broken.test.js', "error: Cannot find module './gone.js' from 'broken.test.js'") +
    between('test/sum.test.js', 'error: late');
  const reading = await read('bun test', root, { report: recorded('bun-1.4.xml'), stderr });
  expect(reading?.tests.slice(-2)).toMatchObject([
    {
      file: 'test/broken.test.js',
      names: ['<file>'],
      kind: 'load',
      errors: [{ message: "Cannot find module './gone.js' from 'broken.test.js'" }],
    },
    { file: 'test/sum.test.js', names: ['<outside any test>'] },
  ]);
});

test('a parent of failing steps in deno is left out', async () => {
  const reading = await read('deno test', lay({ 'sum_test.ts': '' }), { report: recorded('deno-2.9.xml') });
  expect(reading?.tests.filter(({ status }) => status === 'failed').map(({ names }) => names.join(' > '))).toEqual([
    'adds',
    'group > inner "æ"',
  ]);
});

test('a spec that RSpec cannot load is named with its place', async () => {
  const text =
    "\nAn error occurred while loading ./spec/cart_spec.rb. - Did you mean?\n\nFailure/Error: require_relative './gone'\n\nLoadError:\n  cannot load such file\n# ./spec/cart_spec.rb:3:in `require_relative'\n";
  const report = JSON.stringify({ messages: [text], examples: [], summary: { errors_outside_of_examples_count: 1 } });
  const run = await readReport('auto', [report], { root: '/', relate: (path) => path.replace('./', ''), name: 'r' });
  expect(run).toMatchObject({
    outcome: 'red',
    failures: [{ id: 'spec/cart_spec.rb::<file>', kind: 'load', frames: [{ file: 'spec/cart_spec.rb', line: 3 }] }],
  });
  expect(run?.failures[0]?.message).toMatch(/^Failure\/Error: require_relative[\s\S]*cannot load such file$/);
});

test('reports of Maven that are older than the run are not read', async () => {
  const root = lay({ 'src/test/java/shop/CartTest.java': '', 'target/surefire-reports/TEST-old.xml': recorded('surefire-3.2.xml') });
  await new Promise((done) => setTimeout(done, 20));
  const scratch = mkdtempSync(join(tmpdir(), 'readings-'));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  expect(await read('maven', root, { scratch })).toMatchObject({ tests: [], complete: false });
  mkdirSync(join(root, 'app/target/surefire-reports'), { recursive: true });
  writeFileSync(join(root, 'app/target/surefire-reports/TEST-new.xml'), recorded('surefire-3.2.xml'));
  expect((await read('maven', root, { scratch }))?.tests).toHaveLength(5);
});

test('AVA shows an error as an object: its name and message come first', async () => {
  const values =
    "values:\n      'Promise rejected with:': |-\n        RequestError {\n          code: 'ENOTFOUND',\n          message: 'getaddrinfo ENOTFOUND example.com',\n        }";
  const stdout = `TAP version 13\nnot ok 1 - calls\n  ---\n    name: AssertionError\n    message: Rejected promise returned by test\n    ${values}\n  ...\n1..1\n`;
  const reading = await read('ava', lay({ 'test.js': '' }), { stdout });
  expect(reading?.tests[0]?.errors[0]).toMatchObject({
    name: 'RequestError',
    message: expect.stringContaining('RequestError: getaddrinfo ENOTFOUND example.com'),
  });
});
