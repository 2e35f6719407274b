import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGiven } from '../../src/suite/reports/given.ts';

const root = mkdtempSync(join(tmpdir(), 'glm-given-'));

beforeAll(() => {
  writeFileSync(join(root, '.env'), 'not ok 1 - SECRET=1\n');
  writeFileSync(join(root, 'ci.log'), 'TAP version 13\nnot ok 1 - adds\n1..1\n');
  symlinkSync('.env', join(root, 'link.log'));
  execFileSync('mkfifo', [join(root, 'pipe.log')]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.skipIf(process.platform === 'win32').each(['pipe.log', '/dev/zero', '/proc/self/environ', '.env', 'link.log'])(
  '%s is neither waited for nor read',
  async (path) => {
    await expect(readGiven(root, path, 'log')).rejects.toMatchObject({
      code: 'no_report',
      message: expect.stringMatching(/regular file|not read/),
    });
  },
);

test('a log is', async () => {
  expect((await readGiven(root, 'ci.log', 'log')).failures).toHaveLength(1);
});
