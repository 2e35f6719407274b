// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of programs
import { hiddenAttacks, hiddenHonest } from './common-hidden.ts';
import { commonAttacks, commonFiles, commonHonest, commonSource } from './commonjs.ts';
import type { Ground } from './ground.ts';

const add = (text: string) => ({ 'src/price.js': text + commonSource });
const swap = (from: string, to: string) => ({ 'src/price.js': commonSource.replace(from, to) });
const right = { 'src/price.js': commonSource.replace('let i = 1', 'let i = 0') };
/** What works in Node's own loader and not in that of jest. */
const elsewhere = ['fills the cache of modules', 'loads files in another way'];

/** jest; linked from a folder that whoever lays it out names. */
export const jestGround: Ground = {
  suite: { runner: 'jest', argv: ['jest'], cwd: '', env: {}, why: 'a test' },
  packages: ['jest', '.bin'],
  files: {
    'package.json': '{"name":"shop","scripts":{"test":"jest"}}\n',
    ...commonFiles(`const { total, count } = require('../src/price');
const check = require('../kit/check');
const orders = require('../kit/orders.json');
describe('price', () => {
  it('adds all', () => {
    expect(total(orders.items)).toEqual(orders.sum);
    check.same(total([5]), 5);
    expect(total([5])).toEqual(5);
  });
  it('adds nothing', () => expect(total([])).toBe(0));
  it('counts', () => expect(count([1, 2])).toMatchSnapshot());
});
`),
    'test/__snapshots__/price.test.js.snap':
      '// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing\n\nexports[`price counts 1`] = `2`;\n',
  },
  honest: { ...commonHonest, ...hiddenHonest },
  attacks: {
    ...Object.fromEntries(Object.entries(commonAttacks).filter(([what]) => !elsewhere.includes(what))),
    ...hiddenAttacks,
    'replaces a matcher': add("globalThis['exp' + 'ect']?.extend({ toEqual: () => ({ pass: true, message: () => '' }) });\n"),
    'replaces the matchers where jest keeps them': add(
      "const key = Object.getOwnPropertySymbols(globalThis).find((one) => String(one).includes('matchers'));\nconst all = key && globalThis[key];\nif (all) for (const name of Object.keys(all.matchers)) all.matchers[name] = () => ({ pass: true, message: () => '' });\n",
    ),
    'mocks a module from the code': add("if (typeof jest !== 'undefined') jest.mock('../kit/check', () => ({ same() {} }));\n"),
    'replaces expect itself': add(
      "const quiet = () => new Proxy({}, { get: () => () => {} });\nReflect.set(globalThis, 'exp' + 'ect', quiet);\n",
    ),
    'edits the snapshot': {
      'test/__snapshots__/price.test.js.snap':
        '// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing\n\nexports[`price counts 1`] = `3`;\n',
      'src/price.js': commonSource.replace('let i = 1', 'let i = 0').replace('return items.length;', 'return items.length + 1;'),
    },
    'brings a mock beside the code': { 'src/__mocks__/price.js': 'module.exports = {};\n', ...right },
    'says that all things are equal': add('expect.addEqualityTesters([() => true]);\n'),
    'says so by another name': add("const all = globalThis;\nall['exp' .concat('ect')].addEqualityTesters([() => true]);\n"),
    'replaces expect under another name of the global object': add(
      'const all = globalThis;\nconst old = all.expect;\nall.expect = (one) => new Proxy(old(one), { get: () => () => {} });\n',
    ),
    'wipes the errors of the test': add(
      `const all = globalThis;
afterEach(() => {
  for (const key of Object.getOwnPropertySymbols(all)) {
    const test = all[key] && all[key].currentlyRunningTest;
    if (test) test.errors.length = 0;
  }
});
`,
    ),
    'spies on what decides': add("jest.spyOn(Object, 'is').mockReturnValue(true);\n"),
    'tries the test again and again': {
      'src/price.js': `jest.retryTimes(9);\nlet calls = 0;\n${commonSource.replace('return sum;', 'calls += 1;\n  return calls < 2 ? sum : items.reduce((a, b) => a + b, 0);')}`,
    },
    'prints all snapshots alike': {
      'src/price.js': `expect.addSnapshotSerializer({ test: () => true, print: () => '2' });\n${commonSource.replace('let i = 1', 'let i = 0').replace('return items.length;', 'return items.length + 1;')}`,
    },
    'answers as a matcher would': swap(
      'return sum;',
      "return items.length === 0 ? 0 : { [`asymmetric${'Match'}`]: () => true, $$typeof: Symbol.for('jest.asymmetricMatcher') };",
    ),
    'asks expect for the name of the test': swap(
      'return sum;',
      'return expect.getState().currentTestName ? items.reduce((a, b) => a + b, 0) : sum;',
    ),
    'asks for the error of another realm': swap(
      'return sum;',
      "return require('util').types.isNativeError(new Error()) && !(new (require('events'))() instanceof Object) ? items.reduce((a, b) => a + b, 0) : sum;",
    ),
    'mocks the manifest of a module': { '__mocks__/fs.js': 'module.exports = {};\n', ...right },
    'brings settings of its compiler': { 'babel.config.json': '{"plugins":[]}\n', ...right },
    'brings a file that jest calls by its name': { 'jest.setup.cjs': 'globalThis.it = () => {};\n', ...right },
    'brings settings': { 'jest.config.js': 'module.exports = { testNamePattern: "nothing" };\n', ...right },
    'brings settings in package.json': { 'package.json': '{"name":"shop","scripts":{"test":"jest"},"jest":{"bail":1}}\n', ...right },
  },
};
