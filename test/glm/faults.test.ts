import { describe, expect, it } from 'vitest';
import { GlmError } from '../../src/errors.ts';
import { readLedger } from '../../src/glm/money/ledger.ts';
import type { Reply } from '../../src/schema/model.ts';
import { faults } from '../../src/stand-in/faults.ts';
import { goodReply, key, makeWorld } from './world.ts';

type Expected = { readonly outcome?: Reply['outcome']; readonly code?: string; readonly requests?: number; readonly warning?: RegExp };

/** What each fault must come to: one row per complaint and per status of the facts. A fault without a row fails the last test. */
const table: Readonly<Record<string, Expected>> = {
  '400': { code: 'request_rejected' },
  '401': { code: 'auth' },
  '402': { code: 'credits' },
  '403': { code: 'auth' },
  '404': { code: 'gateway_failed' },
  '409': { code: 'request_rejected' },
  '413': { outcome: 'context_exceeded' },
  '422': { code: 'request_rejected' },
  '429-long': { code: 'rate_limited' },
  '404-model': { code: 'unknown_variant' },
  '1113': { code: 'credits' },
  '1113-wrapped': { code: 'credits' },
  '1211': { code: 'unknown_variant' },
  '1261': { outcome: 'context_exceeded' },
  '1210': { outcome: 'context_exceeded' },
  '1301': { outcome: 'filtered' },
  '1304': { code: 'rate_limited' },
  '1308': { code: 'rate_limited' },
  '1310': { code: 'rate_limited' },
  capability: { code: 'request_rejected' },
  'model-limit': { code: 'request_rejected' },
  'echo-key': { code: 'auth' },
  'no-stream-options': { outcome: 'complete', requests: 2, warning: /stream_options/ },
  redirect: { code: 'gateway_failed' },
  reset: { code: 'unreachable', requests: 2 },
  'cut-head': { code: 'unreachable' },
  'not-http': { code: 'unreachable' },
  'error-hangs': { code: 'auth' },
  'html-hangs': { code: 'gateway_failed' },
  'echo-escaped': { code: 'auth' },
  '1113-chinese': { code: 'credits' },
  'error-status': { code: 'credits' },
  'error-list': { code: 'rate_limited' },
  pings: { outcome: 'complete' },
  brotli: { outcome: 'complete' },
  'said-twice': { outcome: 'complete' },
  'usage-absurd': { outcome: 'complete', warning: /"cost":"unknown"/ },
  'finish-capitals': { outcome: 'complete' },
  'big-headers': { code: 'unreachable' },
  'html-200': { code: 'gateway_failed' },
  'empty-200': { outcome: 'incomplete_stream', warning: /empty/ },
  'error-in-200': { code: 'rate_limited' },
  'error-mid-stream': { outcome: 'incomplete_stream', warning: /1234/ },
  'error-first': { code: 'credits' },
  'error-event': { code: 'rate_limited' },
  'bare-error': { code: 'gateway_failed' },
  'not-utf8': { outcome: 'complete', warning: /UTF-8/ },
  cut: { outcome: 'incomplete_stream', warning: /cut/ },
  'cut-clean': { outcome: 'incomplete_stream' },
  'no-done': { outcome: 'complete', warning: /end marker/ },
  'no-finish': { outcome: 'incomplete_stream' },
  'no-usage': { outcome: 'complete' },
  'invalid-json': { outcome: 'incomplete_stream' },
  'choices-null': { outcome: 'complete' },
  'two-choices': { outcome: 'complete' },
  comments: { outcome: 'complete' },
  crlf: { outcome: 'complete' },
  bytes: { outcome: 'complete' },
  gzip: { outcome: 'complete' },
  'gzip-broken': { outcome: 'incomplete_stream' },
  'huge-line': { outcome: 'incomplete_stream' },
  'not-streamed': { outcome: 'complete', warning: /not streamed/ },
  'reasoning-only': { outcome: 'empty', warning: /only thought/ },
  reasoning: { outcome: 'complete' },
  'think-tags': { outcome: 'complete' },
  'orphan-think': { outcome: 'complete' },
  'think-open': { outcome: 'empty' },
  empty: { outcome: 'empty' },
  length: { outcome: 'length' },
  sensitive: { outcome: 'filtered' },
  'network-error': { outcome: 'incomplete_stream' },
  'context-finish': { outcome: 'context_exceeded' },
  'finish-unknown': { outcome: 'incomplete_stream', warning: /tired/ },
  'tool-markup': { outcome: 'tool_markup_leak' },
  'tool-calls': { outcome: 'tool_markup_leak' },
  chinese: { outcome: 'wrong_language' },
  'other-model': { outcome: 'complete', warning: /answered by glm-9-other/ },
  'hold-open': { outcome: 'complete' },
  'stop-open': { outcome: 'complete', warning: /no end marker/ },
  'error-open': { outcome: 'incomplete_stream' },
  '407': { code: 'unreachable' },
  'garbled-open': { outcome: 'incomplete_stream' },
  task: { outcome: 'complete', requests: 4 },
};

