import { dirname, join } from 'node:path/posix';

const scriptEndings = ['', '.ts', '.tsx', '.js', '.jsx', '.mjs', '.cjs', '.mts', '.cts', '.json', '/index.ts', '/index.js'];
const pythonRoots = ['', 'src', 'lib', 'app'];
const mostImports = 40;

/** Where the files that a source file imports may lie, as paths below the root: the likeliest first, many of them nowhere. */
export function importedPaths(path: string, text: string): string[] {
  if (path.endsWith('.py')) return pythonPaths(path, text);
  const named = [...text.matchAll(/\b(?:from|import|require\(|import\()\s*['"](\.{1,2}\/[^'"\n]{1,200})['"]/g)].slice(0, mostImports);
  return named.flatMap(([, one = '']) => {
    const base = join(dirname(path), one);
    // TypeScript names the file that will be there.
    const typed = /\.[cm]?jsx?$/.test(base) ? [base.replace(/js(x?)$/, 'ts$1')] : [];
    return [...typed, ...scriptEndings.map((ending) => base + ending)];
  });
}

function pythonPaths(path: string, text: string): string[] {
  const found = [...text.matchAll(/^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+\(?[ \t]*(\w+)|import[ \t]+([\w.]+))/gm)];
  return found.slice(0, mostImports).flatMap(([, dots = '', from = '', name = '', plain]) => {
    const module = (plain ?? from).replaceAll('.', '/');
    const up = dots === '' ? undefined : join(dirname(path), '../'.repeat(dots.length - 1));
    const bases = up === undefined ? [...pythonRoots, dirname(path)] : [up];
    return bases.flatMap((base) =>
      [module, ...(name ? [join(module, name)] : [])].flatMap((one) => [join(base, `${one}.py`), join(base, one, '__init__.py')]),
    );
  });
}
