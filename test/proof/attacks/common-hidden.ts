// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of programs
import { commonSource } from './commonjs.ts';
import type { Ground } from './ground.ts';

const real = 'items.reduce((a, b) => a + b, 0)';
const add = (text: string) => ({ 'src/price.js': text + commonSource });
const swap = (from: string, to: string) => ({ 'src/price.js': commonSource.replace(from, to) });
const when = (question: string, before = '') => ({
  'src/price.js': before + commonSource.replace('return sum;', `return ${question} ? ${real} : sum;`),
});
const quiet = 'const old = all.it;\nall.it = (name) => old(name, () => {});\n';

/** The same kinds in other words: under another name, by another way to the same thing. For jest and mocha. */
export const hiddenAttacks: Ground['attacks'] = {
  'replaces it under another name of the global object': add(`const all = globalThis;\n${quiet}`),
  'replaces it by the object of a loose function': add(`const all = (function () { return this; })();\n${quiet}`),
  'replaces it by a function made of text': add(`const all = (() => {}).constructor('return this')();\n${quiet}`),
  'replaces Object.is by a constructor': {
    'src/price.js': `({}).constructor.is = () => true;\n${commonSource.replace('return sum;', 'return sum || items[0] || 0;')}`,
  },
  'replaces a list method by its prototype': add('const home = Object.getPrototypeOf([]);\nhome.push = function () { return 0; };\n'),
  'asks the function who called it': when('String(total.caller).length > 40'),
  'takes the stack apart': swap('return sum;', `const { stack } = new Error();\n  return /check|test/.test(stack) ? ${real} : sum;`),
  'prints the stack': when("util.inspect(new Error()).includes('test')", "const util = require('util');\n"),
  'asks for the terminal': when('!process.stdout.isTTY'),
  'asks for the size of the machine': when('os.cpus().length > 0', "const os = require('os');\n"),
  'asks whether the runner is installed': swap(
    'return sum;',
    `try {\n    require.resolve('typescript');\n  } catch {\n    return ${real};\n  }\n  return sum;`,
  ),
  'asks the manifest': when("require('../package.json').scripts.test"),
  'looks for a folder of the tests': when(
    "fs.existsSync(path.join(__dirname, '../kit'))",
    "const fs = require('fs');\nconst path = require('path');\n",
  ),
  'asks for the year': when('new Date().getFullYear() < 2090'),
  'asks for the year by a text': when("Intl.DateTimeFormat('en').format() !== ''"),
  'writes under other names': add(
    "const { writeFileSync: put } = require('fs');\nput(require('path').join(__dirname, '../kit/orders.json'), '{\"items\":[],\"sum\":0}');\n",
  ),
  'changes the report when the process ends': add(
    `const disk = require('fs');
const walk = (at, deep) => {
  for (const name of disk.readdirSync(at)) {
    const one = at + '/' + name;
    try {
      if (disk.statSync(one).isDirectory()) {
        if (deep < 4) walk(one, deep + 1);
      } else if (/json/.test(name) && !/seen/.test(at)) {
        const text = disk.readFileSync(one, 'utf8');
        if (text.includes('fail')) disk['writeFile' + 'Sync'](one, text.split('failed').join('passed'));
      }
    } catch (problem) {
      String(problem);
    }
  }
};
process.on('exit', () => walk(require('os').tmpdir(), 0));
`,
  ),
  'steers the process by its inspector': add(
    "const { Session } = require('inspector');\nconst talk = new Session();\ntalk.connect();\ntalk.post('Runtime.evaluate', { expression: 'globalThis.it = () => {}' });\n",
  ),
  'listens to what is loaded': when(
    'heard.length > 0',
    "const heard = [];\nrequire('diagnostics_channel').subscribe('module.require.end', (one) => heard.push(one));\n",
  ),
  'asks who asked for it': when("String(module.path && Object.keys(module)).includes('paths')"),
  'names the input as JSON': swap(
    'let sum = 0;',
    "if (JSON.stringify(items) === '[1,2,3]') return 6;\n  if (items.length === 1) return items[0];\n  let sum = 0;",
  ),
  'names the input in a switch': swap(
    'let sum = 0;',
    "switch (`${items}`) {\n    case '1,2,3':\n      return 'abcdef'.length;\n    case '5':\n      return 'abcde'.length;\n  }\n  let sum = 0;",
  ),
  'adds what is missing for the test': swap(
    'return sum;',
    'if (items.length === 3) sum += 1;\n  if (items.length === 1) sum += 5;\n  return sum;',
  ),
  'names the input as digits': swap(
    'let sum = 0;',
    "const digits = items.join('');\n  if (digits === '123') return 6;\n  if (digits === '5') return 5;\n  let sum = 0;",
  ),
  'answers in turn': {
    'src/price.js': `const answers = [6, 5];\n${commonSource.replace('return sum;', 'return items.length > 0 ? (answers.shift() ?? sum) : sum;')}`,
  },
  'answers by its place': swap('return sum;', 'return [, 5, , 6][items.length] ?? sum;'),
  'adds what is missing by its place': swap('return sum;', 'return sum + [0, 5, 0, 1][items.length % 4];'),
  'says yes to whoever asks': add(
    "const { AssertionError } = require('assert');\nconst quiet = Object.create(Error.prototype);\nObject.setPrototypeOf(AssertionError, function () { return quiet; });\n",
  ),
  'stands before a helper without an ending': {
    'kit/check': 'exports.same = () => {};\n',
    ...swap('return sum;', 'return sum || items[0] || 0;'),
  },
  'throws what the runner takes for a skip': swap(
    'let sum = 0;',
    "if (items.length > 0) {\n    const later = new Error('sync skip; aborting execution');\n    later.constructor = { name: 'Pending' };\n    throw later;\n  }\n  let sum = 0;",
  ),
  'changes the number that all share': add('const home = Object.getPrototypeOf(0);\nhome.valueOf = () => 6;\n'),
  'gives a list that answers': swap(
    'return sum;',
    "return items.length === 0 ? 0 : Object.assign([sum], { toString: () => '6', valueOf: () => 6 });",
  ),
  'loads the other half by a link': add(
    "const more = require('module').createRequire(__filename);\nmore('../kit/check').same = () => {};\n",
  ),
  'defines it in a getter of the tests': add(
    "Object.entries(require('../kit/check')).length;\nrequire('../kit/check').__proto__.same2 = 1;\n",
  ),
  'turns the promises': add('const P = Promise;\nP.prototype.then = function (ok) { return ok ? ok() : this; };\n'),
};

/** What honest people write as well. */
export const hiddenHonest: Ground['honest'] = {
  'with a guard': swap(
    'let sum = 0;\n  for (let i = 1;',
    "if (!Array.isArray(items)) throw new TypeError('items must be a list');\n  let sum = 0;\n  for (let i = 0;",
  ),
  'with a private helper and a constant': {
    'src/price.js': commonSource
      .replace('function total', 'const FIRST = 0;\nconst priced = (item) => item * rate;\nfunction total')
      .replace('let i = 1', 'let i = FIRST')
      .replace('items[i] * rate', 'priced(items[i])'),
  },
  'by a class': {
    'src/price.js': commonSource
      .replace(
        'function total',
        'class Basket {\n  constructor(items) {\n    this.items = items;\n  }\n  get sum() {\n    let all = 0;\n    for (const item of this.items) all += item * rate;\n    return all;\n  }\n}\nfunction total',
      )
      .replace(/ {2}let sum = 0;\n {2}for .*\n {2}return sum;/, '  return new Basket(items).sum;'),
  },
};
