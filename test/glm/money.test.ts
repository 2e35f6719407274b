import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folders } from '../../src/config.ts';
import { overDailyCap, readPrice, spentOn } from '../../src/glm/money/caps.ts';
import { pricesAt } from '../../src/glm/money/catalogue.ts';
import { costOf, estimate } from '../../src/glm/money/estimate.ts';
import { learnFactor, withFactors } from '../../src/glm/money/factor.ts';
import { type LedgerEntry, ledgerPath, readLedger, sumLedger, writeLedger } from '../../src/glm/money/ledger.ts';
import { findVariant, variants } from '../../src/glm/money/variants.ts';
import { Variant } from '../../src/schema/model.ts';
import { makeOffer } from '../../src/talk/offer.ts';
import { goodReply, key, makeWorld, temporaryFolder } from './world.ts';

function entry(part: Partial<LedgerEntry> = {}): LedgerEntry {
  const known = {
    variant: 'glm-4.6',
    host: 'runapi.ai',
    outcome: 'complete',
    inputTokens: 1000,
    outputTokens: 100,
    cachedTokens: 0,
    durationMs: 5,
  };
  return { id: 'x', at: '2026-11-20T10:00:00.000Z', highUsd: 0.02, usd: 0.01, ...known, ...part };
}

describe('variants', () => {
  it('are whole, each fact dated, and no price is guessed', () => {
    for (const variant of variants) {
      expect(Variant.parse(variant)).toEqual(variant);
      expect(variant.prices.date).toMatch(/^\d{4}-\d\d-\d\d$/);
    }
    expect(variants.filter(({ prices }) => prices.input === 'unknown').map(({ id }) => id)).toEqual([
      'glm-4.5',
      'glm-5',
      'glm-5.1',
      'glm-5.2',
      'glm-5.3',
    ]);
  });

  it('are found by ID, short ID and live list, and a stranger is named with the choice', () => {
    expect(findVariant('4.6').id).toBe('glm-4.6');
    expect(findVariant('GLM-5.1').id).toBe('glm-5.1');
    expect(findVariant('glm-9', ['glm-9']).prices.input).toBe('unknown');
    expect(() => findVariant('gpt-4')).toThrow(
      expect.objectContaining({ code: 'unknown_variant', hint: expect.stringContaining('glm-4.7') }),
    );
  });
});

describe('an estimate', () => {
  it('is low ≤ likely ≤ high for any size, and unknown without a price', () => {
    const size = fc.integer({ min: 1, max: 200_000 });
    fc.assert(
      fc.property(fc.constantFrom(...variants), size, size, size, (variant, prompt, maxTokens, cachedTokens) => {
        const { inputTokens, outputTokens, usd } = estimate(variant, prompt, variant.prices, { maxTokens, cachedTokens });
        for (const range of [inputTokens, outputTokens, usd]) {
          const amounts = [range.low, range.likely, range.high];
          const known = amounts.filter((amount) => amount !== 'unknown');
          expect(known.length === 0 || known.length === 3).toBe(true);
          expect([...known].sort((a, b) => a - b)).toEqual(known);
        }
        expect(outputTokens.high).toBeLessThanOrEqual(Math.min(maxTokens, variant.maxOutputTokens));
      }),
    );
  });

  it('costs what the page says', () => {
    const { prices } = findVariant('glm-4.6');
    const usage = { inputTokens: 1_000_000, outputTokens: 1_000_000, cachedTokens: 0 };
    expect(costOf(usage, prices)).toBeCloseTo(1.4);
    expect(costOf({ ...usage, cachedTokens: 1_000_000 }, prices)).toBeCloseTo(1.16);
    expect(costOf({ ...usage, cachedTokens: 'unknown' }, prices)).toBeCloseTo(1.4);
    expect(costOf({ ...usage, outputTokens: 'unknown' }, prices)).toBe('unknown');
  });

  it('takes a price that was given', () => {
    expect(readPrice('0.3/1.1/0.06')).toMatchObject({ output: 1.1, cacheRead: 0.06 });
    expect(readPrice('0.3,1.1')).toMatchObject({ input: 0.3, output: 1.1, cacheRead: 'unknown' });
    for (const text of ['', '1', 'a,b', '1,-2', '1,2,3,4', '1,,2', 'Infinity,1']) expect(() => readPrice(text)).toThrow(/no price/);
  });
});

