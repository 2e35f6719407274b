// Builds the published bundle: the program, split into chunks that are loaded when they are needed, and the callback check with its types.
import { execFileSync } from 'node:child_process';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const absent = (name) => `() => { throw new Error('${name} is not in this bundle'); }`;

// What zod and the SDK load at the start and we never call: a third of what a server would hold in memory while it waits.
const leftOut = [
  // zod's messages in fifty languages; ours are English.
  [/zod\/v4\/locales\/index\.js$/, "export { default as en } from './en.js';"],
  [/zod\/v4\/classic\/from-json-schema\.js$/, `export const fromJSONSchema = ${absent('fromJSONSchema')};`],
  // For schemas of zod 3; ours are of zod 4.
  [/zod\/v3\/index\.js$/, `export const object = ${absent('zod 3')};`],
  [/zod-to-json-schema\/dist\/esm\/index\.js$/, `export const zodToJsonSchema = ${absent('zod-to-json-schema')};`],
  // Checks the content of elicited forms; ours ask for no content.
  [/validation\/ajv-provider\.js$/, `export class AjvJsonSchemaValidator { getValidator = ${absent('ajv')}; }`],
];

// As one object zod is bundled whole; as a namespace only what is called, which halves what every start has to compile.
const shaken = {
  name: 'zod as a namespace',
  setup: ({ onLoad, initialOptions: { absWorkingDir = process.cwd() } }) =>
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (!path.startsWith(join(absWorkingDir, 'src'))) return undefined;
      const text = await readFile(path, 'utf8');
      return { contents: text.replace("import { z } from 'zod';", "import * as z from 'zod';"), loader: 'ts' };
    }),
};

// Built beside and renamed, so that what runs from dist/ meanwhile does not fall through.
const fresh = `dist.${process.pid}`;
const result = await build({
  entryPoints: { cli: 'src/cli.ts', callback: 'src/safety/callback.ts', vocabulary: 'src/tokens/vocabulary.ts' },
  outdir: fresh,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // jsonc-parser's main file is UMD and asks for its parts at run time.
  mainFields: ['module', 'main'],
  // Bundled CommonJS packages ask for node's own modules through require.
  banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
  plugins: [
    shaken,
    ...leftOut.map(([filter, contents]) => ({ name: `${filter}`, setup: ({ onLoad }) => onLoad({ filter }, () => ({ contents })) })),
  ],
  metafile: true,
  logLevel: 'warning',
});
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
