import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findFaults, readSources, toSource } from './house.ts';

const sources = readSources(join(import.meta.dirname, '..', 'src'));

test('the house stands: floors, rooms, vendors, circles, sizes', () => {
  expect(sources.length).toBeGreaterThan(40);
  expect(findFaults(sources)).toEqual([]);
});

test.each([
  ['an import upwards', 'patch/x.ts', "import { fix } from '../uses/fix.ts';", 'imports up'],
  ['a lazy import upwards', 'glm/x.ts', "const { fix } = await import('../uses/fix.ts');", 'imports up'],
  ['an import from another room', 'patch/x.ts', "import type { A } from '../glm/money/variants.ts';", 'another room'],
  ['a vendor outside its room', 'report/x.ts', "import OpenAI from 'openai';", 'room of its own'],
  ['a child process of its own', 'suite/x.ts', "import { spawn } from 'node:child_process';", 'room of its own'],
  ['the environment read elsewhere', 'glm/x.ts', 'export const key = process.env.KEY;', 'process.env'],
  ['a file without a floor', 'misc/x.ts', '', 'no floor'],
  ['a file that is too long', 'glm/x.ts', '\n'.repeat(300), '300 lines'],
])('a planted fault is found: %s', (_name, path, text, message) => {
  expect(findFaults([toSource(path, text)]).join('\n')).toContain(message);
});

test('a crowded folder is found', () => {
  const files = Array.from({ length: 26 }, (_, index) => toSource(`glm/wire/x${index}.ts`, ''));
  expect(findFaults(files)).toEqual(['glm/wire has 26 files, more than 25']);
});

test('a planted circle is found', () => {
  const faults = findFaults([toSource('glm/a.ts', "import './b.ts';"), toSource('glm/b.ts', "import './a.ts';")]);
  expect(faults).toEqual(['circle: glm/a.ts → glm/b.ts → glm/a.ts']);
});
