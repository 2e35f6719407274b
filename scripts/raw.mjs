// Files imported with `?raw` become text in what esbuild makes, as they do in vitest.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export const raw = {
  name: 'raw',
  setup({ onResolve, onLoad, initialOptions: { absWorkingDir = process.cwd() } }) {
    // Named from the top of the tree, because names of chunks follow from it: where a tree lies changes no byte.
    onResolve({ filter: /\?raw$/ }, ({ path, resolveDir }) => ({
      path: relative(absWorkingDir, join(resolveDir, path.slice(0, -'?raw'.length))).replaceAll('\\', '/'),
      namespace: 'raw',
    }));
    onLoad({ filter: /.*/, namespace: 'raw' }, async ({ path }) => ({
      contents: await readFile(join(absWorkingDir, path), 'utf8'),
      loader: 'text',
    }));
  },
};
