import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folders } from '../../src/config.ts';
import { GlmError, Stopped } from '../../src/errors.ts';
import { type Jobs, makeJobs } from '../../src/jobs/run.ts';
import { openScrub } from '../../src/jobs/scrub.ts';
import { loadReport, newJobId, openJobs } from '../../src/jobs/store.ts';
import type { Work } from '../../src/jobs/work.ts';
import type { Deps } from '../../src/schema/deps.ts';
import type { Ask, Reply } from '../../src/schema/model.ts';
import type { Report } from '../../src/schema/report.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glm-jobs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const green: Report = { version: 1, verb: 'find', status: 'green', root: '/r', summary: 'All green.', warnings: [], next: [] };

function open(ask?: Ask): Jobs {
  const places = folders({ GLM_SKILL_HOME: folder });
  const scrub = (root: string) => openScrub(root, ['rk-7Qz2Tw9Lm4Xv8Kp'], { env: {}, folders: places });
  return makeJobs(openJobs(places.state), { env: {}, folders: places, ask: async () => ask, now: Date.now, scrub });
}

function work(run: (deps: Deps) => Promise<Report>, change: Partial<Work> = {}): Work {
  return { verb: 'find', root: '/r', input: { test: ['a'] }, tree: 'tree-1', shared: true, run, ...change };
}

function reply(text: string): Reply {
  return {
    outcome: 'complete',
    text,
    model: 'glm-4.7',
    finishReason: 'stop',
    usage: { inputTokens: 10, outputTokens: 5, cachedTokens: 0 },
    cost: 0.001,
    durationMs: 1,
    warnings: [],
  };
}

/** A corridor that waits until it is stopped, as a test run does. */
function hang(deps: Deps): Promise<Report> {
  return new Promise((_, reject) => deps.signal?.addEventListener('abort', () => reject(new Stopped())));
}

test('keeps report, journal and files of a finished job', async () => {
  const jobs = open();
  const running = await jobs.start(
    work(async (deps) => {
      deps.tell({ type: 'stage', stage: 'observe', message: 'running npm test' });
      await deps.keep('context.md', 'text');
      return green;
    }),
  );
  expect(await running.done).toMatchObject({ status: 'green', job: running.id });
  expect(await jobs.store.load(running.id)).toMatchObject({ state: 'done', status: 'green', stage: 'observe' });
  expect(await loadReport(jobs.store, running.id)).toMatchObject({ status: 'green' });
  expect(await jobs.store.read(running.id, 'context.md')).toBe('text');
  expect(await jobs.store.read(running.id, 'journal.jsonl')).toContain('running npm test');
  expect(await jobs.store.read(running.id, 'report.md')).toContain('# find: green');
});

test('an equal call while it runs attaches; another tree or other arguments do not', async () => {
  const jobs = open();
  const first = await jobs.start(work(hang));
  expect((await jobs.start(work(hang))).id).toBe(first.id);
  expect((await jobs.start(work(hang, { tree: 'tree-2' }))).id).not.toBe(first.id);
  expect((await jobs.start(work(hang, { input: {} }))).id).not.toBe(first.id);
  await jobs.close();
  await expect(first.done).rejects.toBeInstanceOf(Stopped);
  expect(await jobs.store.load(first.id)).toMatchObject({ state: 'interrupted' });
});

test('fifty equal calls at once are one job', async () => {
  const jobs = open();
  const all = await Promise.all(Array.from({ length: 50 }, () => jobs.start(work(hang))));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  await jobs.close();
});

test('a result that nobody fetched is handed to the next equal call, once', async () => {
  const first = open();
  const done = await first.start(work(async () => green));
  await done.done;
  let ran = 0;
  const again = async () => {
    ran++;
    return green;
  };
  const second = open();
  const found = await second.start(work(again));
  expect(found.id).toBe(done.id);
  expect(ran).toBe(0);
  await second.fetched(found.id);
  const third = await second.start(work(again));
  expect(third.id).not.toBe(done.id);
  await third.done;
});

