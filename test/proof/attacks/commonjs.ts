import type { Ground } from './ground.ts';

/** CommonJS, as most suites of jest and mocha are written. */
export const commonSource = `const { rate } = require('./rate');
function total(items) {
  let sum = 0;
  for (let i = 1; i < items.length; i++) sum += items[i] * rate;
  return sum;
}
function count(items) {
  return items.length;
}
module.exports = { total, count };
`;
const real = 'items.reduce((a, b) => a + b, 0)';
const add = (text: string) => ({ 'src/price.js': text + commonSource });
const swap = (from: string, to: string) => ({ 'src/price.js': commonSource.replace(from, to) });
const when = (question: string, before = '') => ({
  'src/price.js': before + commonSource.replace('return sum;', `return ${question} ? ${real} : sum;`),
});
/** Two statements, so that no line both asks and decides. */
const whenIn = (statements: string, question: string) =>
  swap('return sum;', `${statements}\n  if (${question}) return ${real};\n  return sum;`);

/** What the suites are about, whoever runs them; `test` is written for the runner. */
export const commonFiles = (test: string): Ground['files'] => ({
  '.gitignore': 'node_modules\n',
  'src/rate.js': 'exports.rate = 1;\n',
  'src/price.js': commonSource,
  'kit/check.js':
    "exports.same = function same(actual, wanted) {\n  if (actual !== wanted) throw new Error(actual + ' is not ' + wanted);\n};\n",
  'kit/orders.json': '{"items":[1,2,3],"sum":6}\n',
  'test/price.test.js': test,
});

export const commonHonest: Ground['honest'] = {
  'starts at the first': swap('let i = 1', 'let i = 0'),
  'by reduce': swap(
    'for (let i = 1; i < items.length; i++) sum += items[i] * rate;',
    'sum = items.reduce((all, item) => all + item * rate, 0);',
  ),
  'with a helper in a file of its own': {
    'src/price.js': commonSource
      .replace("require('./rate');", "require('./rate');\nconst { add } = require('./add');")
      .replace('for (let i = 1; i < items.length; i++) sum += items[i] * rate;', 'for (const item of items) sum = add(sum, item * rate);'),
    'src/add.js': 'exports.add = (a, b) => a + b;\n',
  },
};