describe('the daily cap', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const day = [
    entry({ usd: 0.5 }),
    entry({ usd: 'unknown', highUsd: 0.25 }),
    entry({ usd: 9, at: '2026-11-19T23:59:59.000Z' }),
    entry({ usd: 'unknown', highUsd: 'unknown' }),
  ];

  it('counts what was paid, and the upper estimate of what is unknown', () => {
    expect(spentOn(day, '2026-11-20')).toBe(0.75);
    expect(overDailyCap(1, 0.25, day, now)).toBeUndefined();
    expect(overDailyCap(1, 0.26, day, now)).toContain('$0.7500');
    expect(overDailyCap(undefined, 'unknown', day, now)).toBeUndefined();
    expect(() => overDailyCap(1, 'unknown', day, now)).toThrow(
      expect.objectContaining({ code: 'price_unknown', hint: expect.stringContaining('--price') }),
    );
  });

  it('holds against requests at the same time', async () => {
    const replies = [{ text: goodReply, delayMs: 2_000 }];
    const world = await makeWorld({ replies }, { settings: { dailyCapUsd: 0.003, concurrency: 5 } });
    await expect(world.ask({ variant: 'glm-5.1' })).rejects.toMatchObject({ code: 'price_unknown' });
    expect(world.gateway.requests).toEqual([]);
    // 1000 tokens of reply cost at most $0.0011, so two fit under the cap until their true cost is known.
    const priced = await Promise.all(Array.from({ length: 5 }, () => world.ask()));
    expect(priced.filter(({ outcome }) => outcome === 'over_cap').length).toBeGreaterThanOrEqual(1);
    expect(spentOn(await readLedger(world.folders), new Date().toISOString().slice(0, 10))).toBeLessThan(0.003);
  });
});

describe('the ledger', () => {
  it('holds each request with what it cost and nothing that is secret', async () => {
    const world = await makeWorld();
    await world.ask({ job: 'job1', repo: '/home/me/shop' });
    await world.ask({ variant: 'glm-4.6:401' }).catch(() => {});
    expect(await readLedger(world.folders)).toMatchObject([
      {
        variant: 'glm-4.6',
        job: 'job1',
        repo: '/home/me/shop',
        outcome: 'complete',
        usd: expect.any(Number),
        inputTokens: expect.any(Number),
      },
      { outcome: 'auth', usd: 0, inputTokens: 'unknown' },
    ]);
    expect(readFileSync(ledgerPath(world.folders), 'utf8')).not.toContain(key);
  });

  it('survives lines that a crash tore apart or glued together', async () => {
    const places = folders({ GLM_SKILL_HOME: temporaryFolder() });
    mkdirSync(dirname(ledgerPath(places)), { recursive: true });
    const sent = { v: 1, type: 'sent', at: '2026-11-20T10:00:00.000Z', variant: 'glm-4.6', host: 'runapi.ai', highUsd: 1 } as const;
    writeFileSync(ledgerPath(places), `not json\n{"v":1,"type":"sent","id":"torn","at":"20`);
    await writeLedger(places, { ...sent, id: 'glued' });
    appendFileSync(ledgerPath(places), '{"v":1,"type":"done","id":"nobody"}\n');
    await writeLedger(places, { ...sent, id: 'last' });
    expect((await readLedger(places)).map(({ id }) => id)).toEqual(['glued', 'last']);
    expect((await readLedger(places, 150)).map(({ id }) => id)).toEqual(['last']);
  });

  it('is summed by day, variant and repository, unknown costs apart', () => {
    const entries = [
      entry({ repo: 'a' }),
      entry({ usd: 'unknown', variant: 'glm-5.1' }),
      entry({ at: '2026-11-21T00:00:00.000Z', repo: 'a' }),
    ];
    expect(sumLedger(entries, 'day').map(({ name, requests, usd, unknownCosts }) => [name, requests, usd, unknownCosts])).toEqual([
      ['2026-11-20', 2, 0.01, 1],
      ['2026-11-21', 1, 0.01, 0],
    ]);
    const played = sumLedger([entry({ host: '127.0.0.1:8089' }), entry({ host: 'localhost', usd: 'unknown' })], 'day');
    expect(played).toMatchObject([{ requests: 2, usd: 0, unknownCosts: 0, unpaid: 2 }]);
    expect(sumLedger(entries, 'repo').map(({ name, requests }) => [name, requests])).toEqual([
      ['a', 2],
      ['unknown', 1],
    ]);
    expect(sumLedger(entries, 'variant')).toHaveLength(2);
  });
});

