import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { watchUse } from '../../src/process/watch.ts';

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

test.skipIf(process.platform !== 'linux')('too many processes at once are noticed', async () => {
  const child = spawn('sh', ['-c', 'for i in 1 2 3 4 5 6 7 8; do sleep 20 & done; wait'], { env, detached: true, stdio: 'ignore' });
  try {
    const reason = await new Promise<string>((done) => watchUse(child.pid ?? 0, '/', done, undefined, 5));
    expect(reason).toBe('they were 9 processes at once');
  } finally {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  }
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