test('an interrupted job resumes under its id and does not pay for a reply twice', async () => {
  let asked = 0;
  const ask: Ask = async () => reply(`reply ${++asked}`);
  const fix = (hangAfter: boolean) => async (deps: Deps) => {
    const answer = await deps.ask?.({ variant: 'glm-4.7', messages: [], maxTokens: 10 }, { tell: deps.tell });
    if (hangAfter) return hang(deps);
    return { ...green, summary: answer?.text ?? '', warnings: [...(answer?.warnings ?? [])] };
  };
  const first = open(ask);
  const running = await first.start(work(fix(true)));
  while (!(await first.store.read(running.id, 'reply-1.json'))) await sleep(5);
  running.stop('interrupted');
  await running.done.catch(() => {});

  const second = open(ask);
  const resumed = await second.start(work(fix(false)));
  expect(resumed.id).toBe(running.id);
  const report = await resumed.done;
  expect(report.summary).toBe('reply 1');
  expect(report.warnings.join()).toContain('from disk');
  expect(asked).toBe(1);
});

test('a job that failed after it had paid says so, and goes on from there', async () => {
  let asked = 0;
  const ask: Ask = async () => {
    if (++asked === 2) throw new GlmError('gateway_failed', 'The account is empty.', { hint: 'Top it up.' });
    return reply(`reply ${asked}`);
  };
  const twice = async (deps: Deps) => {
    const say = async () => (await deps.ask?.({ variant: 'glm-4.7', messages: [], maxTokens: 10 }, { tell: deps.tell }))?.text ?? '';
    return { ...green, summary: `${await say()}, ${await say()}` };
  };
  const first = open(ask);
  const failed = await first.start(work(twice));
  await expect(failed.done).rejects.toMatchObject({ hint: expect.stringMatching(/^Top it up\.\n.*is kept: the same call/) });
  const again = await open(ask).start(work(twice));
  expect(again.id).toBe(failed.id);
  expect((await again.done).summary).toBe('reply 1, reply 3');
  expect(asked).toBe(3);
});

test('what was sent where it may be lost on the way is handed out once more, and what nobody lives to go on with is taken over', async () => {
  const jobs = open();
  const sent = await jobs.start(work(async () => green));
  await sent.done;
  await jobs.fetched(sent.id, true);
  const again = await jobs.start(work(async () => green));
  expect([again.id, (await again.done).warnings.join()]).toEqual([sent.id, expect.stringContaining('made this result before')]);
  await jobs.fetched(sent.id, true);
  const anew = await jobs.start(work(async () => green));
  await anew.done;
  expect(anew.id).not.toBe(sent.id);
  const job = await jobs.store.load(sent.id);
  if (!job) throw new Error('no job');
  const claim = join(folder, 'state', 'jobs', job.id, `claim-${Date.parse(job.updated)}`);
  await writeFile(claim, '999999999 long-ago');
  expect(await jobs.store.claim(job)).toBe(true);
  expect(await open().store.claim(job)).toBe(false);
});

test('of three processes that would resume a job at once, one does, and the others follow it', async () => {
  const first = open();
  const running = await first.start(work(hang));
  await first.close();
  const others = [open(), open(), open()];
  const begun = await Promise.all(others.map((jobs) => jobs.start(work(hang))));
  expect(new Set(begun.map(({ id }) => id))).toEqual(new Set([running.id]));
  expect(begun.filter((one) => 'stage' in one)).toHaveLength(1);
  for (const jobs of others) await jobs.close();
});

test('a cancelled job and a failed one do not resume', async () => {
  const jobs = open();
  const cancelled = await jobs.start(work(hang));
  cancelled.stop('cancelled');
  await cancelled.done.catch(() => {});
  expect(await jobs.store.load(cancelled.id)).toMatchObject({ state: 'cancelled' });
  const failed = await jobs.start(
    work(async () => {
      throw new GlmError('no_runner', 'No runner was found.', { hint: 'Give --command.' });
    }),
  );
  expect(failed.id).not.toBe(cancelled.id);
  await expect(failed.done).rejects.toMatchObject({ code: 'no_runner' });
  expect(await jobs.store.load(failed.id)).toMatchObject({ state: 'failed', error: { code: 'no_runner', hint: 'Give --command.' } });
  const next = await jobs.start(work(async () => green));
  expect(next.id).not.toBe(failed.id);
  await next.done;
});

test('a job of this process that could not write its end is begun anew, not waited for', async () => {
  const jobs = open();
  const first = await jobs.start(work(async () => green));
  await first.done;
  const record = await jobs.store.load(first.id);
  if (!record) throw new Error('no record');
  await jobs.store.save({ ...record, state: 'running' });
  const again = await jobs.start(work(async () => ({ ...green, summary: 'Again.' })));
  expect([again.id, (await again.done).summary]).toEqual([first.id, 'Again.']);
});

