import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nameGoModule } from '../../src/evaluating/laying/go-module.ts';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'go-module-'));
  made.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test('a tree from before modules gets the path by which its files import each other', () => {
  const root = tree({
    'mux.go':
      'package chi\n\nimport (\n\t"net/http"\n\n\t"github.com/other/errors"\n\t"github.com/third/errors/frames"\n)\n\nvar x = "github.com/false/false/middleware"\n',
    'middleware/log.go': 'package middleware\n',
    '_examples/main.go': 'package main\n\nimport "github.com/shop/chi/middleware"\n',
  });
  expect(nameGoModule(root)).toBe(true);
  expect(readFileSync(join(root, 'go.mod'), 'utf8')).toBe('module github.com/shop/chi\n');
  expect(nameGoModule(root)).toBe(false);
});

test.each([
  ['no Go in it', { 'a.js': '1\n' }, undefined],
  ['no file that imports another', { 'a.go': 'package a\n' }, 'module example.com/module\n'],
  ['a module of its own', { 'a.go': 'package a\n', 'go.mod': 'module own\n' }, 'module own\n'],
])('a tree with %s', (_name, files, wanted) => {
  const root = tree(files);
  expect(nameGoModule(root)).toBe(!('go.mod' in files) && wanted !== undefined);
  if (wanted !== undefined) expect(readFileSync(join(root, 'go.mod'), 'utf8')).toBe(wanted);
});
