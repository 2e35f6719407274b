import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';

const env = { PATH: process.env.PATH ?? '' };
const linux = process.platform === 'linux';

function alive(pattern: string): boolean {
  try {
    return execFileSync('pgrep', ['-f', pattern]).length > 0;
  } catch {
    return false;
  }
}

test('gives exit code, both streams and stdin', async () => {
  const result = await runProcess({ argv: ['sh', '-c', 'cat; echo bad >&2; exit 3'], cwd: '/', env, input: 'in' });
  expect(result).toMatchObject({ end: 'exited', exitCode: 3, truncated: false });
  expect(result.stdout.toString()).toBe('in');
  expect(result.stderr.toString()).toBe('bad\n');
});

test('hands down nothing but the given environment', async () => {
  const result = await runProcess({ argv: ['env'], cwd: '/', env: { ...env, ONLY: '1' } });
  const names = result.stdout
    .toString()
    .split('\n')
    .map((line) => line.split('=')[0])
    .filter((name) => name && !['PWD', 'SHLVL', '_'].includes(name));
  expect(names.sort()).toEqual(['ONLY', 'PATH']);
});

test('a program that is not there is an outcome', async () => {
  const result = await runProcess({ argv: ['no-such-program-here'], cwd: '/', env });
  expect(result.end).toBe('failed_to_start');
  expect(result.startError).toContain('ENOENT');
});

test('keeps the head and the tail of a flood', async () => {
  const result = await runProcess({ argv: ['sh', '-c', 'echo first; yes | head -c 3000000; echo last'], cwd: '/', env, maxBytes: 1000 });
  expect(result.truncated).toBe(true);
  expect(result.stdout.length).toBeLessThanOrEqual(1000);
  expect(result.stdout.toString().startsWith('first\n')).toBe(true);
  expect(result.stdout.toString().endsWith('last\n')).toBe(true);
});

test.runIf(linux)('a timeout kills those who ignore SIGTERM and those who left the group', async () => {
  const mark = `7${process.pid}.25`;
  const result = await runProcess({
    argv: ['sh', '-c', `trap "" TERM; setsid sleep ${mark} & sleep ${mark}`],
    cwd: '/',
    env,
    timeoutMs: 200,
  });
  expect(result.end).toBe('timeout');
  expect(alive(`sleep ${mark}`)).toBe(false);
});

test.runIf(linux)('a normal end leaves no background child behind and does not wait for it', async () => {
  const mark = `8${process.pid}.25`;
  const result = await runProcess({ argv: ['sh', '-c', `setsid sleep ${mark} & echo done`], cwd: '/', env });
  expect(result.stdout.toString()).toBe('done\n');
  expect(alive(`sleep ${mark}`)).toBe(false);
});

test('an abort stops within the grace time', async () => {
  const control = new AbortController();
  const running = runProcess({ argv: ['sleep', '60'], cwd: '/', env, signal: control.signal });
  await sleep(50);
  control.abort();
  expect((await running).end).toBe('stopped');
});

test.runIf(linux)('our own death takes every descendant along', async () => {
  const mark = `9${process.pid}.25`;
  const script = `import { runProcess } from ${JSON.stringify(`${import.meta.dirname}/../../src/process/run.ts`)};
void runProcess({ argv: ['sh', '-c', 'setsid sleep ${mark} & sleep ${mark}'], cwd: '/', env: { PATH: process.env.PATH } });
setTimeout(() => process.kill(process.pid, 'SIGKILL'), 400);`;
  const { build } = await import('esbuild');
  const bundle = await build({
    stdin: { contents: script, loader: 'ts', resolveDir: '/' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const code = bundle.outputFiles[0]?.text ?? '';
  const result = await runProcess({ argv: [process.execPath, '--input-type=module', '-e', code], cwd: '/', env });
  expect(result.signal).toBe('SIGKILL');
  await expect.poll(() => alive(`sleep ${mark}`)).toBe(false);
});
