import { variants } from '../../src/glm/money/variants.ts';
import { fixMessages } from '../../src/glm/prompts/prompt.ts';
import { startProof } from '../../src/proof/prove.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import type { Deps } from '../../src/schema/deps.ts';
import type { Ask, AskRequest, Event, Reply } from '../../src/schema/model.ts';
import type { Failure, Suite } from '../../src/schema/run.ts';
import { runSuite } from '../../src/suite/run/run.ts';
import { type CascadeRequest, cascade } from '../../src/talk/cascade.ts';
import { makeOffer } from '../../src/talk/offer.ts';
import { countTokens } from '../../src/tokens/tokens.ts';
import { type makeHome, open } from '../repo/fixture.ts';

/** A little shop with one wrong comparison, a test that shows it and tests that a wrong repair breaks. */
export const shop = {
  'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}\n',
  'src/price.js': `const token = '${['sk', 'live', 'Zx81Kq0pTf93Lm2Wd7Rb'].join('_')}';

export function total(items) {
  let sum = 0;
  for (let i = 1; i < items.length; i++) sum += items[i];
  return sum;
}

export function count(items) {
  return items.length;
}

export const secret = token.length;
`,
  'test/price.test.js': `import test from 'node:test';
import assert from 'node:assert';
import { count, total } from '../src/price.js';
test('total adds all', () => assert.strictEqual(total([1, 2, 3]), 6));
test('count counts', () => assert.strictEqual(count([1, 2]), 2));
`,
};

export const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
export const good =
  `## Root cause\nWhere: src/price.js:5\nThe loop starts at 1.\n\n## Edits\n${block('src/price.js', '  for (let i = 1; i', '  for (let i = 0; i')}`.replace(
    /<<<<<<< SEARCH[\s\S]*/,
    `<<<<<<< SEARCH\n  for (let i = 1; i < items.length; i++) sum += items[i];\n=======\n  for (let i = 0; i < items.length; i++) sum += items[i];\n>>>>>>> REPLACE\n`,
  );

export const suite: Suite = { runner: 'node:test', argv: ['node', '--test'], cwd: '', env: {}, why: 'a test' };

/** The failures of the user's tree as a session would see them. */
export async function observe(root: string, own: ReturnType<typeof makeHome>): Promise<readonly Failure[]> {
  const run = await runSuite(suite, { root, timeoutMs: 60_000, tell: () => {}, env: own.env, scratch: own.home });
  return run.failures;
}

/** A model that says what it is told to, in order, and keeps what it was asked. */
export function scripted(replies: readonly (string | Partial<Reply>)[]): { ask: Ask; asked: AskRequest[] } {
  const asked: AskRequest[] = [];
  const ask: Ask = (request) => {
    const next = replies[Math.min(asked.length, replies.length - 1)] ?? '';
    asked.push(request);
    const usage = { inputTokens: 100, outputTokens: 10, cachedTokens: 0 };
    const plain: Reply = {
      outcome: 'complete',
      text: '',
      model: request.variant,
      finishReason: 'stop',
      usage,
      cost: 0.001,
      durationMs: 1,
      warnings: [],
    };
    return Promise.resolve(typeof next === 'string' ? { ...plain, text: next } : { ...plain, ...next });
  };
  return { ask, asked };
}

export function depsOf(own: ReturnType<typeof makeHome>, tell: (event: Event) => void = () => {}): Omit<Deps, 'ask'> {
  return {
    env: own.env,
    folders: own.folders,
    signal: undefined,
    now: () => Date.now(),
    tell,
    keep: (name) => Promise.resolve(name),
    redactor: makeRedactor({ key: Buffer.alloc(32, 7), exact: [] }),
  };
}

export type Options = {
  readonly replies: readonly (string | Partial<Reply>)[];
  readonly variants?: readonly string[];
  readonly attempts?: number;
  readonly untilMs?: number;
  readonly now?: () => number;
  readonly capUsd?: number;
  readonly allow?: readonly string[];
  readonly failures: readonly Failure[];
  readonly widen?: CascadeRequest['widen'];
  readonly smaller?: CascadeRequest['smaller'];
  readonly tell?: (event: Event) => void;
  readonly signal?: AbortSignal;
};

/** From the failing test to the report, with everything real but the model. */
export async function walk(root: string, own: ReturnType<typeof makeHome>, options: Options) {
  const { ask, asked } = scripted(options.replies);
  const deps = { ...depsOf(own, options.tell), signal: options.signal, ...(options.now && { now: options.now }) };
  const [failure] = options.failures;
  if (!failure) throw new Error('nothing fails');
  const request = {
    root,
    git: await open(root),
    suite,
    failures: options.failures,
    timeoutMs: 60_000,
    sandbox: 'off' as const,
    allow: options.allow ?? [],
  };
  const prover = await startProof(request, deps);
  try {
    const redactor = makeRedactor({ key: Buffer.alloc(32, 7), exact: [] });
    const manifest = {
      version: 1 as const,
      budgetTokens: 1000,
      tokens: 10,
      redactions: 0,
      bundle: '',
      entries: [],
      leftOut: [],
      leftOutCount: 0,
    };
    const context = { text: redactor.redact(shop['src/price.js'], 'src/price.js').text, manifest, suspects: [] };
    const chosen = (options.variants ?? ['glm-4.6'])
      .map((id) => variants.find((variant) => variant.id === id))
      .filter((variant) => variant !== undefined);
    const prompt = fixMessages(context, { failing: [failure] }).map(({ content }) => content);
    const offer = makeOffer(countTokens(prompt.join('')), chosen, 2_000);
    const limits = {
      attempts: options.attempts ?? 3,
      capUsd: options.capUsd,
      untilMs: options.untilMs,
      widen: options.widen,
      smaller: options.smaller,
    };
    const result = await cascade(
      { context, failure, run: { command: ['node', '--test'] }, prover, redactor, offer, ...limits },
      { ...deps, ask },
    );
    return { result, asked, problem: prover.problem };
  } finally {
    await prover.remove();
  }
}
