// Builds the published bundle: one entry, split into chunks that are loaded when they are needed.
import { rename, rm } from 'node:fs/promises';
import { build } from 'esbuild';

// Built beside and renamed, so that what runs from dist/ meanwhile does not fall through.
const fresh = `dist.${process.pid}`;
const result = await build({
  entryPoints: { cli: 'src/cli.ts' },
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
  // zod brings its messages in fifty languages; ours are English.
  plugins: [
    {
      name: 'one-locale',
      setup: ({ onLoad }) =>
        onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js';" })),
    },
  ],
  metafile: true,
  logLevel: 'warning',
});
await rm('dist', { recursive: true, force: true });
await rename(fresh, 'dist');
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
if (!process.argv.includes('--quiet'))
  console.log(`dist: ${Object.keys(result.metafile.outputs).length} files, ${Math.round(bytes / 1024)} KiB`);
