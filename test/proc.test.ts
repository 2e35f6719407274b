import { expect, test } from 'vitest';
import { runProcess } from '../src/process.ts';

const env = { PATH: process.env.PATH ?? '' };

test.skipIf(process.platform !== 'linux')('processes that hold too much memory together are ended, and the reason is said', async () => {
  const eat = 'const held = Buffer.alloc(160 << 20, 1); setTimeout(() => held.length, 20000)';
  const result = await runProcess({
    argv: [process.execPath, '-e', `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(eat)}]); ${eat}`],
    cwd: '/',
    env,
    memoryBytes: 250 << 20,
    timeoutMs: 15_000,
  });
  expect(result.end).toBe('exited');
  expect(result.exitCode).toBe(null);
  expect(result.stderr.toString()).toMatch(/the processes were ended, they held 0\.\d GiB of memory, more than 0\.2/);
});

test('a process within its limits runs to its end', async () => {
  const result = await runProcess({
    argv: [process.execPath, '-e', 'setTimeout(() => console.log("done"), 1500)'],
    cwd: '/',
    env,
    memoryBytes: 2 ** 30,
    timeoutMs: 15_000,
  });
  expect(result.stdout.toString()).toBe('done\n');
  expect(result.stderr.toString()).toBe('');
});