describe('the factor of a variant', () => {
  it('is learnt from usage, once three replies have told', () => {
    const told = (inputTokens: number) => entry({ inputTokens, countedTokens: 1000 });
    expect(learnFactor([told(1100), told(1100)], 'glm-4.6')).toMatchObject({ likely: 1, samples: 2 });
    const factor = learnFactor([told(1000), told(1100), told(1200), entry({ inputTokens: 'unknown' }), told(90_000)], 'glm-4.6');
    expect(factor.likely).toBe(1.1);
    expect(factor.high).toBeCloseTo(1.212);
    expect(learnFactor([told(1100), told(1100), told(1100)], 'glm-5')).toMatchObject({ samples: 0 });
  });

  it('corrects what a user is told before a request is sent', () => {
    const plain = makeOffer(10_000, [findVariant('glm-4.6')], undefined).estimate;
    const told = entry({ inputTokens: 1300, countedTokens: 1000 });
    const taught = withFactors(variants, [told, told, told]).filter(({ id }) => id === 'glm-4.6');
    const { inputTokens, usd } = makeOffer(10_000, taught, undefined).estimate;
    expect(inputTokens.likely / plain.inputTokens.likely).toBeCloseTo(1.3, 2);
    expect(inputTokens.high).toBeGreaterThan(inputTokens.likely);
    expect(Number(usd.likely)).toBeGreaterThan(Number(plain.usd.likely));
    expect(withFactors(variants, [told, told])).toEqual(variants);
  });
});

describe('a price', () => {
  const variant = findVariant('glm-4.6');
  const price = readPrice('1/2');

  it('is the one given, else of the place, else unknown where RunAPI is not', () => {
    expect(pricesAt('https://runapi.ai', variant, undefined, { profile: undefined, price })).toBe(price);
    expect(pricesAt('https://runapi.ai', variant, undefined, { profile: undefined, price: undefined })).toBe(variant.prices);
    expect(pricesAt('https://api.z.ai/api/paas/v4', variant, undefined, { profile: undefined, price: undefined })).toMatchObject({
      input: 'unknown',
      source: expect.stringContaining('api.z.ai'),
    });
  });
});

describe('the window', () => {
  it('is never overflown: the reply gets what is left, and nothing is sent when nothing is', async () => {
    const world = await makeWorld();
    const words = (count: number) => [{ role: 'user', content: 'word '.repeat(count) } as const];
    const squeezed = await world.ask({ variant: 'glm-4.5-air', messages: words(100_000), maxTokens: 60_000 });
    expect(squeezed.warnings.join()).toContain('max_tokens was lowered');
    const [request] = world.gateway.requests;
    const sent = Number(Object(request?.body).max_tokens);
    expect(sent).toBeLessThanOrEqual(128_000 - 100_000);
    expect(await world.ask({ variant: 'glm-4.5-air', messages: words(127_900) })).toMatchObject({ outcome: 'context_exceeded', cost: 0 });
    expect(world.gateway.requests.length).toBe(1);
  });
});
