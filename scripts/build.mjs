// Builds the published bundle: the program, split into chunks that are loaded when they are needed, and the callback check with its types.
import { execFileSync } from 'node:child_process';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { bundle } from './bundle.mjs';

// Built beside and renamed, so that what runs from dist/ meanwhile does not fall through.
const fresh = `dist.${process.pid}`;
const result = await build({ ...bundle, outdir: fresh });
// The vocabulary as the table that is read at run time.
const vocabulary = join(fresh, 'vocabulary.mjs');
const { packVocabulary } = await import(pathToFileURL(vocabulary).href);
await writeFile(join(fresh, 'cl100k.bin'), packVocabulary());
await rm(vocabulary);
const types = [
  '--declaration',
  '--emitDeclarationOnly',
  '--outDir',
  fresh,
  '--target',
  'es2023',
  '--module',
  'nodenext',
  '--types',
  'node',
];
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
execFileSync(process.execPath, [tsc, '--ignoreConfig', ...types, '--skipLibCheck', 'src/safety/callback.ts'], { stdio: 'inherit' });
await rename(join(fresh, 'callback.d.ts'), join(fresh, 'callback.d.mts'));
await rm('dist', { recursive: true, force: true });
await rename(fresh, 'dist');
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
if (!process.argv.includes('--quiet'))
  console.log(`dist: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`);
