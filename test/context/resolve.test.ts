import { expect, test } from 'vitest';
import { closeImports, listImports } from '../../src/context/rank/imports.ts';
import { makeResolve } from '../../src/context/rank/resolve.ts';

function repo(files: Record<string, string>) {
  const read = (path: string) => files[path];
  const importsOf = (path: string) => listImports(path, read(path) ?? '');
  return { importsOf, resolve: makeResolve(Object.keys(files).sort(), read) };
}

test('scripts: extensions, folders, aliases, workspaces, package imports and built output', () => {
  const { resolve } = repo({
    'package.json': JSON.stringify({ name: 'root', main: './dist/index.js', imports: { '#lib/*': './src/lib/*.js' } }),
    'tsconfig.json': '{ // comments are fine\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"], }, } }',
    'src/index.ts': '',
    'src/lib/math.ts': '',
    'src/view/index.tsx': '',
    'packages/core/package.json': JSON.stringify({
      name: '@x/core',
      exports: { '.': './dist/main.js', './sub/*': { import: './dist/sub/*.js' } },
    }),
    'packages/core/src/main.ts': '',
    'packages/core/src/sub/a.ts': '',
    'test/a.test.ts': '',
  });
  const from = 'test/a.test.ts';
  expect(resolve(from, '../src/lib/math.js')).toEqual(['src/lib/math.ts']);
  expect(resolve(from, '../src/view')).toEqual(['src/view/index.tsx']);
  expect(resolve(from, '@/lib/math')).toEqual(['src/lib/math.ts']);
  expect(resolve(from, '#lib/math')).toEqual(['src/lib/math.ts']);
  expect(resolve(from, '@x/core')).toEqual(['packages/core/src/main.ts']);
  expect(resolve(from, '@x/core/sub/a')).toEqual(['packages/core/src/sub/a.ts']);
  expect(resolve(from, '..')).toEqual(['src/index.ts']);
  expect(resolve(from, '../dist/lib/math.js')).toEqual(['src/lib/math.ts']);
  expect(resolve(from, 'react')).toEqual([]);
  expect(resolve(from, 'node:fs')).toEqual([]);
  expect(resolve(from, '../../../outside')).toEqual([]);
});

test('Python packages below src, relative ones, and modules named in from-imports', () => {
  const { resolve } = repo({ 'src/shop/__init__.py': '', 'src/shop/cart.py': '', 'src/shop/sub/x.py': '', 'tests/test_cart.py': '' });
  expect(resolve('tests/test_cart.py', 'shop')).toEqual(['src/shop/__init__.py']);
  expect(resolve('tests/test_cart.py', 'shop.cart')).toEqual(['src/shop/cart.py']);
  expect(resolve('src/shop/sub/x.py', '..cart')).toEqual(['src/shop/cart.py']);
  expect(listImports('a.py', 'from shop import (\n  cart,\n  other as o,\n)\nimport a.b, c\n')).toEqual([
    'shop',
    'shop.cart',
    'shop.other',
    'a.b',
    'c',
  ]);
});

test('Go modules, and the files of the own package', () => {
  const { resolve, importsOf } = repo({
    'go.mod': 'module example.com/m\n',
    'a.go': '',
    'a_test.go': 'package m\nimport (\n\t"example.com/m/sub"\n)\n',
    'sub/s.go': '',
  });
  expect(resolve('a_test.go', 'example.com/m/sub')).toEqual(['sub/s.go']);
  expect([...closeImports(['a_test.go'], resolve, importsOf).distances]).toEqual([
    ['a_test.go', 0],
    ['sub/s.go', 1],
    ['a.go', 1],
  ]);
});

test('others by the end of the path', () => {
  const { resolve } = repo({
    'src/main/java/org/x/Cart.java': '',
    'lib/shop/cart.rb': '',
    'src/net/conn.rs': '',
    'test/T.java': '',
    'spec/c.rb': '',
    'src/lib.rs': '',
  });
  expect(resolve('test/T.java', 'org.x.Cart')).toEqual(['src/main/java/org/x/Cart.java']);
  expect(resolve('spec/c.rb', 'shop/cart')).toEqual(['lib/shop/cart.rb']);
  expect(resolve('src/lib.rs', 'crate::net::conn')).toEqual(['src/net/conn.rs']);
});

test('a circle of imports ends', () => {
  const { resolve, importsOf } = repo({ 'a.js': "require('./b')", 'b.js': "require('./a')" });
  expect([...closeImports(['a.js'], resolve, importsOf).distances.keys()]).toEqual(['a.js', 'b.js']);
});
