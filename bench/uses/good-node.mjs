// Honest tests of a small module for node:test, each in a style that people write.
const kit = `import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

export function slug(text) {
  return text.trim().toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

export async function retry(task, times) {
  for (let turn = 1; ; turn++) {
    try {
      return await task(turn);
    } catch (error) {
      if (turn >= times) throw error;
    }
  }
}

export async function readSettings(path) {
  const text = await readFile(path, 'utf8');
  const settings = JSON.parse(text);
  if (typeof settings.port !== 'number') throw new TypeError('port is no number');
  return { host: 'localhost', ...settings };
}

export function save(path, rows) {
  writeFileSync(path, rows.map((row) => row.join(',')).join('\\n'));
  return rows.length;
}

export class Stack {
  #items = [];
  push(item) {
    this.#items.push(item);
    return this;
  }
  pop() {
    if (this.#items.length === 0) throw new RangeError('empty');
    return this.#items.pop();
  }
  get size() {
    return this.#items.length;
  }
}

export function depth(tree) {
  return 1 + Math.max(0, ...(tree.children ?? []).map(depth));
}

export function notify(users, send) {
  let sent = 0;
  for (const user of users) {
    if (user.muted) continue;
    send(user.name, 'hello');
    sent++;
  }
  return sent;
}

export function after(ms, call) {
  return setTimeout(() => call('done'), ms * 2);
}

export function version(program) {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
}

export function table(rows) {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => name.padEnd(width + 1) + value).join('\\n');
}

if (process.argv[1]?.endsWith('kit.js') && process.argv[2]) {
  process.stdout.write(slug(process.argv[2]));
  process.exitCode = process.argv[2] === 'bad' ? 3 : 0;
}

export function size(path) {
  return readFileSync(path).length;
}
`;
const head = "import { test, describe, it, before, after, beforeEach, mock } from 'node:test';\nimport assert from 'node:assert/strict';\n";
const from = (names) => `${head}import { ${names} } from '../src/kit.js';\n`;

export const node = {
  target: 'src/kit.js',
  path: (number) => `test/new-${number}.test.js`,
  files: {
    'package.json': '{ "name": "kit", "type": "module", "scripts": { "test": "node --test test/" } }\n',
    'src/kit.js': kit,
    'test/kit.test.js': `${from('slug')}\ntest('slug', () => assert.equal(slug(' A b '), 'a-b'));\n`,
  },
  tests: {
    parametrised: `${from('depth')}
for (const [tree, expected] of [[{}, 1], [{ children: [{}] }, 2], [{ children: [{}, { children: [{}] }] }, 3]])
  test(\`depth of \${JSON.stringify(tree)} is \${expected}\`, () => assert.equal(depth(tree), expected));`,
    async: `${from('retry')}
test('retry gives the first result', async () => {
  const turns = [];
  const result = await retry(async (turn) => {
    turns.push(turn);
    if (turn < 3) throw new Error('not yet');
    return 'ok';
  }, 5);
  assert.equal(result, 'ok');
  assert.deepEqual(turns, [1, 2, 3]);
});
test('retry gives up', async () => {
  await assert.rejects(retry(async () => { throw new Error('never'); }, 2), /never/);
});`,
    'tmp folder': `import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
${from('save')}
describe('save', () => {
  let folder;
  before(() => { folder = mkdtempSync(join(tmpdir(), 'kit-')); });
  after(() => rmSync(folder, { recursive: true }));
  it('writes rows', () => {
    const path = join(folder, 'a.csv');
    assert.equal(save(path, [[1, 2], [3, 4]]), 2);
    assert.equal(readFileSync(path, 'utf8'), '1,2\\n3,4');
  });
});`,
    mocks: `${from('notify')}
test('notify leaves out who is muted', () => {
  const send = mock.fn();
  assert.equal(notify([{ name: 'a' }, { name: 'b', muted: true }, { name: 'c' }], send), 2);
  assert.deepEqual(send.mock.calls.map((call) => call.arguments), [['a', 'hello'], ['c', 'hello']]);
});`,
    timers: `${from('after as later')}
test('after waits twice as long', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const call = t.mock.fn();
  later(50, call);
  t.mock.timers.tick(99);
  assert.equal(call.mock.callCount(), 0);
  t.mock.timers.tick(1);
  assert.deepEqual(call.mock.calls[0].arguments, ['done']);
});`,
    subtests: `${from('Stack')}
test('Stack', async (t) => {
  await t.test('gives the last first', () => {
    const stack = new Stack().push(1).push(2);
    assert.equal(stack.size, 2);
    assert.equal(stack.pop(), 2);
    assert.equal(stack.pop(), 1);
  });
  await t.test('throws where it is empty', () => assert.throws(() => new Stack().pop(), { name: 'RangeError', message: 'empty' }));
});`,
    recursion: `${from('depth')}
test('a circle ends in a RangeError', () => {
  const tree = { children: [] };
  tree.children.push(tree);
  assert.throws(() => depth(tree), RangeError);
});
test('deep', () => {
  let tree = {};
  for (let level = 1; level < 500; level++) tree = { children: [tree] };
  assert.equal(depth(tree), 500);
});`,
    'child process': `import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
${head}
const program = fileURLToPath(new URL('../src/kit.js', import.meta.url));
test('the program prints the slug', () => {
  const { stdout, status } = spawnSync(process.execPath, [program, 'Ab c'], { encoding: 'utf8' });
  assert.equal(stdout, 'ab-c');
  assert.equal(status, 0);
});
test('the program says bad', () => assert.equal(spawnSync(process.execPath, [program, 'bad']).status, 3));`,
    'inline snapshot': `${from('table')}
test('table', () => {
  assert.equal(
    table([['a', 1], ['long', 22]]),
    \`a    1
long 22\`,
  );
});`,
    'error cases': `import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
${from('readSettings')}
describe('readSettings', () => {
  const folders = [];
  const settings = async (text) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'kit-'));
    folders.push(folder);
    await writeFile(path.join(folder, 's.json'), text);
    return path.join(folder, 's.json');
  };
  after(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));
  it('reads', async () => assert.deepEqual(await readSettings(await settings('{"port":1}')), { host: 'localhost', port: 1 }));
  it('refuses no JSON', async () => assert.rejects(readSettings(await settings('{')), SyntaxError));
  it('refuses no port', async () => assert.rejects(readSettings(await settings('{}')), { name: 'TypeError', message: 'port is no number' }));
  it('refuses what is not there', () => assert.rejects(readSettings('/no/such'), { code: 'ENOENT' }));
});`,
  },
};
