import { expect, test } from 'vitest';
import { lay } from '../../world.ts';
import { readEnded } from '../ended.ts';

test('AVA shows an error as an object: its name and message come first', async () => {
  const values =
    "values:\n      'Promise rejected with:': |-\n        RequestError {\n          code: 'ENOTFOUND',\n          message: 'getaddrinfo ENOTFOUND example.com',\n        }";
  const stdout = `TAP version 13\nnot ok 1 - calls\n  ---\n    name: AssertionError\n    message: Rejected promise returned by test\n    ${values}\n  ...\n1..1\n`;
  const reading = await readEnded('ava', lay({ 'test.js': '' }), { stdout });
  expect(reading?.tests[0]?.errors[0]).toMatchObject({
    name: 'RequestError',
    message: expect.stringContaining('RequestError: getaddrinfo ENOTFOUND example.com'),
  });
});

test('where one file was run, a failing hook is of the file that it halted, and the tests below it are named', async () => {
  const folder = lay({ 'package.json': '{}', 'test/a.test.js': "test.before(start);\ntest('has a port', (t) => t.pass());\n" });
  const stdout =
    'TAP version 13\nnot ok 1 - before hook\n  ---\n    name: AssertionError\n    message: Rejected promise returned by test\n  ...\n# 1 test remaining in test/a.test.js\n\n1..1\n# fail 1\n';
  const reading = await readEnded('ava', folder, { stdout });
  expect(reading?.tests).toMatchObject([{ names: ['before hook'], below: [['has a port']] }]);
  expect(reading?.tests[0]?.file).toMatch(/test\/a\.test\.js$/);
});
