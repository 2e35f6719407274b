import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeWorktree } from '../../src/repo/worktree.ts';
import { bubblewrap } from '../../src/safety/sandbox/bubblewrap.ts';
import { imprint, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);
const make = async (root: string) => makeWorktree({ git: await open(root), folders: own.folders, tell: () => {} });

test('modules beside and packages above a repository lie there for the worktree; folders without a manifest do not', async () => {
  const space = join(own.home, 'space');
  write(space, {
    'go.work': 'go 1.22\n\nuse (\n\t./app\n\t./member // here\n)\n',
    'member/go.mod': 'module member\n',
    'lib/go.mod': 'module lib\n',
    'kit/package.json': '{"name":"kit"}',
    'crate/Cargo.toml': '[package]\n',
    'trees/go.mod': 'module trees\n',
    'private/key': 'secret',
    'node_modules/tool/index.js': 'tool',
    'vitest.config.ts': 'export default { test: { globals: true } };',
    '.env': 'KEY=secret',
    '.npmrc': '//registry/:_authToken=secret',
  });
  const root = await makeRepo(space, 'app', {
    'go.mod': 'module app\n\nreplace (\n\tlib v1 => ../lib\n\tledger => ../trees\n\tprivate => ../private\n)\n',
    'sub/package.json': '{"name":"sub","dependencies":{"kit":"link:../../kit","private":"file:../../private"}}',
    'sub/Cargo.toml': '[dependencies]\ncrate = { path = "../../crate" }\n',
  });
  const before = imprint(space);
  const tree = await make(root);
  const room = dirname(tree.path);
  for (const name of ['lib', 'kit', 'crate', 'member', 'node_modules']) expect(realpathSync(join(room, name))).toBe(join(space, name));
  expect(readFileSync(join(room, 'go.work'), 'utf8')).toContain('./app');
  expect(readFileSync(join(room, 'vitest.config.ts'), 'utf8')).toContain('globals');
  expect(lstatSync(join(room, 'vitest.config.ts')).isFile()).toBe(true);
  for (const name of ['private', '.env', '.npmrc']) expect(existsSync(join(room, name))).toBe(false);
  expect(existsSync(join(room, 'trees/go.mod'))).toBe(false);
  expect(tree.notes.join(' ')).toContain(join(space, 'trees'));
  expect(tree.neighbours.map(({ target }) => target).sort()).toEqual(
    ['crate', 'kit', 'lib', 'member', 'node_modules'].map((name) => join(space, name)),
  );
  const reach = { cwd: tree.path, writable: [tree.path], readable: tree.borrowed, links: tree.neighbours };
  expect(bubblewrap('bwrap', ['true'], reach, own.home).join(' ')).toContain(`--symlink ${join(space, 'lib')} ${join(room, 'lib')}`);
  const covered = bubblewrap('bwrap', ['true'], { ...reach, writable: [dirname(room)] }, own.home);
  expect(covered.join(' ')).not.toContain(join(room, 'lib'));
  await tree.remove();
  expect(imprint(space)).toEqual(before);
});

test('a Plug’n’Play map finds the cache in the home folder from the worktree, after a reset too', async () => {
  const cache = join(own.home, '.yarn/berry/cache');
  write(cache, { 'ms.zip': 'zip' });
  const root = await makeRepo(own.home, 'plug/deep', { '.gitignore': '.pnp.*\n.yarn\n', 'package.json': '{}' });
  const map = ['./', './packages/a/', '../../.yarn/berry/cache/ms.zip/node_modules/ms/'];
  map.push('./.yarn/__virtual__/ms-virtual-0a/3/.yarn/berry/cache/ms.zip/node_modules/ms/');
  writeFileSync(join(root, '.pnp.cjs'), map.map((place) => `"packageLocation": "${place}",\\\n`).join(''), { mode: 0o755 });
  const tree = await make(root);
  const places = () => [...readFileSync(join(tree.path, '.pnp.cjs'), 'utf8').matchAll(/": "([^"]+)"/g)].map(([, place = '']) => place);
  const check = () => {
    const [top, a, plain = '', virtual = ''] = places();
    expect([top, a]).toEqual(map.slice(0, 2));
    expect(resolve(tree.path, plain)).toBe(join(cache, 'ms.zip/node_modules/ms'));
    const [, steps, rest = ''] = /^\.\/\.yarn\/__virtual__\/ms-virtual-0a\/(\d+)\/(.*)$/.exec(virtual) ?? [];
    expect(resolve(tree.path, '.yarn', '../'.repeat(Number(steps)) + rest)).toBe(join(cache, 'ms.zip/node_modules/ms'));
  };
  check();
  expect(tree.borrowed).toContain(cache);
  rmSync(join(tree.path, '.pnp.cjs'));
  await tree.reset();
  check();
  await tree.remove();
});

test('a package of the repository that pnpm has copied into its store is the worktree’s own', async () => {
  const root = await makeRepo(own.home, 'injected', { 'packages/b/package.json': '{"name":"b"}', '.gitignore': 'node_modules\n' });
  const store = 'node_modules/.pnpm/b@file+packages+b_peer@1.0.0/node_modules/b';
  write(root, { [`${store}/package.json`]: '{"name":"b"}' });
  mkdirSync(join(root, 'packages/a/node_modules'), { recursive: true });
  symlinkSync(`../../../${store}`, join(root, 'packages/a/node_modules/b'));
  const tree = await make(root);
  expect(readlinkSync(join(tree.path, 'packages/a/node_modules/b'))).toBe(join(tree.path, 'packages/b'));
  await tree.remove();
});
