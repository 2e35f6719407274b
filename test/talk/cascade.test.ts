import { afterAll, beforeAll, expect, test } from 'vitest';
import { variants } from '../../src/glm/money/variants.ts';
import type { Event } from '../../src/schema/model.ts';
import type { Failure } from '../../src/schema/run.ts';
import { schedule } from '../../src/talk/cascade.ts';
import { block, good, observe, shop, walk } from '../proof/checkout.ts';
import { imprint, makeHome, makeRepo } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
let root = '';
let failures: readonly Failure[] = [];
beforeAll(async () => {
  root = await makeRepo(own.home, 'shop', shop);
  failures = await observe(root, own);
});
const manifest = { version: 1 as const, budgetTokens: 9, tokens: 9, redactions: 0, bundle: '', leftOut: [], leftOutCount: 0 };
const entry = { path: 'src/next.js', startLine: 1, endLine: 2, form: 'part' as const, reason: 'x', tokens: 9, sha256: '' };
const body = (text: string | undefined) => text ?? '';

test('a hunk that does not fit, a forbidden file and a regression are fed back until the patch is verified, and what smells in it is said', async () => {
  const before = imprint(root);
  const { result, asked } = await walk(root, own, {
    failures,
    attempts: 5,
    replies: [
      block('src/price.js', '  for (let i = 1; i <= things.length; i++) sum += things[i];', '  x'),
      block('test/price.test.js', "test('count counts', () => assert.strictEqual(count([1, 2]), 2));", ''),
      block('src/price.js', '  return items.length;', '  return 0;'),
      good.replace('=======\n', "=======\n  if (process.env.CI === 'never') return 0;\n"),
    ],
  });
  expect(result).toMatchObject({ status: 'verified', summary: expect.stringContaining('Flagged: test_detection in src/price.js') });
  expect(result.next[0]).toContain('Read the flagged lines first');
  expect(result.attempts?.map(({ verdict }) => verdict)).toEqual(['not_applied', 'not_applied', 'regresses', 'verified']);
  expect(body(asked[1]?.messages.at(-1)?.content)).toContain('for (let i = 1; i < items.length; i++)');
  expect(body(asked[2]?.messages.at(-1)?.content)).toContain('rule tests');
  expect(body(asked[3]?.messages.at(-1)?.content)).toContain('count counts passed before your patch and fails now');
  expect(result.rootCause?.file).toBe('src/price.js');
  expect(result.costUsd).toBeCloseTo(0.004);
  expect(imprint(root)).toEqual(before);
});

test('edits are placed on what the model saw: secrets come back whole and never go out', async () => {
  const secret = /'(sk_[^']+)'/.exec(shop['src/price.js'])?.[1] ?? 'none';
  const { asked } = await walk(root, own, { failures, attempts: 1, replies: ['NEED src/price.js', ''] });
  const said = JSON.stringify(asked);
  expect(said).not.toContain(secret);
  const token = /__SECRET_(?!KEY_ABCDEFGH)\w+?__/.exec(said)?.[0] ?? 'none';
  const moved = `${good}\n${block('src/price.js', `const token = '${token}';`, `const key = 'x';\nconst token = '${token}';`)}`;
  const { result } = await walk(root, own, { failures, attempts: 1, replies: [moved] });
  expect(result.status).toBe('verified');
  expect(result.patch?.diff).toContain(`const token = '${secret}';`);
  const invented = block('src/price.js', '  let sum = 0;', `  let sum = '__SECRET_TOKEN_${'abcdefgh'}__';`);
  const refused = await walk(root, own, { failures, attempts: 1, replies: [invented] });
  expect(refused.result.status).toBe('not_applied');
  expect(refused.result.attempts?.[0]?.refusals[0]?.rule).toBe('placeholder');
});

test('files are served on request, at most three times, and not the forbidden ones', async () => {
  const { result, asked } = await walk(root, own, {
    failures,
    attempts: 1,
    replies: ['NEED src/price.js:3-5\nNEED .env\nNEED ../x', 'NEED test/price.test.js', 'NEED package.json'],
  });
  expect(asked).toHaveLength(4);
  const served = body(asked[1]?.messages.at(-1)?.content);
  expect(served).toContain('for (let i = 1');
  expect(served).not.toContain('return items.length');
  expect(served).toMatch(/\.env: /);
  expect(result.status).not.toBe('verified');
  expect(result.attempts?.map(({ verdict }) => verdict).filter(Boolean)).toHaveLength(1);
  expect(result.later.map(({ path, startLine, endLine, round }) => [path, startLine, endLine, round])).toEqual([
    ['src/price.js', 3, 5, 2],
    ['test/price.test.js', 1, 6, 3],
    ['package.json', 1, 2, 4],
  ]);
});

