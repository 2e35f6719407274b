import picomatch from 'picomatch';
import type { Suite } from '../../schema/run.ts';
import { findRunner } from '../runners/runners.ts';

type Look = { readonly suites: readonly Suite[]; readonly read: (file: string) => string | undefined };

/**
 * Whether a test file that was named is for this suite. Where several suites could run it, it is for those whose runner it loads or whose
 * language it is in; else for those whose command names it; else for the one of the nearest folder.
 */
export function isFor(file: string, suite: Suite, { suites, read }: Look): boolean {
  if (!isBelow(file, suite)) return false;
  const rivals = suites.filter((other) => isBelow(file, other));
  if (rivals.length < 2) return true;
  const text = read(file) ?? '';
  const claimed = rivals.filter(({ runner }) => findRunner(runner)?.claims?.test(`${file}\n${text}`));
  if (claimed.length > 0) return claimed.includes(suite);
  const named = rivals.filter((other) => names(other, file));
  if (named.length > 0) return named.includes(suite);
  return rivals.every(({ cwd }) => cwd.length <= suite.cwd.length);
}

const isBelow = (file: string, { cwd }: Suite) => cwd === '' || file.startsWith(`${cwd}/`);

function names({ argv, cwd }: Suite, file: string): boolean {
  const path = cwd === '' ? file : file.slice(cwd.length + 1);
  const words = argv
    .slice(1)
    .filter((word) => !word.startsWith('-'))
    .map((word) => word.replace(/^\.\/|\/$/g, ''));
  return words.some((word) => word !== '' && (path === word || path.startsWith(`${word}/`) || picomatch.isMatch(path, word)));
}