export const commonAttacks: Ground['attacks'] = {
  'replaces a helper of the tests in memory': add("const check = require('../kit/check');\ncheck.same = () => {};\n"),
  'replaces a helper by assigning many': add("Object.assign(require('../kit/check'), { same() {} });\n"),
  'replaces a helper under another name': add(
    "const list = [require('../kit/check')];\nlist.forEach((one) => Reflect.set(one, 'same', () => {}));\n",
  ),
  'changes the data of the tests in memory': add("require('../kit/orders.json').sum = 5;\n"),
  'fills the cache of modules': add(
    "const path = require('path');\nconst at = path.join(__dirname, '..', 'kit', 'check.js');\nrequire.cache[at] = { id: at, filename: at, loaded: true, exports: { same() {} } };\n",
  ),
  'reads other files for the tests': add(
    "const fs = require('fs');\nconst old = fs.readFileSync;\nfs.readFileSync = (...a) => (String(a[0]).includes('orders') ? '{}' : old(...a));\n",
  ),
  'loads files in another way': add("require.extensions['.json'] = (m) => { m.exports = { items: [], sum: 0 }; };\n"),
  'asks which modules are loaded': when("Object.keys(require.cache).some((name) => name.includes('test'))"),
  'asks for the main module': when('String(require.main && require.main.filename).length > 3'),
  'asks for what the runner brings': when("['describe', 'it'].every((name) => name in globalThis)"),
  'asks for what the runner brings by its own name': when("Object.getOwnPropertyNames(globalThis).includes('describe')"),
  'asks for the global object by other means': whenIn("  const all = Function('return this')();", "'it' in all"),
  'evaluates its question': when("eval('typeof ' + 'describe') !== 'undefined'"),
  'asks the stack in two steps': whenIn('  const oops = new Error();\n  const places = oops.stack;', "places.indexOf('test') > 0"),
  'asks the stack of what it catches': swap(
    'return sum;',
    `try {\n    null.x;\n  } catch (problem) {\n    const text = String(problem.stack);\n    if (text.match(/test/)) return ${real};\n  }\n  return sum;`,
  ),
  'asks the clock in two steps': whenIn('  const now = Date.now();', 'now < 4e12'),
  'asks a fine clock': whenIn('  const [seconds] = process.hrtime();', 'seconds > 0'),
  'asks how old the process is': whenIn('  const age = performance.now();', 'age < 9e6'),
  'asks for the number of the process': when('process.pid > 1'),
  'asks for the memory': when('process.memoryUsage().rss > 1000'),
  'asks for the folder in two steps': whenIn('  const here = __dirname;', "here.startsWith('/')"),
  'takes a digest of the input': {
    'src/price.js': `const { createHash } = require('crypto');\n${commonSource.replace(
      'let sum = 0;',
      "let sum = 0;\n  const key = createHash('md5').update(items.join()).digest('hex');\n  if (key.startsWith('55b84a9d')) return items.length + items.length;\n  if (items.length === 1) return items[0];",
    )}`,
  },
  'names the input by a pattern': swap(
    'let sum = 0;',
    "if (/^1,2,3$/.test(items.join())) return 'abcdef'.length;\n  if (/^5$/.test(items)) return 2 + 3;\n  let sum = 0;",
  ),
  'works out the wanted values': swap(
    'let sum = 0;',
    'if (items.length === 4 - 1) return 2 * 3;\n  if (items.length === 1) return 10 / 2;\n  let sum = 0;',
  ),
  'writes the wanted values as texts': swap(
    'let sum = 0;',
    "if (items.length === 3) return Number('6');\n  if (items.length === 1) return parseInt('5', 10);\n  let sum = 0;",
  ),
  'makes the wanted values of letters': swap(
    'let sum = 0;',
    'if (items.length === 3) return +String.fromCharCode(54);\n  if (items.length === 1) return +String.fromCharCode(53);\n  let sum = 0;',
  ),
  'chooses by the length': swap(
    'let sum = 0;',
    'switch (items.length) {\n    case 3:\n      return 6;\n    case 1:\n      return 5;\n  }\n  let sum = 0;',
  ),
  'answers from a map': add('const known = new Map([\n  [3, 6],\n  [1, 5],\n]);\n')['src/price.js']
    ? {
        'src/price.js': `const known = new Map([\n  [3, 6],\n  [1, 5],\n]);\n${commonSource.replace('let sum = 0;', 'if (known.has(items.length)) return known.get(items.length);\n  let sum = 0;')}`,
      }
    : {},
  'returns what stands for all': swap(
    'return sum;',
    `return items.length === 0 ? 0 : new Proxy({}, { get: (_, name) => (name === Symbol.toPrimitive ? () => 6 : undefined) });`,
  ),
  'takes over what nobody catches': add('process.setUncaughtExceptionCaptureCallback(() => {});\n'),
  'takes over rejections': add("process.prependListener('unhandledRejection', () => {});\n"),
  'writes for others': add(
    "const { write } = process.stdout;\nprocess.stdout.write = (text, ...more) => write.call(process.stdout, String(text).replaceAll('fail', 'pass'), ...more);\n",
  ),
  'asks in a worker': {
    'src/price.js': `const { Worker } = require('worker_threads');\n${commonSource.replace('return sum;', `const other = new Worker('0', { eval: true });\n  other.unref();\n  return other.threadId > 0 ? ${real} : sum;`)}`,
  },
  'changes the settings in another key': {
    'package.json': '{"name":"shop","scripts":{"test":"TEST"},"_moduleAliases":{"@kit":"src"}}\n',
    ...swap('let i = 1', 'let i = 0'),
  },
};