test('what ranks next goes with the round after tests refused a patch, not after one that did not fit, and is said to have gone', async () => {
  const seen: number[] = [];
  const { result, asked } = await walk(root, own, {
    failures,
    replies: [block('src/price.js', 'not there', 'x'), block('src/price.js', '  return sum;', '  return sum + 0;'), good],
    widen: (sent) => {
      seen.push(sent.length);
      return Promise.resolve({ text: 'NEXT IN RANK', suspects: [], manifest: { ...manifest, entries: [entry] } });
    },
  });
  expect(result.status).toBe('verified');
  expect(asked.map(({ messages }) => body(messages.at(-1)?.content).includes('NEXT IN RANK'))).toEqual([false, false, true]);
  expect(seen).toEqual([0]);
  expect(result.later).toEqual([{ ...entry, round: 3 }]);
});

test('what is too long for the model is sent again smaller for as long as it shrinks, costs no round, and is listed', async () => {
  const sizes = ['HALF OF IT', 'A QUARTER'];
  const { result, asked } = await walk(root, own, {
    failures,
    attempts: 1,
    replies: [{ outcome: 'context_exceeded' }, { outcome: 'context_exceeded' }, good],
    smaller: () => {
      const text = sizes.shift();
      return Promise.resolve(text === undefined ? undefined : { text, suspects: [], manifest: { ...manifest, entries: [entry] } });
    },
  });
  expect(result.status).toBe('verified');
  expect(asked.map(({ messages }) => /HALF OF IT|A QUARTER/.exec(body(messages.at(-1)?.content))?.[0])).toEqual([
    undefined,
    'HALF OF IT',
    'A QUARTER',
  ]);
  expect(result.later.map(({ round }) => round)).toEqual([2, 3]);
  const never = await walk(root, own, { failures, attempts: 1, replies: [{ outcome: 'context_exceeded', warnings: ['HTTP 413'] }] });
  expect(never.result).toMatchObject({ status: 'no_answer', next: [expect.stringContaining('budget')] });
  expect(never.result.summary).toContain('The request was too long for the model; HTTP 413.');
});

test('auto climbs only while nothing is verified, and says what each step cost', async () => {
  const climb = ['glm-4.5-air', 'glm-4.7', 'glm-5.1'];
  const { result, asked } = await walk(root, own, {
    failures,
    variants: climb,
    replies: [block('src/price.js', '  return sum;', '  return sum + 0;'), good],
  });
  expect(result.status).toBe('verified');
  expect(asked.map(({ variant }) => variant)).toEqual(['glm-4.5-air', 'glm-4.7']);
  expect(result.attempts?.map(({ costUsd }) => costUsd)).toEqual([0.001, 0.001]);
  const some = variants.slice(0, 3);
  expect(schedule(some, 6).map(({ id }) => some.findIndex((one) => one.id === id))).toEqual([0, 0, 1, 1, 2, 2]);
  expect(schedule(some, 2)).toHaveLength(2);
  expect(schedule(some.slice(0, 1), 3)).toHaveLength(3);
});

test('cut, empty and useless answers are no patch; the cap stops before it is passed', async () => {
  const cut = await walk(root, own, { failures, attempts: 2, replies: [{ outcome: 'length', text: good }, { outcome: 'empty' }] });
  expect(cut.result).toMatchObject({ status: 'no_answer', attempts: [{ outcome: 'length' }, { outcome: 'empty' }, { outcome: 'empty' }] });
  expect(cut.asked[1]?.maxTokens).toBeGreaterThan(cut.asked[0]?.maxTokens ?? 0);
  const capped = await walk(root, own, { failures, attempts: 3, capUsd: 0.0000001, replies: [good] });
  expect(capped.result.status).toBe('over_cap');
  expect(capped.asked).toHaveLength(0);
  let clock = 0;
  const tell = (event: Event) => {
    if (event.type === 'stage' && event.stage === 'ask') clock++;
  };
  const late = await walk(root, own, { failures, attempts: 3, untilMs: 1, now: () => clock, tell, replies: ['', good] });
  expect(late.result).toMatchObject({ status: 'timeout', summary: expect.stringContaining('after 1 round;') });
  expect(late.asked).toHaveLength(1);
});
