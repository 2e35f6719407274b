import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { trace } from '../../src/coverage/trace.ts';
import { observe } from '../../src/proof/observe.ts';
import type { Tell } from '../../src/schema/model.ts';
import { doors } from '../suite/world.ts';

/** In a folder with a blank in its path, and a temporary folder of its own that must be empty in the end. */
function lay(files: Readonly<Record<string, string>>) {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'trace-')));
  const root = join(home, 'the repository');
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(home, 'tmp'));
  return { root, temp: join(home, 'tmp') };
}

async function traceAll(
  files: Readonly<Record<string, string>>,
  settle: (root: string) => void = () => {},
  timeoutMs = 60_000,
  extra: Readonly<Record<string, string>> = {},
) {
  const { root, temp } = lay(files);
  settle(root);
  const said: string[] = [];
  const base = doors(extra);
  const tell: Tell = (event) => {
    if ('message' in event && event.message !== undefined) said.push(event.message);
  };
  const deps = { ...base, folders: { ...base.folders, temp }, tell };
  const list = () =>
    readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('node_modules/'))
      .sort();
  const before = list();
  const { suite, suites, run, groups } = await observe({ root, within: '', git: undefined, timeoutMs: 60_000, envNames: [] }, deps);
  const failure = groups[0]?.first;
  if (!failure) throw new Error(`nothing failed: ${run.outcome} ${run.output}`);
  const found = await trace({ root, suite, suites, run, failure, timeoutMs, envNames: [] }, deps);
  expect(list(), 'nothing is left in the repository').toEqual(before);
  expect(readdirSync(temp), 'nothing is left in the temporary folder').toEqual([]);
  return { found, said };
}

const has = (program: string, ...args: string[]) => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Line 1: ran by both; 5: by the failing test alone; 9: by the passing one alone. */
const shop = (head: string) => `${head} both(n) {
  return n;
}

${head} wrong(n) {
  return n + 1;
}

${head} right(n) {
  return n;
}
`;
const unused = 'export const never = () => 1;\n';
const cases = (from: string) => `${from}
test('fails', () => assert.strictEqual(wrong(both(1)), 1));
test('passes', () => assert.strictEqual(right(both(1)), 1));
`;
const nodeHead = "import test from 'node:test';\nimport assert from 'node:assert';\nimport { both, wrong, right } from '../src/shop.js';";

test('node:test: what the failing test ran, and what the passing one of its file ran', async () => {
  const { found } = await traceAll({
    'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
    'src/shop.js': shop('export function'),
    'src/unused.js': unused,
    'test/shop.test.js': cases(nodeHead),
  });
  expect(found?.coverage.get('src/shop.js')).toEqual([1, 5]);
  expect(found?.passing?.get('src/shop.js')).toEqual([1, 9]);
  expect(found?.coverage.has('src/unused.js')).toBe(false);
});

test('code of a child process is seen; all failures count, and files that were loaded alone have no lines', async () => {
  const { found } = await traceAll({
    'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
    'src/shop.js': shop('export function'),
    'src/data.js': 'export const data = [1];\nexport function unread() {\n  return data;\n}\n',
    'src/main.js': "import { wrong } from './shop.js';\nimport './data.js';\nprocess.exitCode = wrong(0);\n",
    'test/a.test.js':
      "import test from 'node:test';\nimport { execFileSync } from 'node:child_process';\ntest('starts', () => execFileSync(process.execPath, ['src/main.js']));\n",
    'test/b.test.js':
      "import test from 'node:test';\nimport assert from 'node:assert';\nimport { right } from '../src/shop.js';\ntest('other', () => assert.strictEqual(right(1), 2));\n",
  });
  expect(found?.coverage.get('src/shop.js')).toEqual([5, 9]);
  expect(found?.coverage.get('src/data.js')).toEqual([]);
  expect(found?.passing).toBeUndefined();
});

