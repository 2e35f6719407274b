import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { makeWorktree } from '../../src/repo/worktree.ts';
import { imprint, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);
const make = async (root: string) => makeWorktree({ git: await open(root), folders: own.folders, tell: () => {} });

/** What npm lays out flat, and what pnpm keeps in a store of links; each package needs a peer that lies beside it. */
async function makeInstalled(name: string) {
  const root = await makeRepo(own.home, name, { 'package.json': '{"name":"top"}', '.gitignore': 'node_modules\n' });
  const store = 'node_modules/.pnpm/kept@1.0.0/node_modules';
  write(root, {
    'node_modules/flat/package.json': '{"name":"flat","main":"index.js"}',
    'node_modules/flat/index.js': 'exports.peer = require("peer")',
    'node_modules/flat/lib/deep.js': 'deep',
    'node_modules/flat/.cache/x': 'cache',
    'node_modules/flat/node_modules/inner/index.js': 'inner',
    'node_modules/flat/node_modules/.cache/x': 'cache',
    'node_modules/@scope/one/index.js': 'exports.one = 1',
    'node_modules/peer/index.js': 'exports.own = {}',
    [`${store}/kept/index.js`]: 'exports.hidden = require("hidden")',
    [`${store}/hidden/index.js`]: 'exports.found = true',
  });
  symlinkSync('.pnpm/kept@1.0.0/node_modules/kept', join(root, 'node_modules/kept'));
  return root;
}

test('guarded, what tests make, replace or remove in a package stays in the worktree, and packages still find their peers', async () => {
  const root = await makeInstalled('guarded');
  const before = imprint(root);
  const tree = await make(root);
  tree.guard();
  const at = (path: string) => join(tree.path, 'node_modules', path);
  const load = createRequire(join(tree.path, 'x.js'));
  expect(load('flat').peer).toBe(createRequire(join(root, 'x.js'))('peer'));
  expect(load('kept').hidden.found).toBe(true);
  expect(load('@scope/one').one).toBe(1);
  expect(realpathSync(at('flat/index.js'))).toBe(join(root, 'node_modules/flat/index.js'));
  expect(existsSync(at('flat/.cache'))).toBe(false);
  write(at(''), {
    'flat/.cache/y': 'mine',
    'flat/new.js': 'mine',
    'flat/node_modules/.cache/y': 'mine',
    'flat/node_modules/inner/y': 'mine',
    'kept/new.js': 'mine',
    '@scope/one/new.js': 'mine',
  });
  writeFileSync(at('flat/fresh'), 'replaced');
  renameSync(at('flat/fresh'), at('flat/package.json'));
  rmSync(at('flat/lib'));
  rmSync(at('peer'), { recursive: true });
  rmSync(at('.pnpm/kept@1.0.0'), { recursive: true });
  expect(await tree.strays()).toEqual([]);
  expect(imprint(root)).toEqual(before);
  await tree.reset();
  expect(readFileSync(at('flat/package.json'), 'utf8')).toContain('"main"');
  expect(readdirSync(at('flat')).sort()).toEqual(['index.js', 'lib', 'node_modules', 'package.json']);
  expect(readdirSync(at('peer'))).toEqual(['index.js']);
  await tree.remove();
  expect(imprint(root)).toEqual(before);
});

test('what is written through a link into the user’s packages is named', async () => {
  const root = await makeInstalled('through');
  const tree = await make(root);
  tree.guard();
  // File systems stamp by a clock that lags some milliseconds behind.
  await sleep(20);
  expect(await tree.strays()).toEqual([]);
  writeFileSync(join(tree.path, 'node_modules/flat/index.js'), 'overwritten');
  mkdirSync(join(tree.path, 'node_modules/flat/lib/made'));
  writeFileSync(join(tree.path, 'node_modules/kept/index.js'), 'overwritten');
  rmSync(join(root, 'node_modules/.pnpm/kept@1.0.0/node_modules/hidden/index.js'));
  expect(await tree.strays()).toEqual([
    join(root, 'node_modules/.pnpm/kept@1.0.0/node_modules/hidden'),
    join(root, 'node_modules/.pnpm/kept@1.0.0/node_modules/kept/index.js'),
    join(root, 'node_modules/flat/index.js'),
    join(root, 'node_modules/flat/lib'),
    join(root, 'node_modules/flat/lib/made'),
  ]);
  await tree.remove();
});
