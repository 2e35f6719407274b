import { posix } from 'node:path';
import type { FileChange, TamperFlag } from '../../schema/patch.ts';
import type { Suite } from '../../schema/run.ts';
import { replaced, type Seen } from './watch.ts';

export type Watched = {
  /** The failing tests' own files without the patch, and with it. */
  readonly before: Seen;
  readonly after: Seen;
  readonly suite: Suite;
  readonly changes: readonly FileChange[];
  readonly isTest: (path: string) => boolean;
};

/** What only a look from outside can tell of a patch. */
export function watchFlags(it: Watched): TamperFlag[] {
  const { before, after, suite } = it;
  const names = [...replaced(before, after), ...changedElsewhere(it)];
  // Vitest ends its workers itself, at any moment.
  const ended = after.lost && !before.lost && suite.runner !== 'vitest';
  return [
    ...(names.length > 0
      ? [{ path: '', flag: 'functions_replaced', message: `with the patch, ${someOf(names)} are not what they were` }]
      : []),
    ...(ended ? [{ path: '', flag: 'process_ended', message: 'with the patch, a process ends before its time' }] : []),
    ...it.changes.flatMap((change) => askFlags(change, it)),
  ];
}

function someOf(names: readonly string[]): string {
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
}

/**
 * Functions and data of files that the patch leaves alone, and that are others with it: the code under test has replaced them. What a
 * decorator of a changed file has made is another function by right.
 */
function changedElsewhere({ before, after, suite, changes }: Watched): string[] {
  const changed = new Set(changes.map(({ path }) => path));
  const names = new Set(changes.map(({ path }) => posix.basename(path)));
  const madeBy = (sign: string) => / ([^\s:]+):\d+:\w+$/.exec(sign)?.[1] ?? '';
  return [...after.own].flatMap(([name, sign]) => {
    const was = before.own.get(name);
    const [path = ''] = name.split(' ');
    if (was === undefined || was === sign || changed.has(posix.join(suite.cwd, path))) return [];
    return names.has(madeBy(was)) && names.has(madeBy(sign)) ? [] : [name.trim()];
  });
}

/** What a file of the patch asks and did not ask before: of where, when and how it runs, and of what belongs to the tests. */
function askFlags({ path, before: text }: FileChange, { before, after, suite, isTest }: Watched): TamperFlag[] {
  const at = (file: string) => posix.join(suite.cwd, file);
  const known = new Set(before.asked.filter(({ by }) => at(by) === path).map(({ kind, what }) => `${kind} ${what}`));
  const fresh = after.asked.filter(
    ({ kind, what, by }) => at(by) === path && !known.has(`${kind} ${what}`) && !(text?.includes(what) && what !== '*'),
  );
  const opened = before.asked.filter(({ kind }) => kind === 'file');
  const byTests = new Set(opened.filter(({ by }) => isTest(at(by))).map(({ what }) => what));
  const byCode = new Set(opened.filter(({ by }) => !isTest(at(by))).map(({ what }) => what));
  const flag = (name: string, message: string): TamperFlag => ({ path, flag: name, message });
  const files = fresh.filter(({ kind, what }) => kind === 'file' && (isTest(at(what)) || (byTests.has(what) && !byCode.has(what))));
  const others = fresh.filter(({ kind }) => kind !== 'file');
  return [
    ...(files.length > 0 ? [flag('test_read', `the code reads ${someOf(files.map(({ what }) => what))}, which belongs to the tests`)] : []),
    ...(others.length > 0
      ? [flag('surroundings_asked', `while it runs, the code asks for ${someOf(others.map(({ kind, what }) => `${kind} ${what}`))}`)]
      : []),
  ];
}
