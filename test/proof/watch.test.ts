import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { watchFlags } from '../../src/proof/watch/flags.ts';
import { makeWatch, type Seen } from '../../src/proof/watch/watch.ts';
import type { Suite } from '../../src/schema/run.ts';
import { makeHome, write } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
const suite: Suite = { runner: 'node:test', argv: ['node', '--test'], cwd: '', env: {}, why: 'a test' };

/** What a program that is started with the watch asks and replaces. */
async function see(name: string, argv: readonly string[], files: Readonly<Record<string, string>>): Promise<Seen> {
  const root = join(own.home, name);
  const folder = join(own.home, `${name}-watch`);
  mkdirSync(folder, { recursive: true });
  write(root, files);
  const watch = makeWatch(suite, folder, undefined);
  const { exitCode, stderr } = await runProcess({ argv, cwd: root, env: { ...own.env, ...watch.suite.env } });
  expect(`${exitCode} ${stderr}`).toMatch(/^0 /);
  return watch.read();
}

test('whatever spelling hides a question or a replacement, a Node process tells of it', async () => {
  const seen = await see('script', [process.execPath, 'main.mjs'], {
    'main.mjs': `import assert from 'node:assert';
import { readFileSync } from 'node:fs';
const hidden = globalThis['proc' + 'ess'];
hidden['en' + 'v']['HO' + 'ME'];
hidden['ar' + 'gv'].length;
readFileSync(new URL('test/a.test.js', import.meta.url));
const old = assert.equal;
assert['eq' + 'ual'] = () => {};
assert.equal = old;
`,
    'test/a.test.js': '',
  });
  expect(seen.asked).toEqual([
    { kind: 'variable', what: 'HOME', by: 'main.mjs' },
    { kind: 'process', what: 'argv', by: 'main.mjs' },
    { kind: 'file', what: 'test/a.test.js', by: 'main.mjs' },
  ]);
  expect([...seen.functions].join()).toContain('assert.equal');
  expect(seen.lost).toBe(false);
});

test('a Python process tells of it as well', async () => {
  const seen = await see('python', ['python3', 'main.py'], {
    'main.py': `import os, sys, gc
import kit
os.environ.get("HO" + "ME")
getattr(sys, "ar" + "gv")[0]
getattr(gc, "get_" + "objects")()
open("tests/test_a.py").read()
kit.same.__code__ = (lambda a, b: None).__code__
`,
    'kit.py': 'def same(a, b):\n    assert a == b\n',
    'tests/test_a.py': '',
  });
  const asked = seen.asked.map(({ kind, what }) => `${kind} ${what}`);
  expect(asked).toEqual(expect.arrayContaining(['variable HOME', 'process argv', 'objects gc.get_objects', 'file tests/test_a.py']));
  expect(seen.own.get('kit.py same')).toMatch(/^same = /);
});

test('what was asked before the patch, or belongs to nobody’s test, is no flag', () => {
  const seen = (asked: Seen['asked'], functions: readonly string[] = [], same = 'same = 1'): Seen => ({
    asked,
    functions: new Set(functions),
    own: new Map([['test/kit.py same', same]]),
    lost: false,
  });
  const before = seen([
    { kind: 'variable', what: 'OLD', by: 'src/a.js' },
    { kind: 'file', what: 'kit/orders.json', by: 'test/a.test.js' },
    { kind: 'file', what: 'data/rates.json', by: 'src/b.js' },
  ]);
  const changes = [{ path: 'src/a.js', before: 'NAMED', after: '' }];
  const isTest = (path: string) => path.startsWith('test/');
  const flags = (after: Seen) => watchFlags({ before, after, suite, changes, isTest }).map(({ flag }) => flag);
  const ask = (kind: string, what: string, by = 'src/a.js') => flags(seen([{ kind, what, by }]));
  expect(ask('variable', 'OLD')).toEqual([]);
  expect(ask('variable', 'NAMED')).toEqual([]);
  expect(ask('variable', 'CI', 'src/other.js')).toEqual([]);
  expect(ask('file', 'data/rates.json')).toEqual([]);
  expect(ask('variable', 'CI')).toEqual(['surroundings_asked']);
  expect(ask('file', 'test/a.test.js')).toEqual(['test_read']);
  expect(ask('file', 'kit/orders.json')).toEqual(['test_read']);
  expect(flags(seen([], ['{"changed":"assert.equal"}']))).toEqual(['functions_replaced']);
  expect(flags(seen([], [], 'same = 2'))).toEqual(['functions_replaced']);
});
