// Runs one bench script: node bench/run.mjs localize --list instances.jsonl --checkouts FOLDER
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { raw } from '../scripts/raw.mjs';

const [name, ...rest] = process.argv.slice(2);
if (!name) throw new Error('Which script? node bench/run.mjs NAME [ARGUMENTS]');
// Inside the package, so that its dependencies are found.
const folder = await mkdtemp(join(import.meta.dirname, '..', 'node_modules', '.bench-'));
try {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [raw],
    packages: 'external',
    target: 'node20',
    logLevel: 'warning',
  });
  process.argv = [process.argv[0] ?? 'node', outfile, ...rest];
  const { main } = await import(pathToFileURL(outfile).href);
  await main(rest);
} finally {
  await rm(folder, { recursive: true, force: true });
}