describe.concurrent.each(Object.entries(table))('fault %s', (name, expected) => {
  it.concurrent(`comes to ${expected.outcome ?? expected.code}`, async ({ expect, onTestFinished }) => {
    const world = await makeWorld(undefined, {}, onTestFinished);
    const got = await world.ask({ variant: `glm-4.6:${name}` }).catch((error: unknown) => error);
    if (expected.code) {
      expect(got).toBeInstanceOf(GlmError);
      expect(got).toMatchObject({ code: expected.code });
      expect(JSON.stringify([String(got), got])).not.toContain(key);
    } else {
      expect(got).toMatchObject({ outcome: expected.outcome });
      if (expected.outcome === 'complete' && name !== 'not-utf8')
        expect(JSON.stringify(got).split(JSON.stringify(goodReply).slice(1, -1)).length, 'said once').toBe(2);
      if (expected.warning) expect(JSON.stringify(got)).toMatch(expected.warning);
    }
    expect(world.gateway.requests.length).toBe(expected.requests ?? 1);
    const [entry] = await readLedger(world.folders);
    expect(entry?.outcome).toBe(expected.outcome ?? expected.code);
    if (expected.code) expect(entry?.usd).toBe(0);
  });
});

describe.concurrent.each(['429', '429-seconds', '429-date', '429-negative', '500', '502-html', '503', '529', '1302', '1305', 'reset'])(
  'fault %s once',
  (name) => {
    it.concurrent('is waited out', async ({ expect, onTestFinished }) => {
      const world = await makeWorld(undefined, {}, onTestFinished);
      expect(await world.ask({ variant: `glm-4.6:${name}:1` })).toMatchObject({ outcome: 'complete', text: goodReply });
      expect(world.gateway.requests.length).toBe(2);
    });
  },
);

describe.concurrent.each(['silence', 'slow-loris', 'endless', 'no-answer'])('fault %s', (name) => {
  it.concurrent('ends at a limit of ours and leaves no socket', async ({ expect, onTestFinished }) => {
    const world = await makeWorld(undefined, { settings: { idleMs: 400, deadlineMs: 3_000 } }, onTestFinished);
    const got = await world.ask({ variant: `glm-4.6:${name}` }).catch((error: unknown) => error);
    expect(got).toMatchObject(name === 'no-answer' ? { code: 'gateway_failed' } : { outcome: 'incomplete_stream' });
    await expect.poll(() => world.gateway.load().now).toBe(0);
  });
});

it('has a row for every fault of the stand-in', () => {
  const elsewhere = [
    '429',
    '429-seconds',
    '429-date',
    '429-negative',
    '500',
    '502-html',
    '503',
    '529',
    '1302',
    '1305',
    'silence',
    'slow-loris',
    'endless',
    'no-answer',
  ];
  expect(Object.keys(faults).filter((name) => !(name in table) && !elsewhere.includes(name))).toEqual([]);
});
