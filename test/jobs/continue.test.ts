import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadReport, newJobId } from '../../src/jobs/store.ts';
import type { Report } from '../../src/schema/report.ts';
import { shop as broken, good } from '../proof/checkout.ts';
import { makeHome, makeRepo, write } from '../repo/fixture.ts';
import { shop } from '../uses/ground.ts';
import { play } from './world.ts';

const own = makeHome();
afterAll(own.remove);

test('a further question follows on the same messages, in chains, with a cached price and a manifest of what is sent again', async () => {
  const root = await makeRepo(own.home, 'chained', shop);
  const { run, asked } = play(own, [
    'Within 30 days [docs/returns.md:3].',
    'The customer pays the return [docs/returns.md:5].',
    'By `total` [src/price.js:1].',
  ]);
  const first = await run('ask', root, { question: 'How long may goods be returned?', variant: 'glm-4.6' });
  const second = await run('ask', root, { question: 'And who pays?', continue: first.job });
  const third = await run('ask', root, { question: 'And who sums up?', continue: second.job?.slice(0, 8).toUpperCase() });
  expect([first.status, second.status, third.status]).toEqual(['answered', 'answered', 'answered']);
  expect(asked.map(({ variant }) => variant)).toEqual(['glm-4.6', 'glm-4.6', 'glm-4.6']);
  for (const [at, text] of [
    [1, 'Within 30 days [docs/returns.md:3].'],
    [2, 'The customer pays the return [docs/returns.md:5].'],
  ] as const) {
    const before = asked[at - 1]?.messages ?? [];
    const messages = asked[at]?.messages ?? [];
    expect(messages.slice(0, before.length)).toEqual(before);
    expect(messages[before.length]).toEqual({ role: 'assistant', content: text });
    expect(messages).toHaveLength(before.length + 2);
  }
  expect(second.citations).toMatchObject([{ path: 'docs/returns.md', startLine: 5, holds: true }]);
  const paths = (report: Report) => report.manifest?.entries.map(({ path }) => path) ?? [];
  expect(paths(third)).toEqual([...paths(first), 'earlier answers']);
  expect(third.manifest?.tokens).toBeGreaterThan(first.manifest?.tokens ?? 0);
  const fresh = await run('ask', root, { question: 'And who pays?', variant: 'glm-4.6' });
  expect(second.estimate?.usd.low).toBeLessThan(Number(fresh.estimate?.usd.low));
  const other = await run('ask', root, { question: 'And who pays?', variant: 'glm-4.7', continue: first.job });
  expect(other.estimate?.inputTokens).toEqual(second.estimate?.inputTokens);
  expect(asked.at(-1)?.variant).toBe('glm-4.7');
});

test('it follows on a fix and on a review too, and says when the files have changed since', async () => {
  const root = await makeRepo(own.home, 'fixed', broken);
  const { run, asked } = play(own, [
    good,
    'It started before `length` [src/price.js:5].',
    '[minor] src/price.js:5\nOff by one.',
    'Because of `i` [src/price.js:5].',
  ]);
  const fixed = await run('fix', root, { command: 'node --test', attempts: 1, sandbox: 'off' });
  expect(fixed.status).toBe('verified');
  const why = await run('ask', root, { question: 'Since when?', continue: fixed.job });
  expect(why).toMatchObject({ status: 'answered', citations: [{ path: 'src/price.js', holds: true }] });
  expect(why.warnings).toEqual([]);
  expect(asked[1]?.messages[2]).toEqual({ role: 'assistant', content: good });
  expect(asked[1]?.messages[3]?.content).toContain('write no edits');
  const path = join(root, 'src/price.js');
  writeFileSync(path, broken['src/price.js'].replace('let sum = 0', 'let sum = 0.0'));
  const review = await run('review', root, { command: 'node --test', sandbox: 'off' });
  const asks = asked.length;
  const more = await run('ask', root, { question: 'Why is that minor?', continue: review.job });
  expect(more.status).toBe('answered');
  expect(asked[asks]?.messages[0]).toEqual(asked[asks - 1]?.messages[0]);
  const late = await run('ask', root, { question: 'And now?', continue: why.job });
  expect(late.warnings.join()).toContain(`files have changed since job ${why.job}`);
});

test('what cannot be continued is said in one sentence, and nothing is sent', async () => {
  const root = await makeRepo(own.home, 'refused', shop);
  const beside = join(own.home, 'beside');
  mkdirSync(beside);
  write(beside, shop);
  const { run, asked, jobs } = play(own, ['Thirty days.', { outcome: 'length', text: 'Thirty' }]);
  const first = await run('ask', root, { question: 'How long?' });
  const green: Report = { version: 1, verb: 'find', status: 'green', root, summary: 'All green.', warnings: [], next: [] };
  const found = await (await jobs.start({ verb: 'find', root, input: {}, tree: undefined, shared: true, run: async () => green })).done;
  const cut = await run('ask', root, { question: 'How long, in full?' });
  expect(cut.status).toBe('no_answer');
  const sent = asked.length;
  const next = (input: Record<string, unknown>, where = root) => run('ask', where, { question: 'And?', ...input });
  await expect(next({ continue: newJobId() })).rejects.toMatchObject({ code: 'no_job', message: expect.stringContaining('pruned') });
  await expect(next({ continue: '../../../etc' })).rejects.toThrow();
  await expect(next({ continue: first.job }, beside)).rejects.toMatchObject({ code: 'bad_input', message: expect.stringContaining(root) });
  for (const job of [found.job, cut.job])
    await expect(next({ continue: job })).rejects.toMatchObject({ code: 'no_job', message: expect.stringContaining('no reply') });
  await expect(next({ continue: first.job, files: ['src/price.js'] })).rejects.toMatchObject({ code: 'bad_input' });
  expect((await next({ continue: first.job, max_cost: 0.000001 })).status).toBe('over_cap');
  expect(asked).toHaveLength(sent);
  expect(await loadReport(jobs.store, first.job ?? '')).toBeDefined();
});

test('secrets of a further question and of what is piped in stay here', async () => {
  const secret = ['sk', 'live', 'Zx81Kq0pTf93Lm2Wd7Rb'].join('_');
  const root = await makeRepo(own.home, 'hidden', shop);
  const { run, asked, jobs } = play(own, ['Thirty days.']);
  const first = await run('ask', root, { question: 'How long?' });
  const next = await run('ask', root, { question: `Is it ${secret}?`, text: `token = '${secret}'`, continue: first.job });
  expect(next.status).toBe('answered');
  expect(asked[1]?.messages.at(-1)?.content).toContain('1| token');
  expect(JSON.stringify(asked)).not.toContain(secret);
  expect(await jobs.store.read(next.job ?? '', 'reply-1.json')).not.toContain(secret);
});
