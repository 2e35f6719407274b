import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { editablePaths } from '../../src/proof/editable.ts';
import type { Suite } from '../../src/schema/run.ts';
import { makeHome, write } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

test('what an environment finds in the user’s tree by full paths, Python is to find in the worktree', async () => {
  const root = join(own.home, 'shop');
  write(root, { 'lib/shop/__init__.py': '', 'packages/cart/src/cart/__init__.py': '', 'packages/renamed/other.py': '' });
  const made = await runProcess({
    argv: ['python3', '-m', 'venv', '--without-pip', '.venv'],
    cwd: root,
    env: { PATH: process.env.PATH ?? '' },
  });
  expect(made.exitCode).toBe(0);
  const python = readdirSync(join(root, '.venv/lib'))[0] ?? '';
  const packages = join(root, '.venv/lib', python, 'site-packages');
  writeFileSync(join(packages, 'shop.pth'), `${join(root, 'lib')}\n`);
  const mapping = { cart: join(root, 'packages/cart/src/cart'), renamed: join(root, 'packages/renamed/other.py'), far: '/opt/far' };
  writeFileSync(join(packages, '__editable___cart_finder.py'), `MAPPING = ${JSON.stringify(mapping)}\n`);
  writeFileSync(join(packages, '__editable__.cart.pth'), 'import __editable___cart_finder\n');
  const suite: Suite = { runner: 'pytest', argv: ['.venv/bin/python', '-m', 'pytest'], cwd: '', env: {}, why: 'a test' };
  const paths = await editablePaths({ root, suite, worktree: '/work tree' }, { env: own.env, signal: undefined });
  expect(paths).toEqual(['/work tree/lib', '/work tree/packages/cart/src']);
  expect(
    await editablePaths({ root, suite: { ...suite, argv: ['node', '--test'] }, worktree: '/w' }, { env: own.env, signal: undefined }),
  ).toEqual([]);
});
