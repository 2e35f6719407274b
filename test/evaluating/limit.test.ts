import { expect, test } from 'vitest';
import { checkStopped } from '../../src/errors.ts';
import { startLimit } from '../../src/evaluating/limit.ts';
import { runProcess } from '../../src/process/run.ts';

const endless = (signal: AbortSignal) => ({ argv: ['sleep', '600'], cwd: '/', env: { PATH: '/usr/bin:/bin' }, signal });

async function run(signal: AbortSignal): Promise<string> {
  const { end } = await runProcess(endless(signal));

  checkStopped(signal);
  return end;
}

test('what is under way when the time is up ends, and that is no stop', async () => {
  const limit = startLimit(50, undefined);
  expect(await limit.within(run(limit.signal))).toBeUndefined();
  const enough = startLimit(600_000, undefined);
  expect(await enough.within(Promise.resolve(1))).toBe(1);
  enough.clear();
});

test('a stop of the caller ends it as a stop', async () => {
  const control = new AbortController();
  const limit = startLimit(600_000, control.signal);
  const waiting = limit.within(run(limit.signal));
  control.abort();
  await expect(waiting).rejects.toThrow('stopped');
  limit.clear();
});
