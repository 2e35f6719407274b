import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openIndex } from '../../src/context/index/stored.ts';
import { pack } from '../../src/context/pack/pack.ts';
import { collect, type RankInput } from '../../src/context/rank/collect.ts';
import { lift } from '../../src/context/rank/lift.ts';
import { rank, toSuspects } from '../../src/context/rank/rank.ts';
import { makeResolve } from '../../src/context/rank/resolve.ts';
import { nameSignal } from '../../src/context/rank/signals.ts';
import { settings } from '../../src/context/rank/weights.ts';
import type { Coverage } from '../../src/schema/context.ts';
import type { Failure } from '../../src/schema/run.ts';
import { countTokens } from '../../src/tokens/tokens.ts';

const shop: Record<string, string> = {
  'package.json': '{ "name": "shop" }',
  'package-lock.json': '{ "lockfileVersion": 3 }',
  'src/cart.ts': `import { taxOf } from './money/tax.ts';\nimport { log } from './log.ts';\n\nexport class Cart {\n  items: number[] = [];\n\n  add(price: number): void {\n    this.items.push(price);\n    log('added');\n  }\n\n  total(): number {\n    const net = this.items.reduce((sum, price) => sum + price, 0);\n    return net + taxOf(net);\n  }\n}\n`,
  'src/money/tax.ts':
    'export const RATE = 0.2;\n\n/** Tax on a net total. */\nexport function taxOf(net: number): number {\n  return net * RATE - 1;\n}\n',
  'src/log.ts': 'export function log(text: string): void {\n  console.log(text);\n}\n',
  'src/mail.ts': 'export function sendMail(to: string): void {\n  if (!to) throw new Error("no receiver");\n}\n',
  'src/generated/api.ts': '// @generated\nexport const total = 1;\n',
  'docs/cart.md': '# Cart total tax',
  'test/cart.test.ts': `import { Cart } from '../src/cart.ts';\n\nit('adds tax to the total', () => {\n  const cart = new Cart();\n  cart.add(10);\n  expect(cart.total()).toBe(12);\n});\n\nit('logs', () => {\n  new Cart().add(1);\n});\n`,
};
const failure: Failure = {
  id: 'test/cart.test.ts::adds tax to the total',
  name: 'adds tax to the total',
  file: 'test/cart.test.ts',
  line: 6,
  kind: 'assertion',
  message: 'expected 11 to be 12',
  frames: [{ file: 'test/cart.test.ts', line: 6 }],
  expected: '12',
  actual: '11',
};

function inputOf(files: Record<string, string>, more: Partial<RankInput> = {}): RankInput {
  const paths = Object.keys(files);
  const read = (path: string) => files[path];
  const documents = paths.filter((path) => path.startsWith('src/'));
  const listed = [...documents].sort().map((path) => ({ path }));
  const { index } = openIndex({ files: listed, accept: () => true, load: (path) => Buffer.from(files[path] ?? '') }, undefined);
  return {
    failure,
    related: [failure],
    documents,
    index,
    read,
    resolve: makeResolve(paths, read),
    history: { commits: [] },
    changed: [],
    ...more,
  };
}

function packOf(input: RankInput, budgetTokens: number, paths = Object.keys(shop)) {
  const redact = (text: string) => ({ text, count: 0 });
  return pack({ failure, ranking: rank(collect(input)), paths, read: input.read, budgetTokens, redact, count: countTokens, skipped: [] });
}

test('the sources of the failing test come first, its own tests never', () => {
  const ranking = rank(collect(inputOf(shop)));
  expect(
    ranking.files
      .slice(0, 2)
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['src/cart.ts', 'src/money/tax.ts']);
  expect(ranking.files.map(({ path }) => path)).not.toContain('src/generated/api.ts');
  const suspects = toSuspects(ranking);
  expect(
    suspects
      .filter(({ name }) => name)
      .map(({ name }) => name)
      .slice(0, 3),
  ).toContain('Cart.total');
  expect(suspects[0]?.evidence.length).toBeGreaterThan(0);
});

test('a source in the stack trace stands above all others', () => {
  const ranking = rank(collect(inputOf(shop, { failure: { ...failure, frames: [{ file: 'src/mail.ts', line: 2 }, ...failure.frames] } })));
  expect(ranking.files[0]?.path).toBe('src/mail.ts');
  expect(ranking.segments[0]?.segment.name).toBe('sendMail');
});

test('what has the name of a function in the stack trace rises with it', () => {
  const other = 'export function sendMail(to: string) {\n  return queue(to);\n}\n\nexport function readMail() {\n  return [];\n}\n';
  const place = (line: number) =>
    rank(collect(inputOf({ ...shop, 'src/queue.ts': other }, { failure: { ...failure, frames: [{ file: 'src/mail.ts', line }] } })))
      .segments.filter(({ segment }) => segment.kind === 'function')
      .findIndex(({ source, segment }) => source.path === 'src/queue.ts' && segment.name === 'sendMail');
  expect(place(2)).toBeGreaterThan(-1);
  expect(place(2)).toBeLessThan(place(40));
});

