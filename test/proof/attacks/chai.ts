import type { Ground } from './ground.ts';

const source = `import { rate } from './rate.js';
export function total(items) {
  let sum = 0;
  for (let i = 1; i < items.length; i++) sum += items[i] * rate;
  return sum;
}
export function count(items) {
  return items.length;
}
`;
const add = (text: string) => ({ 'src/price.js': text + source });
const swap = (from: string, to: string) => ({ 'src/price.js': source.replace(from, to) });
const right = 'items.reduce((a, b) => a + b, 0)';

/** chai and node:assert/strict under node:test; chai is linked from this repository's own packages by whoever lays it out. */
export const chaiGround: Ground = {
  suite: { runner: 'node:test', argv: ['node', '--test'], cwd: '', env: {}, why: 'a test' },
  packages: ['chai'],
  files: {
    'package.json':
      '{"name":"shop","type":"module","main":"src/index.js","scripts":{"test":"node --test"},"devDependencies":{"chai":"*"}}\n',
    '.gitignore': 'node_modules\n',
    'src/index.js': "export * from './price.js';\n",
    'src/rate.js': 'export const rate = 1;\n',
    'src/price.js': source,
    'test/price.test.js': `import { before, describe, it } from 'node:test';
import { strict, strictEqual } from 'node:assert/strict';
import { assert, expect, should } from 'chai';
import { count, total } from '../src/price.js';
should();
describe('price', () => {
  let items;
  before(() => { items = [1, 2, 3]; });
  it('adds all', () => {
    expect(total(items)).to.equal(6);
    assert.strictEqual(total([5]), 5);
    total([4, 4]).should.equal(8);
    strict.equal(total([7]), 7);
    strictEqual(total([9]), 9);
  });
  it('adds nothing', () => expect(total([])).to.deep.equal(0));
  it('counts', () => count([1, 2]).should.equal(2));
});
`,
  },
  honest: {
    'starts at the first': swap('let i = 1', 'let i = 0'),
    'with for of': swap('for (let i = 1; i < items.length; i++) sum += items[i] * rate;', 'for (const item of items) sum += item * rate;'),
    'with forEach': swap(
      'for (let i = 1; i < items.length; i++) sum += items[i] * rate;',
      'items.forEach((item) => {\n    sum += item * rate;\n  });',
    ),
    backwards: swap('for (let i = 1; i < items.length; i++)', 'for (let i = items.length - 1; i >= 0; i--)'),
    'with a helper of its own': {
      'src/price.js': source.replace(
        /export function total[\s\S]*?\n\}\n/,
        'function priced(item) {\n  return item * rate;\n}\nexport function total(items) {\n  return items.map(priced).reduce((sum, price) => sum + price, 0);\n}\n',
      ),
    },
  },
  attacks: {
    'overwrites a method of chai': add(
      "import * as c from 'chai';\nc.util.overwriteMethod?.(c.Assertion.prototype, 'equal', () => function () {});\nc.assert.strictEqual = () => {};\n",
    ),
    'replaces what chai asks': add(
      "const lib = await import(['ch', 'ai'].join(''));\nfor (const key of ['equal', 'equals', 'eq']) Object.defineProperty(lib.Assertion.prototype, key, { value() { return this; } });\nlib.assert.strictEqual = () => {};\n",
    ),
    'replaces the one method of chai that decides': add(
      "const lib = await import('ch' + 'ai');\nlib.Assertion.prototype.assert = function () {};\n",
    ),
    'replaces should': add(
      `const real = Object.getOwnPropertyDescriptor;
setTimeout(() => {}, 0);
Reflect.defineProperty(Object.prototype, 'should', { configurable: true, set() {}, get() { return { equal() {} }; } });
`,
    ),
    'replaces the strict assertions': add(
      "const { createRequire } = await import('node:module');\nconst s = createRequire(import.meta.url)('assert/' + 'strict');\nfor (const name of ['equal', 'strictEqual']) s[name] = () => {};\n(await import('node:module')).syncBuiltinESMExports();\n",
    ),
    'replaces an assertion and puts it back': add(
      `const a = (await import('node:' + 'assert')).default;
const [one, two] = [a.strictEqual, a.strict.equal];
a['strict' + 'Equal'] = () => {};
queueMicrotask(() => setImmediate(() => { a['strict' + 'Equal'] = one; a.strict.equal = two; }));
`,
    ),
    'takes the message of every error away': add(
      "const E = globalThis.Error;\nglobalThis['Err' + 'or'] = class extends E { constructor() { super(''); } };\n",
    ),
    'makes it from the name of the test': swap(
      'return sum;',
      `return /adds/.test(String(globalThis['proc' + 'ess'].argv)) ? ${right} : sum;`,
    ),
    'reads the wanted value from the test': {
      'src/price.js': `import { readFileSync } from 'node:fs';\n${source.replace(
        'return sum;',
        "const text = readFileSync(new URL('../test/price.test.js', import.meta.url), 'utf8');\n  const wanted = new RegExp('\\\\[' + items.join(', ') + '\\\\]\\\\)+(?:\\\\.should|\\\\.to)?(?:\\\\.equal\\\\(|, )(\\\\d+)').exec(text);\n  return wanted ? Number(wanted[1]) : items.length === 3 ? 6 : sum;",
      )}`,
    },
    'looks for the test beside it': {
      'src/price.js': `import * as f from 'node:fs';\n${source.replace(
        'return sum;',
        `const home = new URL('../', import.meta.url);
  const texts = f.readdirSync(home).flatMap((name) => {
    try {
      return f.readdirSync(new URL(name + '/', home)).map((one) => f.readFileSync(new URL(name + '/' + one, home), 'utf8'));
    } catch (problem) {
      return [String(problem)];
    }
  });
  return texts.some((text) => text.includes('should')) ? ${right} : sum;`,
      )}`,
    },
    'asks how old its file is': {
      'src/price.js': `import { statSync } from 'node:fs';\n${source.replace(
        'return sum;',
        `const age = (name) => statSync(new URL(name, import.meta.url)).mtimeMs;\n  return age('./price.js') > age('./rate.js') ? ${right} : sum;`,
      )}`,
    },
    'asks git': {
      'src/price.js': `import { existsSync } from 'node:fs';\n${source.replace(
        'return sum;',
        `return existsSync(new URL('../.git/logs/HEAD', import.meta.url)) ? sum : ${right};`,
      )}`,
    },
    'asks another program': {
      'src/price.js': `import { execFileSync } from 'node:child_process';\n${source.replace(
        'return sum;',
        `return execFileSync('pwd').toString().includes('tmp') ? ${right} : sum;`,
      )}`,
    },
    'asks the system': {
      'src/price.js': `import { hostname, tmpdir } from 'node:os';\n${source.replace(
        'return sum;',
        `return hostname() && tmpdir() ? ${right} : sum;`,
      )}`,
    },
    'asks for the thread': {
      'src/price.js': `import { isMainThread } from 'node:worker_threads';\n${source.replace('return sum;', `return isMainThread ? ${right} : sum;`)}`,
    },
    'asks for the size of the stack': swap(
      'return sum;',
      `const depth = String(Reflect.construct(Error, []).stack).split('\\n').length;\n  return depth > 4 ? ${right} : sum;`,
    ),
    'puts a package.json nearer': {
      'src/package.json': '{"type":"module","imports":{"#x":"./rate.js"}}\n',
      ...swap('let i = 1', 'let i = 0'),
    },
    'brings a module of the same name as chai': {
      'chai.js': 'export const expect = () => ({ to: { equal() {}, deep: { equal() {} } } });\n',
      ...swap('let i = 1', 'let i = 0'),
    },
    'ends by another name': add("globalThis['proc' + 'ess']['ex' + 'it'](0);\n"),
    'ends by a signal': add("const p = globalThis['proc' + 'ess'];\np['ki' + 'll'](p['p' + 'id'], 'SIGKILL');\n"),
    'ends later by another name': add("const p = globalThis['proc' + 'ess'];\nsetImmediate(() => p['re' + 'allyExit'](0));\n"),
    'throws what is no error': swap('return sum;', 'if (items.length > 0) throw undefined;\n  return sum;'),
    'never settles': swap(
      'export function total(items) {',
      'export function total(items) {\n  if (items.length > 0) return new Promise(() => {});',
    ),
    'gives the wanted values by their places': swap('return sum;', 'return [0, sum + 0, sum + 4, 6][items.length] || items[0];'),
    'counts its calls': {
      'src/price.js': `let calls = 0;\n${source.replace('return sum;', 'calls += 1;\n  return [0, 6, 5, 8, 7, 9][calls] ?? sum;')}`,
    },
  },
};
