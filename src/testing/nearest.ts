import { isAbsolute, posix, relative, sep } from 'node:path';
import { kindOf } from '../context/scan/kinds.ts';
import { GlmError } from '../errors.ts';
import { isTestName } from '../patch/judge/rules.ts';
import type { Tree } from '../repo/files.ts';

/** The tests nearest to a file: those named after it, then those that name it, then those that lie near. At most `most`. */
export function nearestTests(target: string, { files, read }: Pick<Tree, 'files' | 'read'>, most: number): string[] {
  const stem = posix.basename(target).replace(/\.[^.]+$/, '');
  const extension = posix.extname(target);
  const named = new RegExp(
    `(?:^|[^\\w])${stem.replace(/\W/g, '\\$&')}(?:\\.\\w+)?['"\`]|\\b(?:import|from)\\b.*\\b${stem.replace(/\W/g, '\\$&')}\\b`,
  );
  const folders = new Set(target.split('/').slice(0, -1));
  const scored = files
    .filter(({ path }) => isTestName(path) && posix.extname(path).slice(-2) === extension.slice(-2) && path !== target)
    .map(({ path }) => {
      const name = posix.basename(path);
      const own =
        name.startsWith(`${stem}.`) || name.startsWith(`${stem}_`) || name.startsWith(`test_${stem}.`) || name.startsWith(`${stem}-`)
          ? 100
          : 0;
      const near = path.split('/').filter((part) => folders.has(part)).length;
      const isFile = /\.(?:test|spec)\.|^test_|_test\.|_spec\./.test(name) ? 5 : 0;
      return { path, score: own + near + isFile };
    })
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, 200);
  const uses = ({ path, score }: { path: string; score: number }) => score + (named.test(read(path) ?? '') ? 50 : 0);
  return scored
    .map((one) => ({ path: one.path, score: uses(one) }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, most)
    .map(({ path }) => path);
}

/** The file to test as the repository knows it. Throws `bad_input` for what is not source. */
export function readTarget(given: string, { root, read }: Tree): { readonly target: string; readonly text: string } {
  const target = (isAbsolute(given) ? relative(root, given).split(sep).join('/') : given).replace(/^\.\//, '');
  const text = read(target);
  if (text !== undefined && ['source', 'aside'].includes(kindOf(target))) return { target, text };
  throw new GlmError('bad_input', `${target} is not a source file of ${root} that may be read.`, { hint: 'Name it relative to the root.' });
}