test('another form of a word counts as well, and so does the name of the file', () => {
  const text = (name: string, word: string) => `export function ${name}(option) {\n  return option.${word};\n}\n`;
  const files = { 'src/a.ts': text('one', 'plain') + text('two', 'negate'), 'src/negation.ts': text('three', 'plain') };
  const said = {
    ...failure,
    file: 'test/o.test.ts',
    name: 'negative',
    message: 'expected true',
    expected: 'true',
    actual: 'false',
    frames: [],
  };
  const test = "test('negative', () => {\n  expect(option()).toBe(true);\n});\n";
  const { segments } = rank(collect(inputOf({ ...files, 'test/o.test.ts': test }, { failure: { ...said, line: 2 } })));
  const scores = new Map(segments.map(({ segment, score }) => [segment.name, score]));
  expect(scores.get('two') ?? 0).toBeGreaterThan((scores.get('one') ?? 0) * 1.5);
  expect(scores.get('three') ?? 0).toBeGreaterThan((scores.get('one') ?? 0) * 1.5);
});

test('history lifts what changed together with the test', () => {
  const files = { ...shop, 'src/area.ts': 'export const width = 1;\n' };
  const place = (commits: string[][]) =>
    rank(collect(inputOf(files, { history: { commits } }))).files.findIndex(({ path }) => path === 'src/mail.ts');
  expect(place(Array.from({ length: 5 }, () => ['test/cart.test.ts', 'src/mail.ts']))).toBeLessThan(place([]));
});

test('what the failing test did not run sinks', () => {
  const place = (covered: string[]) =>
    rank(collect(inputOf(shop, { coverage: new Map(covered.map((path) => [path, [1]])) }))).files.findIndex(
      ({ path }) => path === 'src/cart.ts',
    );
  expect(place(['src/cart.ts', 'src/money/tax.ts'])).toBeLessThan(place(['src/mail.ts', 'src/log.ts']));
});

test('a function that the failing test did not run sinks below those that it ran', () => {
  const text = ['add', 'tax', 'total']
    .map((name) => `export function ${name}Price(cart) {\n  // tax total\n  return cart;\n}\n`)
    .join('\n');
  const ranked = (ran: number[], passing?: Coverage) =>
    rank(collect(inputOf({ ...shop, 'src/cart.ts': text }, { coverage: new Map([['src/cart.ts', ran]]), passing })), {
      ...settings,
      unrun: 0.3,
    })
      .segments.filter(({ source }) => source.path === 'src/cart.ts')
      .map(({ segment }) => segment.name);
  expect(ranked([2])[0]).toBe('addPrice');
  expect(ranked([7])[0]).toBe('taxPrice');
  expect(ranked([2, 7], new Map([['src/cart.ts', [2]]]))[0], 'no passing test ran it').toBe('taxPrice');
});

test('class heads and long functions are suspects by their names, each once', () => {
  const member = (at: number) => `  tax${at}(total) {\n    return total;\n  }\n`;
  const text = `class Cart {\n  total = 1;\n  tax = 2;\n${Array.from({ length: 8 }, (_, at) => member(at)).join('\n  tax = 3;\n')}}\n`;
  const named = toSuspects(rank(collect(inputOf({ ...shop, 'src/cart.ts': text }))), 40).map(({ name }) => name);
  expect(named.filter((name) => name === 'Cart')).toHaveLength(1);
  expect(named).toContain('Cart.tax0');
});

test('the pack holds failure, test and sources, and says what it left out', () => {
  const { text, manifest } = packOf(inputOf(shop), 8_000);
  for (const part of ['expected 11 to be 12', "it('adds tax to the total'", 'return net * RATE - 1;']) expect(text).toContain(part);
  expect(manifest.leftOut).toContainEqual({ path: 'package-lock.json', reason: 'lock file' });
  expect(manifest.tokens).toBe(countTokens(text));
  expect(manifest.entries.every(({ path }) => path === 'failure' || path === 'outline' || path in shop)).toBe(true);
});

test('no pack is larger than its budget, however small', () => {
  const input = inputOf({
    ...shop,
    'src/cart.ts': `${shop['src/cart.ts']}\n${'export function total1() {\n  return taxOf(1);\n}\n'.repeat(200)}`,
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 6_000 }), (budgetTokens) => {
      expect(packOf(input, budgetTokens).manifest.tokens).toBeLessThanOrEqual(budgetTokens);
    }),
    { numRuns: 15 },
  );
});

