// Writes what is generated: schemas/, the skill's copies and the licences of what is bundled. With --check it writes nothing and fails on a difference.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { writeLicences } from './licences.mjs';
import { raw } from './raw.mjs';

const root = join(import.meta.dirname, '..');
const folder = await mkdtemp(join(tmpdir(), 'glm-skill-generate-'));
try {
  const outfile = join(folder, 'generate.mjs');
  await build({
    entryPoints: [join(root, 'scripts', 'generated.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [raw],
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'warning',
  });
  const { generate } = await import(pathToFileURL(outfile).href);
  process.exitCode = await generate(root, await writeLicences(root), process.argv.includes('--check'));
} finally {
  await rm(folder, { recursive: true, force: true });
}
