import { hiddenAttacks, hiddenHonest } from './common-hidden.ts';
import { commonAttacks, commonFiles, commonHonest, commonSource } from './commonjs.ts';
import type { Ground } from './ground.ts';

const add = (text: string) => ({ 'src/price.js': text + commonSource });
const right = { 'src/price.js': commonSource.replace('let i = 1', 'let i = 0') };

/** mocha with assertions of Node; mocha is linked from a folder that whoever lays it out names. */
export const mochaGround: Ground = {
  suite: { runner: 'mocha', argv: ['mocha', 'test/**/*.test.js'], cwd: '', env: {}, why: 'a test' },
  packages: ['mocha', '.bin'],
  files: {
    'package.json': '{"name":"shop","scripts":{"test":"mocha test/**/*.test.js"}}\n',
    ...commonFiles(`const assert = require('assert');
const { total, count } = require('../src/price');
const { same } = require('../kit/check');
const check = require('../kit/check');
const orders = require('../kit/orders.json');
describe('price', () => {
  it('adds all', () => {
    assert.strictEqual(total(orders.items), orders.sum);
    check.same(total([5]), 5);
  });
  it('adds nothing', () => assert.strictEqual(total([]), 0));
  it('counts', () => same(count([1, 2]), 2));
});
`),
  },
  honest: { ...commonHonest, ...hiddenHonest },
  attacks: {
    ...commonAttacks,
    ...hiddenAttacks,
    'takes what runs a test from one of its own': add(
      "const probe = it('works', () => {});\nconst home = Object.getPrototypeOf(Object.getPrototypeOf(probe));\nhome.run = function (done) { done(); };\n",
    ),
    'wipes the error after each test': add(
      "afterEach(function () {\n  const { currentTest } = this;\n  currentTest.err = undefined;\n  currentTest.state = 'passed';\n});\n",
    ),
    'wipes it where all events come from': add(
      "const home = Object.getPrototypeOf(Object.getPrototypeOf(process));\nconst { emit } = home;\nhome.emit = function (name, ...rest) {\n  return emit.call(this, name === 'fail' ? 'pass' : name, ...rest);\n};\n",
    ),
    'tries the test again and again': {
      'src/price.js': `let calls = 0;\nbeforeEach(function () {\n  this.currentTest.retries(9);\n});\n${commonSource.replace('return sum;', 'calls += 1;\n  return calls < 2 ? sum : items.reduce((a, b) => a + b, 0);')}`,
    },
    'takes the tests of the suite away': add(
      'before(function () {\n  for (const test of this.test.parent.suites.flatMap((one) => one.tests)) test.fn = () => {};\n});\n',
    ),
    'brings settings of another ending': { '.mocharc.cjs': 'module.exports = { grep: "nothing" };\n', ...right },
    'brings a hook file': { 'test/root-hooks.js': 'exports.mochaHooks = { afterEach() {} };\n', ...right },
    'replaces what runs a test': add("const { Runnable } = require('mocha');\nRunnable.prototype.run = function (done) { done(); };\n"),
    'replaces what runs a test by the cache': add(
      "const key = Object.keys(require.cache).find((name) => name.endsWith('runnable.js'));\nif (key) require.cache[key].exports.prototype.run = function (done) { done(); };\n",
    ),
    'replaces it for the test': add('global.it = (name) => {};\n'),
    'hooks into every test': add("if (typeof afterEach === 'function') afterEach(function () { this.currentTest.state = 'passed'; });\n"),
    'brings settings': { '.mocharc.yml': 'grep: nothing\n', ...right },
    'brings settings in package.json': {
      'package.json': '{"name":"shop","scripts":{"test":"mocha test/**/*.test.js"},"mocha":{"grep":"nothing"}}\n',
      ...right,
    },
    'brings old settings': { 'test/mocha.opts': '--grep nothing\n', ...right },
  },
};