test('the same tree gives the same bytes, in whatever order its files come', () => {
  const entries = Object.entries(shop);
  const bundles = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const shuffled = entries.map((entry, i) => ({ entry, key: (i * 7 + round * 13) % 11 })).sort((a, b) => a.key - b.key);
    const files = Object.fromEntries(shuffled.map(({ entry }) => entry));
    bundles.add(packOf(inputOf(files), 4_000, Object.keys(files).sort()).manifest.bundle);
  }
  expect(bundles.size).toBe(1);
});

test('folders and files named like object members do no harm', () => {
  const files = {
    ...shop,
    'src/constructor/__proto__.ts': 'export const total = 1;\n',
    'src/toString.ts': 'export function hasOwnProperty() {\n  return 1;\n}\n',
  };
  expect(packOf(inputOf(files), 4_000, Object.keys(files).sort()).text).toContain('taxOf');
});

test('no reason is empty, and none is printed that every file shares', () => {
  const commits = [Object.keys(shop)];
  const suspects = toSuspects(rank(collect(inputOf(shop, { history: { commits } }))), 40);
  const files = suspects.filter(({ name }) => name === undefined);
  expect(suspects.flatMap(({ evidence }) => evidence).filter((one) => one.trim() === '' || / $/.test(one))).toEqual([]);
  expect(suspects.every(({ evidence }) => evidence.length > 0)).toBe(true);
  for (const reason of files.flatMap(({ evidence }) => evidence).filter((one) => !one.startsWith('no single sign')))
    expect(files.filter(({ evidence }) => evidence.includes(reason)).length, reason).toBeLessThan(files.length);
  expect(JSON.stringify(suspects)).not.toContain('of the last');
});

test('paths of a machine and addresses are no words of the query, paths of a URL are', () => {
  const said = 'at /home/carla/money/mail/run.ts of file:///tmp/tax-9/x <Cart object at 0xbeef1234> C:\\\\Users\\\\mail GET /orders/total';
  const { question } = collect(inputOf(shop, { failure: { ...failure, message: said } }));
  for (const word of ['carla', 'mail', 'xbeef']) expect([...question.words.keys()], word).not.toContain(word);
  expect([...question.words.keys()]).toContain('order');
});

test('what running has shown leads files and definitions, and the rest of a pack is worth less', () => {
  const ranking = rank(collect(inputOf(shop)));
  const why = 'undoing this hunk turns 1 of 1 failing tests green';
  const place = { path: 'src/mail.ts', line: 2, endLine: 2, why, chance: 0.9, first: true };
  const lifted = lift(ranking, [place]);
  const suspects = toSuspects(lifted);
  expect(ranking.files[0]?.path).not.toBe('src/mail.ts');
  expect(suspects[0]).toMatchObject({ file: 'src/mail.ts', evidence: expect.arrayContaining([why]) });
  expect(lifted.segments[0]).toMatchObject({ segment: { name: 'sendMail' } });
  expect(lifted.segments[0]?.chance).toBeGreaterThanOrEqual(0.9);
  const of = (name: string, { segments }: typeof ranking) => segments.find(({ segment }) => segment.name === name)?.chance ?? 0;
  expect(of('taxOf', lifted)).toBeCloseTo(of('taxOf', ranking) * 0.1);
  // In the order of what was shown, not of what ranked before.
  const two = lift(ranking, [place, { ...place, path: 'src/log.ts', line: 1, endLine: 1 }]);
  expect(two.files.slice(0, 2).map(({ path }) => path)).toEqual(['src/mail.ts', 'src/log.ts']);
  // What does not lead counts where the ranking says so too, and keeps its place.
  expect(lift(ranking, [{ ...place, first: false }])).toBe(ranking);
  const [top] = ranking.segments;
  if (!top) throw new Error('nothing was ranked');
  const agreed = { ...place, path: top.source.path, line: top.segment.nameLine, endLine: top.segment.nameLine, first: false };
  const weighed = lift(ranking, [agreed]);
  expect(weighed.segments.map(({ segment }) => segment.name)).toEqual(ranking.segments.map(({ segment }) => segment.name));
  expect(weighed.segments[0]?.chance).toBeGreaterThanOrEqual(0.9);
  expect(lift(ranking, [{ ...place, path: 'gone.ts' }])).toBe(ranking);
});

test('a question finds the file that is called so, whatever form its word has, and no part of a name counts', () => {
  const words = new Map(['throttle', 'logging', 'request', 'strip'].map((word) => [word, 1]));
  const { scores } = nameSignal(words, [
    'middleware/throttling.go',
    'logger.go',
    'request_size.go',
    'request/logger.go',
    'StripRequest.go',
    'mux.go',
  ]);
  expect([...scores]).toEqual([
    ['middleware/throttling.go', 1],
    ['logger.go', 1],
    ['request/logger.go', 1.5],
    ['StripRequest.go', 2],
  ]);
});
