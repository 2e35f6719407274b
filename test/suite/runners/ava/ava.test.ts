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
