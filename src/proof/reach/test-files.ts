import { listImports } from '../../context/rank/imports.ts';
import { makeResolve } from '../../context/rank/resolve.ts';
import { kindOf } from '../../context/scan/kinds.ts';

type Tests = {
  /** All paths of the repository. */
  readonly paths: readonly string[];
  readonly read: (path: string) => string | undefined;
  /** Files from which the runner took tests. It may grow. */
  readonly collected: ReadonlySet<string>;
};

/** In these languages tests can stand in the file that they test. */
const tested = /\.(?:go|rs)$/;
const suggestive =
  /(?:^|[/._-])(?:tests?|testing|specs?|fixtures?|mocks?|stubs?|fakes?|helpers?|test-?(?:utils?|helpers?|support|setup|kit|data))(?=[/._-])/i;

/**
 * Which files belong to the tests: those that the runner collected, and helpers that only tests import. A file that other code imports is
 * code, even if tests stand in it; one that nothing but tests imports may be the library itself, so its name has to speak of tests too.
 */
export function makeIsTest({ paths, read, collected }: Tests): (path: string) => boolean {
  let importers: ReadonlyMap<string, readonly string[]> | undefined;
  const importersOf = (path: string) => {
    importers ??= importersIn(paths, read);
    return importers.get(path) ?? [];
  };
  const byName = (path: string) => kindOf(path) === 'test';
  return (path) => {
    if (byName(path)) return true;
    const found = collected.has(path) && !tested.test(path);
    if (!found && !suggestive.test(path)) return false;
    const from = importersOf(path);
    return found ? from.every(byName) : from.length > 0 && from.every((one) => byName(one) || collected.has(one));
  };
}

function importersIn(paths: readonly string[], read: (path: string) => string | undefined): Map<string, string[]> {
  const resolve = makeResolve(paths, read);
  const importers = new Map<string, string[]>();
  for (const path of paths) {
    const kind = kindOf(path);
    const text = kind === 'source' || kind === 'test' || kind === 'aside' ? read(path) : undefined;
    if (text === undefined) continue;
    for (const target of new Set(listImports(path, text).flatMap((specifier) => resolve(path, specifier))))
      if (target !== path) importers.set(target, [...(importers.get(target) ?? []), path]);
  }
  return importers;
}
