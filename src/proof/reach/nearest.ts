import { listImports } from '../../context/rank/imports.ts';
import { makeResolve } from '../../context/rank/resolve.ts';
import { kindOf } from '../../context/scan/kinds.ts';
import type { FileChange } from '../../schema/patch.ts';
import type { TestRun } from '../../schema/run.ts';

type Tree = {
  readonly paths: readonly string[];
  readonly read: (path: string) => string | undefined;
  readonly isTest: (path: string) => boolean;
  /** What was run already. */
  readonly own: readonly string[];
};

const mostTests = 8;
const mostSteps = 3;
const few = 3;

/** Test files that load what is changed, in few steps; none where that is most of them, because then all may run at once. */
export function nearestTests(changes: readonly FileChange[], { paths, read, isTest, own }: Tree): string[] {
  const code = paths.filter((path) => /^(?:source|test|aside)$/.test(kindOf(path)));
  const tests = code.filter(isTest);
  if (tests.length <= few) return [];
  const resolve = makeResolve(paths, read);
  const loads = new Map(code.map((path) => [path, new Set(listImports(path, read(path) ?? '').flatMap((name) => resolve(path, name)))]));
  const reached = new Set(changes.map(({ path }) => path));
  const near: string[] = [];
  for (let step = 0; step < mostSteps && near.length < mostTests; step++) {
    const next = code.filter((path) => !reached.has(path) && [...(loads.get(path) ?? [])].some((target) => reached.has(target)));
    for (const path of next) reached.add(path);
    near.push(...next.filter((path) => isTest(path) && !own.includes(path)));
  }
  return near.length * 2 > tests.length ? [] : near.slice(0, mostTests);
}

/** What a run showed of some files. */
export function onlyFiles(run: TestRun, files: readonly string[]): TestRun {
  const of = ({ file }: { readonly file?: string | undefined }) => file !== undefined && files.includes(file);
  const tests = run.tests.filter(of);
  const count = (status: string) => tests.filter((test) => test.status === status).length;
  const failures = run.failures.filter(of);
  return {
    ...run,
    tests,
    failures,
    outcome: failures.length > 0 ? 'red' : 'green',
    collected: tests.length,
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
  };
}
