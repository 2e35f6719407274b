// Builds the published bundle: the program, split into chunks that are loaded when they are needed, and what other programs may import, with its types.
import { execFileSync } from 'node:child_process';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { bundle, pdfReader } from './bundle.mjs';

// Built beside and renamed, so that what runs from dist/ meanwhile does not fall through.
const fresh = `dist.${process.pid}`;
const result = await build({ ...bundle, outdir: fresh });
// The vocabulary as the table that is read at run time.
const vocabulary = join(fresh, 'vocabulary.mjs');
const { packVocabulary } = await import(pathToFileURL(vocabulary).href);
await writeFile(join(fresh, 'cl100k.bin'), packVocabulary());
await rm(vocabulary);
const reader = await build({ ...pdfReader, outdir: fresh });
await writeFile(join(fresh, 'pdf-reader.br'), brotliCompressSync(reader.outputFiles[0].contents));
// The types of what the package gives to other programs.
const given = ['safety/callback', 'patch/edits', 'safety/redact/redact'];
const declared = join(fresh, 'types');
const tsc = join('node_modules', 'typescript', 'bin', 'tsc');
const flags =
  '--ignoreConfig --declaration --emitDeclarationOnly --skipLibCheck --allowImportingTsExtensions --rewriteRelativeImportExtensions --strict --rootDir src'.split(
    ' ',
  );
const target = ['--target', 'es2023', '--module', 'nodenext', '--types', 'node', '--outDir', declared];
const files = given.map((path) => join('src', `${path}.ts`));
execFileSync(process.execPath, [tsc, ...flags, ...target, ...files], { stdio: 'inherit' });
await rm('dist', { recursive: true, force: true });
await rename(fresh, 'dist');
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
if (!process.argv.includes('--quiet'))
  console.log(`dist: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`);
