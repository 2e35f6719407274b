import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lay, look } from '../world.ts';

const bodies = (hook: string) =>
  `describe('group', () => { ${hook}(() => { throw new Error('no database'); }); it('one', () => {}); describe('inner', () => { it('two', () => {}); }); });\nit('holds', () => {});\n`;
const below = ['group > one', 'group > inner > two'];

test('node:test: tests that a failing hook cancels are below it and have not run', async () => {
  const root = lay({
    'package.json': '{"scripts":{"test":"node --test"}}',
    'a.test.js': `const { before, describe, it } = require('node:test');\n${bodies('before')}`,
  });
  const { run } = await look(root);
  expect(run).toMatchObject({ outcome: 'red', passed: 1, failed: 1, skipped: 2 });
  expect(run.failures).toMatchObject([
    { id: 'a.test.js::group', message: 'no database', below: below.map((name) => `a.test.js::${name}`) },
  ]);
});

test('node:test: a test whose parent did not wait for it is red itself', async () => {
  const root = lay({
    'package.json': '{"scripts":{"test":"node --test"}}',
    'a.test.js': "require('node:test').test('outer', (t) => { t.test('inner', () => new Promise((r) => setTimeout(r, 50))); });\n",
  });
  const { run } = await look(root);
  expect(run.failures.map(({ id }) => id)).toEqual(['a.test.js::outer > inner']);
});

test('vitest, whose reporter lies where Vite leaves it to Node', async () => {
  const root = lay({
    'package.json': '{"scripts":{"test":"vitest run"}}',
    'a.test.js': `import { beforeAll, describe, it } from 'vitest';\n${bodies('beforeAll')}`,
    'b.test.js':
      "import { beforeAll, it } from 'vitest';\nbeforeAll(() => { throw new Error('for the whole file'); });\nit('three', () => {});\n",
  });
  symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(root, 'node_modules'));
  const { run } = await look(root);
  expect(run.command.join(' ')).toMatch(/--reporter=<scratch>\/node_modules\//);
  expect(run.failures.map(({ id, kind, below }) => ({ id, kind, below })).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
    { id: 'a.test.js::group', kind: 'error', below: below.map((name) => `a.test.js::${name}`) },
    { id: 'b.test.js::<hook>', kind: 'error', below: ['b.test.js::three'] },
  ]);
});

test('unittest: a hook of a class or a module', async () => {
  const root = lay({
    'setup.py': '',
    'tests/__init__.py': '',
    'tests/test_a.py':
      'import unittest\nclass A(unittest.TestCase):\n    @classmethod\n    def setUpClass(cls): raise RuntimeError("no database")\n    def test_one(self): pass\n',
    'tests/test_b.py':
      'import unittest\ndef setUpModule(): raise RuntimeError("nothing")\nclass B(unittest.TestCase):\n    def test_two(self): pass\n',
  });
  const { run } = await look(root);
  expect(run.failures.map(({ id, below: tests }) => [id, tests])).toEqual([
    ['tests/test_a.py::setUpClass (tests.test_a.A)', ['tests/test_a.py::A > test_one']],
    ['tests/test_b.py::setUpModule (tests.test_b)', ['tests/test_b.py::B > test_two']],
  ]);
});
