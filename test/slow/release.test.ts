import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, test } from 'vitest';
import { packageRoot } from './example.ts';

const base = mkdtempSync(join(tmpdir(), 'glm-release-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The bundle of a tree, by the names of its files. */
async function bundleOf(root: string): Promise<ReadonlyMap<string, string>> {
  const { bundle } = await import(pathToFileURL(join(root, 'scripts', 'bundle.mjs')).href);
  const { outputFiles = [] } = await build({ ...bundle, absWorkingDir: root, outdir: 'dist', write: false, preserveSymlinks: true });
  return new Map(outputFiles.map(({ path, hash }) => [relative(root, path), hash]));
}

test('the bundle is the same to the byte, wherever it is built', async () => {
  const [first, second] = await Promise.all(
    ['one', 'two/deep'].map((name) => {
      const root = join(base, name);
      for (const part of ['src', 'scripts', 'package.json', 'tsconfig.json'])
        cpSync(join(packageRoot, part), join(root, part), { recursive: true });
      symlinkSync(join(packageRoot, 'node_modules'), join(root, 'node_modules'));
      return bundleOf(root);
    }),
  );
  expect(first?.size).toBeGreaterThan(50);
  expect(second).toEqual(first);
});

test('the bill of materials names the packages of the bundle, as its licences do, each with its licence', () => {
  const file = join(base, 'sbom.cdx.json');
  execFileSync(process.execPath, [join(packageRoot, 'scripts', 'sbom.mjs'), file], { stdio: 'ignore' });
  type Part = { group?: string; name: string; version: string; purl: string; licenses: readonly object[] };
  const bill: { bomFormat: string; components: readonly Part[] } = JSON.parse(readFileSync(file, 'utf8'));
  expect(bill.bomFormat).toBe('CycloneDX');
  const named = bill.components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name} ${version}`);
  const licences = readFileSync(join(packageRoot, 'THIRD-PARTY-LICENSES'), 'utf8');
  expect(named.sort()).toEqual([...licences.matchAll(/^(\S+ \d\S*) \(.+\)$/gm)].map((match) => match[1]).sort());
  expect(bill.components.filter(({ purl, licenses = [] }) => !purl?.startsWith('pkg:npm/') || licenses.length === 0)).toEqual([]);
});
