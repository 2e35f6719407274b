import { posix } from 'node:path';
import { listImports } from '../../context/rank/imports.ts';
import { makeResolve, type Resolve } from '../../context/rank/resolve.ts';
import { kindOf } from '../../context/scan/kinds.ts';
import type { FileChange, TamperFlag } from '../../schema/patch.ts';
import type { Failure, Suite } from '../../schema/run.ts';
import { entryClosure, namedByRunner } from './entries.ts';

export type Reach = {
  readonly paths: readonly string[];
  readonly read: (path: string) => string | undefined;
  readonly isTest: (path: string) => boolean;
  readonly suites: readonly Suite[];
  readonly failures: readonly Failure[];
};

const scripts = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;
const checked = /\.(?:[cm]?[jt]sx?|vue|svelte|py)$/;
const telling =
  /(?:^|[/._-])(?:checks?|asserts?|assertions?|expect(?:ed|ations?)?|match(?:er|ers)|should|setup|boot(?:strap)?|harness|factory|factories|samples?|goldens?|seeds?|cases|kit|support|helpers?|utils?-?tests?)(?=[/._-])/i;

/** Who loads what a patch touches, judged by imports and by names in texts: flags for what only the tests or the runner would notice. */
export function reachFlags(changes: readonly FileChange[], reach: Reach): TamperFlag[] {
  const after = new Map(changes.map(({ path, after: text }) => [path, text]));
  const read = (path: string) => (after.has(path) ? (after.get(path) ?? undefined) : reach.read(path));
  const paths = [...new Set([...reach.paths, ...changes.filter(({ after: text }) => text !== null).map(({ path }) => path)])];
  const patched = { ...reach, paths, read };
  const [was, is] = [makeResolve(reach.paths, reach.read), makeResolve(paths, read)];
  const setup = namedByRunner(reach);
  const shipped = entryClosure(patched, is);
  return changes.flatMap((change): TamperFlag[] => {
    const { path, before, after: text } = change;
    const flag = (name: string, message: string): TamperFlag => ({ path, flag: name, message });
    if (text === null) return [];
    const taken = reach.isTest(path) ? undefined : takenFromTests(change, reach, is);
    if (taken !== undefined) return [flag('test_read', `the code loads ${taken}, which belongs to the tests`)];
    if (setup.has(path)) return [flag('runner_setup', 'the settings of the runner name this file')];
    const module = before === null && posix.extname(path) === '' ? twinOf(path, reach.paths) : undefined;
    if (module !== undefined) return [flag('shadows', `the new file stands before ${module}`)];
    if (!checked.test(path)) return kindOf(path) === 'source' || kindOf(path) === 'docs' ? [] : dataFlags(path, patched, flag);
    if (before === null) {
      const hidden = shadowedBy(path, reach, was, is);
      if (hidden) return [flag('shadows', `the new file stands before ${hidden}`)];
      return isLoaded(path, patched, is) ? [] : [flag('unloaded_file', 'no code of the repository loads the new file')];
    }
    const alone = !isLoaded(path, patched, is) && isNamed(path, patched);
    const ours = shipped(path);
    return alone && (ours === false || (ours === undefined && telling.test(path)))
      ? [flag('tests_alone', 'the tests load this file and no other code does')]
      : [];
  });
}

/** What a file loads now and did not load before, and what only tests load besides. */
function takenFromTests({ path, before, after }: FileChange, tree: Reach, resolve: Resolve): string | undefined {
  const targetsOf = (text: string | null) => new Set(listImports(path, text ?? '').flatMap((specifier) => resolve(path, specifier)));
  const old = targetsOf(before);
  return [...targetsOf(after)].find((target) => {
    if (old.has(target) || !tree.paths.includes(target)) return false;
    if (tree.isTest(target)) return true;
    return (telling.test(target) || !checked.test(target)) && isNamed(target, tree) && !isLoaded(target, tree, resolve);
  });
}

type Flag = (name: string, message: string) => TamperFlag;

/** A file that is no code belongs to whom its name stands with. */
function dataFlags(path: string, { paths, read, isTest }: Reach, flag: Flag): TamperFlag[] {
  const name = posix.basename(path);
  if (/^(?:package\.json|pyproject\.toml|requirements.*\.txt)$/.test(name)) return [];
  const naming = paths.filter((one) => one !== path && /^(?:source|aside|test)$/.test(kindOf(one)) && (read(one)?.includes(name) ?? false));
  if (naming.some((one) => !isTest(one))) return [];
  return [
    naming.length > 0
      ? flag('tests_alone', 'the tests read this file and no other code names it')
      : flag('not_source', 'no code names this file'),
  ];
}

/** Does code that is no test import it? */
function isLoaded(path: string, { paths, read, isTest }: Reach, resolve: Resolve): boolean {
  const stem = stemOf(path).split('/').at(-1) ?? '';
  const parent = posix.basename(posix.dirname(path));
  return paths.some((one) => {
    if (one === path || !/^(?:source|aside)$/.test(kindOf(one)) || isTest(one)) return false;
    const text = read(one);
    if (text === undefined || !(text.includes(stem) || text.includes(parent))) return false;
    return listImports(one, text).some((specifier) => resolve(one, specifier).includes(path));
  });
}

/** Does a test name it? A script that is started by hand belongs to nobody's test. */
function isNamed(path: string, { paths, read, isTest }: Reach): boolean {
  const stem = stemOf(path).split('/').at(-1) ?? '';
  return paths.some((one) => isTest(one) && (read(one)?.includes(stem) ?? false));
}

/** What an import meant before, or would have found outside of the repository, and means no longer. */
function shadowedBy(path: string, { paths, read, failures }: Reach, was: Resolve, is: Resolve): string | undefined {
  const twin = twinOf(path, paths);
  if (twin !== undefined) return twin;
  const name = stemOf(path).split('/').at(-1) ?? '';
  const missed = failures.some(({ message }) => message.includes(name));
  for (const one of paths) {
    const text = missed ? undefined : read(one);
    if (!text?.includes(name)) continue;
    for (const specifier of listImports(one, text)) {
      if (specifier.startsWith('.') || was(one, specifier).includes(path) || !is(one, specifier).includes(path)) continue;
      return was(one, specifier)[0] ?? `the package ${specifier}`;
    }
  }
  return undefined;
}

/** The file of the same language that differs by its ending alone; one without an ending is found before a script. */
function twinOf(path: string, paths: readonly string[]): string | undefined {
  const script = scripts.test(path) || posix.extname(path) === '';
  return paths.find((one) => one !== path && checked.test(one) && scripts.test(one) === script && stemOf(one) === stemOf(path));
}

function stemOf(path: string): string {
  return path.replace(/(?:\.d)?\.\w+$/, '').replace(/\/(?:index|__init__)$/, '');
}
