import { expect, test } from 'vitest';
import { classify, fingerprintOf } from '../../src/fleet/cause-id.ts';
import type { Failure, FailureGroup } from '../../src/schema/run.ts';

const failure = (change: Partial<Failure> = {}): Failure => ({
  id: 'test/a.test.js::adds',
  name: 'adds',
  file: 'test/a.test.js',
  kind: 'assertion',
  message: 'Expected values to be strictly equal:\n1080 !== 900',
  frames: [{ file: 'test/a.test.js', line: 3 }],
  ...change,
});
const group = (change: Partial<Failure> = {}, more: Partial<FailureGroup> = {}): FailureGroup => ({
  cause: 'x',
  count: 1,
  kind: 'unit',
  why: '',
  first: failure(change),
  ids: ['test/a.test.js::adds'],
  ...more,
});
const files: Record<string, string> = {
  'test/a.test.js': 'a\nb\n  assert.equal(total(), 900);\n',
  'src/cart.js': 'one\n  return price.amount;\n',
};
const read = (path: string) => files[path];
const print = (change: Partial<Failure> = {}, text = read) => fingerprintOf(group(change), text, ['/srv/tree']);

test('the same cause has the same fingerprint after lines have moved, with other values, in another folder', () => {
  const moved = (path: string) => (path === 'test/a.test.js' ? `new line\n${files[path]}` : files[path]);
  expect(print({ frames: [{ file: 'test/a.test.js', line: 4 }] }, moved)).toBe(print());
  expect(print({ message: 'Expected values to be strictly equal:\n7 !== 8' })).toBe(print());
  expect(print({ message: 'AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n7 !== 8' })).toBe(print());
  const inCode: Partial<Failure> = { kind: 'error', frames: [{ file: 'src/cart.js', line: 2 }] };
  const one = print({ ...inCode, message: "TypeError: cannot read 'amount' of __SECRET_TOKEN_0a1b2c3d__ in /tmp/x1/cart.js" });
  const other = print({
    ...inCode,
    id: 'test/b.test.js::other',
    file: 'test/b.test.js',
    message: "TypeError: cannot read 'sum' of __SECRET_TOKEN_ff00ff00__ in /tmp/y2/cart.js",
  });
  expect(other).toBe(one);
});

test('another error, another place and another kind are other causes', () => {
  const inCode: Partial<Failure> = { kind: 'error', message: 'TypeError: x is not a function', frames: [{ file: 'src/cart.js', line: 2 }] };
  const all = [
    print(),
    print(inCode),
    print({ ...inCode, message: 'RangeError: too long' }),
    print({ ...inCode, frames: [{ file: 'src/cart.js', line: 1 }] }),
  ];
  const placeless = [print({ frames: [] }), print({ frames: [], id: 'test/a.test.js::takes' })];
  expect(new Set([...all, ...placeless]).size).toBe(6);
});

const isTest = (path: string) => path.startsWith('test/');
test.each<[string, FailureGroup, { verdict: 'flaky' | 'environment' | 'deterministic' } | undefined]>([
  ['code', group(), undefined],
  [
    'code',
    group({
      kind: 'error',
      message: 'TypeError: x is not a function',
      frames: [
        { file: 'src/cart.js', line: 2 },
        { file: 'test/a.test.js', line: 3 },
      ],
    }),
    undefined,
  ],
  ['code', group({ kind: 'error', message: 'ReferenceError: y is not defined', frames: [{ file: 'src/cart.js', line: 2 }] }), undefined],
  ['code', group({ message: "expected 'SyntaxError' to equal 'ok'" }), undefined],
  ['test', group({ kind: 'error', message: 'ReferenceError: y is not defined' }), undefined],
  ['test', group({ kind: 'load', message: 'SyntaxError: Unexpected token' }), undefined],
  ['build', group({ kind: 'load', message: 'SyntaxError: Unexpected token', frames: [{ file: 'src/cart.js', line: 2 }] }), undefined],
  [
    'build',
    group({ kind: 'load', file: 'src/cart.ts', message: 'src/cart.ts(3,1): error TS2304: Cannot find name', frames: [] }),
    undefined,
  ],
  ['flaky', group(), { verdict: 'flaky' }],
  ['environment', group({ kind: 'error' }, { environment: 'port: 80 is in use' }), { verdict: 'deterministic' }],
  ['environment', group(), { verdict: 'environment' }],
])('classed %s', (wanted, one, flake) => {
  expect(classify(one, flake && { ...flake, failed: 1, runs: 2, why: 'seen' }, isTest).class).toBe(wanted);
});