test('a job whose process is gone is interrupted, a broken record is no job', async () => {
  const store = openJobs(folder);
  const id = newJobId();
  await store.create({
    version: 1,
    id,
    verb: 'fix',
    root: '/r',
    key: 'k',
    input: {},
    state: 'running',
    stage: 'prove',
    message: '',
    created: new Date().toISOString(),
    updated: new Date().toISOString(),
    pid: 2 ** 22 + 1,
    owner: '1',
    fetched: false,
  });
  expect((await store.load(id))?.state).toBe('interrupted');
  await store.keep(id, 'job.json', '{"version":1,');
  expect(await store.load(id)).toBeUndefined();
  expect(await store.list()).toEqual([]);
});

test.each(['', '../../etc', 'x'.repeat(26).toUpperCase(), `${'a'.repeat(25)}/`])('an id that is none is refused: %j', async (id) => {
  await expect(openJobs(folder).load(id)).rejects.toMatchObject({ code: 'no_job' });
});

test('a state folder that cannot be written stops nothing, and the result says so', async () => {
  await writeFile(join(folder, 'state'), 'a file where the folder should be');
  const { done } = await open().start(work(async () => green));
  expect(await done).toMatchObject({
    status: 'green',
    warnings: [expect.stringMatching(/kept nowhere else: .*state.* cannot be written/)],
  });
});

test('ids are unguessable and sort nowhere', () => {
  const ids = new Set(Array.from({ length: 500 }, newJobId));
  expect(ids.size).toBe(500);
  for (const id of ids) expect(id).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
});

test('neither the report nor an error of a job holds a secret or the home path', async () => {
  const jobs = open();
  const { home } = folders({ GLM_SKILL_HOME: folder });
  const done = await jobs.start(work(async () => ({ ...green, summary: `rk-7Qz2Tw9Lm4Xv8Kp in ${home}/x and /r/src/a.ts` })));
  expect((await done.done).summary).toMatch(/^__SECRET_\w+ in ~\/x and src\/a.ts$/);
  expect(await jobs.store.read(done.id, 'report.md')).not.toContain('rk-7Qz2Tw9Lm4Xv8Kp');
  const failed = await jobs.start(
    work(
      async () => {
        throw new GlmError('gateway_failed', 'The gateway said rk-7Qz2Tw9Lm4Xv8Kp.');
      },
      { tree: 'other' },
    ),
  );
  await failed.done.catch(() => {});
  expect(JSON.stringify(await jobs.store.load(failed.id))).not.toContain('rk-7Qz2Tw9Lm4Xv8Kp');
});

test('old jobs are pruned, running ones are not', async () => {
  const jobs = open();
  const running = await jobs.start(work(hang, { input: { n: 1 } }));
  const old = await jobs.start(work(async () => green, { input: { n: 2 } }));
  await old.done;
  await jobs.store.prune(Date.now() + 31 * 86_400_000);
  expect((await jobs.store.list()).map((job) => job.id)).toEqual([running.id]);
  await jobs.close();
});

test('jobs that are together too large are pruned, the oldest first', async () => {
  const jobs = open();
  const ids: string[] = [];
  for (let n = 0; n < 3; n++) {
    const done = await jobs.start(work(async () => green, { input: { n } }));
    await done.done;
    // Sparse: as large as it says, without the bytes.
    await writeFile(join(folder, 'state', 'jobs', done.id, 'large'), '');
    await truncate(join(folder, 'state', 'jobs', done.id, 'large'), 300 << 20);
    ids.push(done.id);
    await sleep(5);
  }
  await jobs.store.prune(Date.now());
  expect((await jobs.store.list()).map((job) => job.id)).toEqual([ids[2]]);
});

test('the redactor of a job knows the key in use', async () => {
  const jobs = open();
  let shown = '';
  const running = await jobs.start(
    work(async ({ redactor }) => {
      shown = redactor.redact('the gateway was given rk-7Qz2Tw9Lm4Xv8Kp').text;
      return green;
    }),
  );
  await running.done;
  expect(shown).toMatch(/^the gateway was given __SECRET_\w+__$/);
});
