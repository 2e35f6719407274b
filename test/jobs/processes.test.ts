import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folders } from '../../src/config.ts';
import { GlmError } from '../../src/errors.ts';
import { type Jobs, makeJobs } from '../../src/jobs/run.ts';
import { openScrub } from '../../src/jobs/scrub.ts';
import { openJobs } from '../../src/jobs/store.ts';
import type { Work } from '../../src/jobs/work.ts';
import type { Ask } from '../../src/schema/model.ts';
import type { Report } from '../../src/schema/report.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'glm-processes-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const green: Report = { version: 1, verb: 'fix', status: 'green', root: '/r', summary: 'All green.', warnings: [], next: [] };

/** What a process of its own has: nothing in common with others but the folder. */
function open(ask?: Ask): Jobs {
  const places = folders({ GLM_SKILL_HOME: folder });
  const scrub = (root: string) => openScrub(root, [], { env: {}, folders: places });
  return makeJobs(openJobs(places.state), { env: {}, folders: places, ask: async () => ask, now: Date.now, scrub });
}

const work = (run: Work['run']): Work => ({ verb: 'fix', root: '/r', input: {}, tree: 'tree', shared: true, run });

/** Work that ends when it is told how. */
function held() {
  let end: { resolve: (report: Report) => void; reject: (error: Error) => void } = { resolve: () => {}, reject: () => {} };
  const ended = new Promise<Report>((resolve, reject) => {
    end = { resolve, reject };
  });
  // Nobody may wait for it yet when it fails.
  ended.catch(() => {});
  return { end: () => end, run: () => ended };
}

test('equal calls of several processes are one job, whose progress all hear', async () => {
  const { end, run } = held();
  let runs = 0;
  const counted = work((deps) => {
    runs++;
    deps.tell({ type: 'stage', stage: 'ask', message: 'asking' });
    return run();
  });
  const all = await Promise.all([open(), open(), open()].map((jobs) => jobs.start(counted)));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  end().resolve(green);
  expect((await Promise.all(all.map(({ done }) => done))).map(({ status }) => status)).toEqual(['green', 'green', 'green']);
  expect(runs).toBe(1);
});

test('what the other process fails with is told here too', async () => {
  const { end, run } = held();
  const first = await open().start(work(run));
  const second = await open().start(work(run));
  end().reject(new GlmError('credits', 'No money is left.', { hint: 'Pay.' }));
  for (const one of [first, second]) await expect(one.done).rejects.toMatchObject({ code: 'credits', message: 'No money is left.' });
});

test('work that the other process leaves undone is gone on with here', async () => {
  const one = open();
  const first = await one.start(
    work((deps) => new Promise((_, reject) => deps.signal?.addEventListener('abort', () => reject(new Error('stopped'))))),
  );
  const second = await open().start(work(async () => green));
  await one.close();
  await expect(first.done).rejects.toThrow();
  expect((await second.done).status).toBe('green');
});

const paid = {
  outcome: 'complete',
  text: 'the words that were paid for',
  model: 'm',
  finishReason: 'stop',
  durationMs: 1,
  warnings: [],
} as const;
const ask: Ask = async () => ({ ...paid, usage: { inputTokens: 1, outputTokens: 1, cachedTokens: 0 }, cost: 1 });
const request = { variant: 'glm-4.7', messages: [], maxTokens: 256 };

test('a state folder that takes nothing costs no result, and the result says so', async () => {
  mkdirSync(join(folder, 'state'));
  writeFileSync(join(folder, 'state', 'jobs'), 'a file where a folder should be');
  const running = await open(ask).start(
    work(async (deps) => {
      const reply = await deps.ask?.(request, { tell: deps.tell });
      return { ...green, summary: reply?.text ?? '', warnings: [...(reply?.warnings ?? [])] };
    }),
  );
  const { summary, warnings } = await running.done;
  expect(summary).toBe(paid.text);
  expect(warnings.join('\n')).toMatch(/kept nowhere else.*ENOTDIR|kept nowhere else.*EEXIST/);
  expect(warnings.join('\n')).toContain('would pay again');
});

test('a reply that was paid for and kept nowhere is told with the problem that ends the job', async () => {
  mkdirSync(join(folder, 'state'));
  writeFileSync(join(folder, 'state', 'jobs'), 'a file where a folder should be');
  const running = await open(ask).start(
    work(async (deps) => {
      await deps.ask?.(request, { tell: deps.tell });
      throw Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' });
    }),
  );
  await expect(running.done).rejects.toMatchObject({ code: 'exhausted', hint: expect.stringContaining(paid.text) });
});
