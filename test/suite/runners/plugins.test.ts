import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Runner } from '../../../src/suite/runner.ts';
import { runners } from '../../../src/suite/runners/runners.ts';

const suite = join(import.meta.dirname, '../../../src/suite');
const below = (folder: string, ending: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => ending.test(path))
    .map((path) => join(folder, path));

test('every folder of a runner is in the list, and every runner of the list has a folder', async () => {
  const folders = readdirSync(join(suite, 'runners'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const found: unknown[] = [];
  for (const { name } of folders) {
    expect(existsSync(join(suite, 'runners', name, 'runner.ts')), name).toBe(true);
    const module: Readonly<Record<string, unknown>> = await import(join(suite, 'runners', name, 'runner.ts'));
    found.push(...Object.values(module).filter((one) => runners.some((runner: Runner) => runner === one)));
  }
  expect(found).toHaveLength(runners.length);
  expect(folders).toHaveLength(runners.length);
});

test('what runs in Python compiles, whatever Python is here', () => {
  const files = below(suite, /\.py$/);
  expect(files.length).toBeGreaterThan(4);
  const source = 'import ast, sys\nfor path in sys.argv[1:]: ast.parse(open(path, encoding="utf-8").read(), path, feature_version=(3, 6))';
  execFileSync('python3', ['-c', source, ...files]);
});

test.each(below(suite, /\.[cm]js$/))('%s is JavaScript', (path) => {
  execFileSync(process.execPath, ['--check', path]);
});
