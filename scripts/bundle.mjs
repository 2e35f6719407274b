// How the published bundle is made: shared by the build and by what is generated from its parts.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { raw } from './raw.mjs';

const absent = (name) => `() => { throw new Error('${name} is not in this bundle'); }`;

// What zod, the SDK and undici bring and we never call: a third of what a server would hold in memory while it waits, and 3 % of the package.
const leftOut = [
  // zod's messages in fifty languages; ours are English.
  [/zod\/v4\/locales\/index\.js$/, "export { default as en } from './en.js';"],
  [/zod\/v4\/classic\/from-json-schema\.js$/, `export const fromJSONSchema = ${absent('fromJSONSchema')};`],
  // For schemas of zod 3; ours are of zod 4.
  [/zod\/v3\/index\.js$/, `export const object = ${absent('zod 3')};`],
  [/zod-to-json-schema\/dist\/esm\/index\.js$/, `export const zodToJsonSchema = ${absent('zod-to-json-schema')};`],
  // Checks the content of elicited forms; ours ask for no content.
  [/server\/dist\/ajvProvider-[\w-]+\.mjs$/, `export class n { getValidator = ${absent('ajv')}; }`],
  [/validation\/ajv-provider\.js$/, `export class AjvJsonSchemaValidator { getValidator = ${absent('ajv')}; }`],
  // undici's entrance names all that it can do; of what only it refers to, we use nothing.
  [/undici\/lib\/(?:mock|interceptor|web\/(?:websocket|eventsource|cookies))\//, 'module.exports = {};'],
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

/** The options of esbuild for the reader of PDFs, which runs in a thread of its own: one script, kept compressed beside the bundle. */
export const pdfReader = {
  entryPoints: { 'pdf-reader': 'src/asking/documents/inside/pdf-worker.mjs' },
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  external: ['@napi-rs/canvas'],
  metafile: true,
  write: false,
  logLevel: 'warning',
};

/** The options of esbuild for the program, split into chunks that are loaded when they are needed. */
export const bundle = {
  entryPoints: {
    cli: 'src/cli.ts',
    callback: 'src/safety/callback.ts',
    edits: 'src/patch/edits.ts',
    redact: 'src/safety/redact/redact.ts',
    vocabulary: 'src/tokens/vocabulary.ts',
  },
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // Optional peers: whoever wants a queue on a server installs them.
  external: ['bullmq', 'ioredis', 'pg'],
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
    raw,
    shaken,
    ...leftOut.map(([filter, contents]) => ({ name: `${filter}`, setup: ({ onLoad }) => onLoad({ filter }, () => ({ contents })) })),
  ],
  metafile: true,
  logLevel: 'warning',
};