test('vitest: through the source map of what it compiled', async () => {
  const { found } = await traceAll(
    {
      'package.json': '{"type":"module","scripts":{"test":"vitest run"},"devDependencies":{"vitest":"4"}}',
      'src/shop.ts': `type Big = {\n  n: number;\n};\n${shop('export function').replaceAll('(n)', '(n: Big["n"])')}`,
      'src/unused.ts': unused,
      'test/shop.test.ts': cases(
        "import { test } from 'vitest';\nimport assert from 'node:assert';\nimport { both, wrong, right } from '../src/shop.ts';",
      ),
    },
    (root) => symlinkSync(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules')),
  );
  expect(found?.coverage.get('src/shop.ts')).toEqual([4, 8]);
  expect(found?.passing?.get('src/shop.ts')).toEqual([4, 12]);
  expect(found?.coverage.has('src/unused.ts')).toBe(false);
});

const clamp = 'function clamp(n) {\n  return n + 1;\n}\n';

test('a function that starts the file is seen, with a wrapper of the runner before it and without', async () => {
  const plain = await traceAll({
    'package.json': '{"scripts":{"test":"node --test"}}',
    'clamp.js': `${clamp}module.exports = { clamp };\n`,
    'a.test.js':
      "const { clamp } = require('./clamp.js');\nrequire('node:test')('fails', () => require('node:assert').equal(clamp(1), 1));\n",
  });
  expect(plain.found?.coverage.get('clamp.js')).toEqual([1]);
  const wrapped = await traceAll(
    {
      'package.json': '{"type":"module","scripts":{"test":"vitest run"},"devDependencies":{"vitest":"4"}}',
      'clamp.ts': `export ${clamp}`,
      'a.test.ts':
        "import { expect, test } from 'vitest';\nimport { clamp } from './clamp';\ntest('fails', () => expect(clamp(1)).toBe(1));\n",
    },
    (root) => symlinkSync(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules')),
  );
  expect(wrapped.found?.coverage.get('clamp.ts')).toEqual([1]);
});

test('a test that fails otherwise when it is counted gives no trace', async () => {
  const { found, said } = await traceAll({
    'package.json': '{"type":"module","scripts":{"test":"node --test"}}',
    'a.test.js':
      "import test from 'node:test';\nimport assert from 'node:assert';\ntest('red', () => {\n  assert.ok(!process.env.NODE_OPTIONS, 'the options of node are set');\n  assert.equal(1, 2);\n});\n",
  });
  expect(found).toBeUndefined();
  expect(said.at(-1)).toBe('no coverage: the test failed otherwise while it was counted');
});

test('a variable that tests may not see is not brought back by the tracer', async () => {
  const secret = `ghp_${'k3Jf9QzX7vB2mNw8'.repeat(3).slice(0, 36)}`;
  const { found } = await traceAll(
    {
      'package.json': '{"scripts":{"test":"node --test"}}',
      'seen.js': 'exports.seen = () => 1;\n',
      'hidden.js': 'exports.hidden = () => 1;\n',
      'a.test.js':
        "const seen = /title/.test(process.env.NODE_OPTIONS);\nseen ? require('./seen.js').seen() : require('./hidden.js').hidden();\nrequire('node:test')('red', () => { throw new Error('red'); });\n",
    },
    () => {},
    60_000,
    { NODE_OPTIONS: `--title=${secret}` },
  );
  expect([...(found?.coverage.keys() ?? [])]).toEqual(['a.test.js', 'hidden.js']);
});

const python = `def both(n):
    return n


def wrong(n):
    return n + 1


class Right:
    def right(self, n):
        return n
`;

test.skipIf(!has('python3', '-V'))('unittest: functions by their own line and that of their body; not modules and classes', async () => {
  const { found } = await traceAll({
    'shop.py': python,
    'unused.py': 'def never():\n    return 1\n',
    'tests/__init__.py': '',
    'tests/test_shop.py':
      'import unittest\nfrom shop import both, wrong, Right\n\nclass Shop(unittest.TestCase):\n    def test_fails(self):\n        self.assertEqual(wrong(both(1)), 1)\n\n    def test_passes(self):\n        self.assertEqual(Right().right(both(1)), 1)\n',
  });
  expect(found?.coverage.get('shop.py')).toEqual([1, 2, 5, 6]);
  expect(found?.passing?.get('shop.py')).toEqual([1, 2, 10, 11]);
  expect(found?.coverage.has('unused.py')).toBe(false);
});

test.skipIf(!has('python3', '-c', 'import pytest'))('pytest: also what a child process ran', async () => {
  const { found } = await traceAll({
    'pyproject.toml': '[tool.pytest.ini_options]\npythonpath = ["."]\n',
    'shop.py': python,
    'test_shop.py':
      'import subprocess, sys\nfrom shop import both\n\ndef test_fails():\n    assert both(1) == int(subprocess.check_output([sys.executable, "-c", "import shop; print(shop.wrong(1))"]))\n\ndef test_passes():\n    assert both(1) == 1\n',
  });
  expect(found?.coverage.get('shop.py')).toEqual([1, 2, 5, 6]);
  expect(found?.passing?.get('shop.py')).toEqual([1, 2]);
});

test.skipIf(!has('python3', '-V'))(
  'python: code without a file is no file; where the count was taken away, what a child ran is not all',
  async () => {
    const made = await traceAll({
      'tests/__init__.py': '',
      'shop.py': 'exec("def made(n):\\n    return n")\n\ndef wrong(n):\n    return made(n)\n',
      'tests/test_shop.py':
        'import unittest\nfrom shop import wrong\n\nclass Shop(unittest.TestCase):\n    def test_fails(self):\n        self.assertEqual(wrong(1), 2)\n',
    });
    expect([...(made.found?.coverage.keys() ?? [])]).toEqual(['shop.py', 'tests/__init__.py', 'tests/test_shop.py']);
    const taken = await traceAll({
      'tests/__init__.py': '',
      'shop.py': python,
      'tests/test_shop.py':
        'import subprocess, sys, unittest\nfrom shop import wrong\n\nclass Shop(unittest.TestCase):\n    def test_fails(self):\n        subprocess.check_output([sys.executable, "-c", "import shop; shop.both(1)"])\n        hasattr(sys, "monitoring") or sys.setprofile(None)\n        self.assertEqual(wrong(1), 1)\n',
    });
    expect(taken.found?.coverage.get('shop.py') ?? [5]).toContain(5);
  },
);

test.skipIf(!has('go', 'version'))('go: every package of the module', async () => {
  const { found } = await traceAll({
    'go.mod': 'module example.com/shop\n\ngo 1.18\n',
    'price/price.go': 'package price\n\nfunc Wrong(n int) int {\n\treturn n + 1\n}\n\nfunc Right(n int) int {\n\treturn n\n}\n',
    'cart/cart.go':
      'package cart\n\nimport "example.com/shop/price"\n\nfunc Total(n int) int {\n\treturn price.Wrong(n)\n}\n\nfunc Fine(n int) int {\n\treturn price.Right(n)\n}\n',
    'cart/cart_test.go':
      'package cart\n\nimport "testing"\n\nfunc TestFails(t *testing.T) {\n\tif Total(1) != 1 {\n\t\tt.Fatal("total")\n\t}\n}\n\nfunc TestPasses(t *testing.T) {\n\tif Fine(1) != 1 {\n\t\tt.Fatal("fine")\n\t}\n}\n',
  });
  expect(found?.coverage.get('price/price.go')).toEqual([3]);
  expect(found?.coverage.get('cart/cart.go')).toEqual([5]);
  expect(found?.passing?.get('price/price.go')).toEqual([7]);
});

test('what cannot be traced says why and stops nothing: a test that hangs when it is alone, another runner, a setting', async () => {
  const hanging = await traceAll(
    {
      'package.json': '{"scripts":{"test":"node --test"}}',
      'a.test.js': `const test = require('node:test');
let turn = 0;
test('first', () => { turn = 1; });
test('second', () => { if (turn === 0) for (;;); throw new Error('red'); });
`,
    },
    () => {},
    4_000,
  );
  expect(hanging.found).toBeUndefined();
  expect(hanging.said.at(-1)).toMatch(/^no coverage: the tests took too long/);
  const files = {
    'package.json': '{"scripts":{"test":"node --test"}}',
    'a.test.js': "require('node:test')('red', () => { throw new Error('red'); });\n",
  };
  const off = await traceAll({ ...files, 'glm-skill.config.json': '{"coverage": false}' });
  expect(off.said.at(-1)).toBe('no coverage: a setting switches it off');
  const script = await traceAll({
    'package.json': '{"scripts":{"test":"node run.js"}}',
    'run.js': "console.log('TAP version 13\\nnot ok 1 - red\\n1..1');process.exitCode = 1;\n",
  });
  expect(script.said.at(-1)).toMatch(/^no coverage: command gives none/);
});
