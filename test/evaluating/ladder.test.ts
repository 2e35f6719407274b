import { afterAll, expect, test } from 'vitest';
import type { Past } from '../../src/evaluating/attempt.ts';
import { openPurse } from '../../src/evaluating/budget.ts';
import { climb } from '../../src/evaluating/ladder.ts';
import { rememberAsk } from '../../src/evaluating/remembered.ts';
import { type Ran, readRan } from '../../src/evaluating/running.ts';
import { openState } from '../../src/evaluating/state.ts';
import { strangeVariant } from '../../src/glm/money/variants.ts';
import type { Variant } from '../../src/schema/model.ts';
import type { Attempt, Report } from '../../src/schema/report.ts';
import { depsOf, scripted } from '../proof/checkout.ts';
import { makeHome } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
const deps = depsOf(own);

const variant = (id: string, price: number): Variant => ({
  ...strangeVariant(id),
  prices: { ...strangeVariant(id).prices, input: price, output: price },
});
const past = (id: string): Past => ({
  bug: { id, repo: 'a/b', base: '', date: '', subject: id, patch: '', testPatch: '', tests: [], gold: [], failToPass: [], passToPass: [] },
  runner: 'node:test',
  seconds: 1,
  measures: { inFive: 1, files: 1, lines: 1, tokens: 10_000 },
});
const ran = (outcome: Ran['outcome'], costUsd: Ran['costUsd'] = 0.01): Ran => ({
  outcome,
  strong: outcome === 'solved',
  why: 'no usable answer',
  detail: 'cut',
  costUsd,
  tokensIn: 100,
  tokensOut: 10,
  seconds: 1,
});
const bugs = Array.from({ length: 20 }, (_, at) => past(`bug-${at}`));

/** Variants that solve what they are said to; `asked` counts the runs. */
function world(
  name: string,
  solves: Readonly<Record<string, (at: number) => Ran['outcome']>>,
  cap = 1_000,
  more: Partial<Parameters<typeof climb>[0]> = {},
) {
  const asked: string[] = [];
  const purse = openPurse(cap);
  const call = {
    columns: Object.keys(solves).map((id, at) => ({ variant: variant(id, at + 1), ask: scripted(['']).ask })),
    bugs,
    bar: 0.7,
    full: false,
    hands: 2,
    terms: { attempts: 1, maxTokens: 1_000 },
    key: name,
    state: openState(own.folders, name),
    purse,
    run: async ({ bug }: Past, { variant: { id } }: { variant: Variant }) => {
      asked.push(`${id} ${bug.id}`);
      return ran(solves[id]?.(Number(bug.id.slice(4))) ?? 'failed');
    },
    ...more,
  };
  return { asked, purse, climb: () => climb(call, deps) };
}

test('the ladder stops at the first that meets the bar, and counts what it has looked at', async () => {
  const here = world('stops', { cheap: () => 'failed', good: (at) => (at % 10 === 0 ? 'failed' : 'solved'), dear: () => 'solved' });
  const { standings, capped } = await here.climb();
  expect(standings.map(({ variant, standing }) => `${variant} ${standing}`)).toEqual(['cheap cannot', 'good meets', 'dear not_tried']);
  expect(capped).toBe(false);
  // Half of the full grid at the most; one more may be under way when it is decided.
  expect(here.asked.length).toBeLessThanOrEqual((3 * bugs.length) / 2);
  expect(standings[0]).toMatchObject({ solved: 0, failures: [{ why: 'no usable answer', count: standings[0]?.tried }] });
  const again = world('stops', { cheap: () => 'failed', good: () => 'failed' });
  await again.climb();
  expect(again.asked).toEqual([]);
});

test('run in full, known shares come back as they are', async () => {
  const here = world(
    'full',
    { fifth: (at) => (at % 5 === 0 ? 'solved' : 'failed'), half: (at) => (at % 2 === 0 ? 'solved' : 'failed'), all: () => 'solved' },
    1_000,
    { full: true },
  );
  const { standings } = await here.climb();
  expect(standings.map(({ solved, tried, low, high }) => [solved, tried, low, high])).toEqual([
    [4, 20, 0.2, 0.2],
    [10, 20, 0.5, 0.5],
    [20, 20, 1, 1],
  ]);
});

test('a bug that does not show any more counts for nobody', async () => {
  const { standings } = await world('aside', { one: (at) => (at < 10 ? 'aside' : 'solved') }).climb();
  expect(standings[0]).toMatchObject({ standing: 'meets', low: 0.7 });
});

test.each([1, 2, 5])('the cap is not passed by %i hands, and a later run goes on where it stopped', async (hands) => {
  const solves = { only: (at: number) => (at % 2 === 0 ? ('solved' as const) : ('failed' as const)) };
  const high = ((10_000 + 900) * 1.12 + 1_000) * 1e-6 * 1.15;
  const run = async () => ran('failed', high);
  const here = world(`cap-${hands}`, solves, high * 4.5, { hands, full: true, run });
  const { capped } = await here.climb();
  expect(capped).toBe(true);
  expect(here.purse.spent()).toBeLessThanOrEqual(high * 4.5);
  expect(here.purse.spent()).toBeGreaterThan(high * 3);
  const more = world(`cap-${hands}`, solves, 1_000, { hands, full: true });
  const { standings } = await more.climb();
  expect(more.asked).toHaveLength(bugs.length - 4);
  expect(standings[0]?.tried).toBe(bugs.length);
});

test('a reply is kept before it is read, and paid for once', async () => {
  const state = openState(own.folders, 'replies');
  const first = scripted(['one', 'two']);
  const options = { tell: () => {} };
  const request = { variant: 'glm-4.7', messages: [{ role: 'user' as const, content: 'Why?' }], maxTokens: 10 };
  const ask = rememberAsk(first.ask, state, 'bug');
  await ask(request, options);
  await ask(request, options);
  const second = scripted(['three']);
  const again = rememberAsk(second.ask, state, 'bug');
  expect([(await again(request, options)).text, (await again(request, options)).text]).toEqual(['one', 'two']);
  expect(second.asked).toHaveLength(0);
  expect((await again(request, options)).text).toBe('three');
});

test('what the daily cap or the first price stopped is no result; what later rounds used up is one', () => {
  const attempt = (outcome: Attempt['outcome']): Attempt => ({
    number: 1,
    variant: 'glm-4.7',
    outcome,
    usage: { inputTokens: 10, outputTokens: 'unknown', cachedTokens: 0 },
    costUsd: 0.01,
    durationMs: 1,
    placeFailures: [],
    refusals: [],
  });
  const report = (status: Report['status'], attempts: Attempt[]): Report => ({
    version: 1,
    verb: 'fix',
    status,
    root: '/r',
    summary: 'So.',
    warnings: [],
    next: [],
    attempts,
    costUsd: 0.01,
  });
  expect(readRan(report('over_cap', []), 1)).toBeUndefined();
  expect(readRan(report('over_cap', [attempt('complete'), attempt('over_cap')]), 1)).toBeUndefined();
  expect(readRan(report('over_cap', [attempt('complete')]), 1)).toMatchObject({ outcome: 'failed', tokensIn: 10, tokensOut: 'unknown' });
  expect(readRan(report('verified', [attempt('complete')]), 1)?.outcome).toBe('solved');
  expect(readRan(report('flaky', []), 1)?.outcome).toBe('aside');
});
