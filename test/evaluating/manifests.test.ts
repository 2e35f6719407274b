import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installCommands } from '../../src/evaluating/laying/manifests.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  writeFileSync(join(folder, 'package.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const date = '2021-11-17T00:00:56-05:00';
const words = async () => (await installCommands(folder, date)).map((argv) => argv.filter((word) => !word.startsWith('--no-')).join(' '));

test('without a lockfile: what the ranges meant on the day, then what they mean today', async () => {
  const rest = '--ignore-scripts --prefer-offline --legacy-peer-deps';
  expect(await words()).toEqual([`npm install --before=2021-11-18 ${rest}`, `npm install ${rest}`]);
});

test('a lockfile comes first', async () => {
  writeFileSync(join(folder, 'package-lock.json'), '{}');
  expect((await words()).map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual([
    'npm ci --ignore-scripts',
    'npm install --before=2021-11-18',
    'npm install --ignore-scripts',
  ]);
});
