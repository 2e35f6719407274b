import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Failure, Frame, Suite, TestStatus } from '../schema/run.ts';
import type { Written } from './output-text.ts';

/** One error as a runner gave it. `stack` holds the frames as text; `expected` and `actual` are already text. */
export type RawError = {
  readonly name?: string | undefined;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  /** Frames where the runner knows them better than its text; innermost first, paths absolute or relative to the package. */
  readonly frames?: readonly Frame[] | undefined;
};

/** One result as a runner gave it. Paths are absolute, `file://` or relative to the suite's folder; names go from outer to inner. */
export type RawTest = {
  readonly file?: string | undefined;
  readonly names: readonly string[];
  readonly status: TestStatus;
  readonly durationMs?: number | undefined;
  readonly line?: number | undefined;
  readonly kind?: Failure['kind'] | undefined;
  readonly errors: readonly RawError[];
  readonly output?: string | undefined;
  /** The project of a configuration with several, by which runs of one test are told apart. */
  readonly project?: string | undefined;
  /** Set where a hook failed (`beforeAll`, `setUpModule`): names of the tests of the same file that stand below it, none where they are not told. */
  readonly below?: readonly (readonly string[])[] | undefined;
  /** Why it failed before it passed on a retry of the same run. */
  readonly flaky?: string | undefined;
};

/** The name of a whole file where it could not be loaded and none of its tests is known. */
export const wholeFile = '<file>';

/** The name of a hook of a whole file, where it has none of its own. */
export const fileHook = '<hook>';

/** The name of an error that belongs to no test: it counts as a failure only where no test failed. */
export const outsideTests = '<outside any test>';

/** What a runner left behind. `complete` is false when its end mark is missing: such a reading is never green. */
export type Reading = {
  readonly tests: readonly RawTest[];
  readonly complete: boolean;
  /** Names of tests that had begun and not ended. */
  readonly running?: readonly string[] | undefined;
  readonly note?: string | undefined;
  /** It stopped early by its own settings: what is missing never ran. */
  readonly stopped?: boolean | undefined;
  /** What the report itself says against its own tests, as it says it: with one of these nothing is green. */
  readonly doubts?: readonly string[] | undefined;
};

export const nothingRead: Reading = { tests: [], complete: false };

/** One test to run again. Names that themselves hold " > " cannot be told from nesting: `pattern` allows for both. */
type Wanted = { readonly id: string; readonly name: string; readonly file?: string | undefined };

export type Start = {
  readonly suite: Suite;
  /** Absolute folder of the repository and of the suite inside it. */
  readonly root: string;
  readonly folder: string;
  /** Fresh private folder, absolute: reporters and reports live here, never in the repository. */
  readonly scratch: string;
  /** Environment of the child, so that variables can be extended instead of replaced. */
  readonly env: Readonly<Record<string, string>>;
  readonly only: readonly Wanted[] | undefined;
  /** Test files, relative to the suite's folder. */
  readonly files: readonly string[] | undefined;
};

export type Started = {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Report that the runner writes, absolute. Without one stdout is the report. */
  readonly report?: string | undefined;
  /** Read stdout whole beside the report: what was started may have left its results there. */
  readonly readsStdout?: boolean | undefined;
  /** The same with the JSON report that the runner itself writes, for where it refuses to load a reporter of ours. */
  readonly instead?: Pick<Started, 'argv' | 'env' | 'report'> | undefined;
  readonly note?: string | undefined;
};

export type Ended = Start & {
  readonly started: Started;
  /** Undefined when there is none. */
  readonly report: Written | undefined;
  /** Whole where it is the report, else its first and last part. */
  readonly stdout: Written;
  readonly stderr: string;
  readonly exitCode: number | null;
};

/** How a folder's tests are started, found by the files in it; `why` names them. */
export type Found = { readonly argv: readonly string[]; readonly why: string; readonly install?: string };

/** What is to be covered: `folder` is the suite's, `include` a glob, `into` a folder of ours. All absolute but the glob. */
export type Covered = { readonly folder: string; readonly include: string; readonly into: string };

/** A test framework: how its command line is known, how it is started with a machine-readable report, how that is read. */
export type Runner = {
  readonly name: string;
  /** Is this argv (without wrappers, package managers and environment) a start of this runner? */
  readonly owns: (argv: readonly string[]) => boolean;
  /** The command where a package depends on the runner and no script names it. */
  readonly bare?: { readonly dependency: string; readonly argv: readonly string[] } | undefined;
  /** The command where a folder holds the files that the runner starts from, and which that are. */
  readonly find?: ((folder: string) => Found | undefined) | undefined;
  /** A test file of this runner, by its path (the first line) or by what it loads. */
  readonly claims?: RegExp | undefined;
  /** Names of the files beside package.json that say how it runs; `*` is anything. */
  readonly settings?: readonly string[] | undefined;
  /** What installs what is missing, where no package manager says. */
  readonly install?: string | undefined;
  /** What the tests run in: by it what ran is traced and counted. Undefined: neither can be read. */
  readonly engine?: 'node' | 'python' | 'go' | undefined;
  /** Flags that make the runner write its own coverage, as Istanbul's JSON, of the files that `include` names into `into`. */
  readonly cover?: ((suite: Covered) => readonly string[] | undefined) | undefined;
  /** Flags by which the tests of a file run in an order that the seed decides. Absent or undefined: this runner, or this version, has none. */
  readonly shuffle?: ((seed: number, folder: string) => readonly string[] | undefined) | undefined;
  /** Why this argv would never end (watch mode) or cannot be read; undefined when it is fine. */
  readonly refuse?: ((argv: readonly string[]) => string | undefined) | undefined;
  readonly start: (start: Start) => Promise<Started>;
  readonly read: (ended: Ended) => Reading | Promise<Reading>;
};

/** Base name of a program without extension: `node_modules/.bin/jest.cmd` and `node_modules/jest/bin/jest.js` are `jest`. */
export function programOf(argument: string | undefined): string {
  const base = (argument ?? '').replaceAll('\\', '/').split('/').at(-1) ?? '';
  return base.replace(/\.(?:[cm]?js|cmd|ps1|exe)$/i, '');
}

/** Removes flags and their values: `names` maps a flag to whether it takes a value. `--flag=value` is one argument. */
export function dropFlags(argv: readonly string[], names: Readonly<Record<string, boolean>>): string[] {
  const kept: string[] = [];
  for (let at = 0; at < argv.length; at++) {
    const argument = argv[at] ?? '';
    if (argument === '--') return [...kept, ...argv.slice(at)];
    const [flag, value] = argument.split(/=(.*)/s);
    const takes = flag === undefined ? undefined : names[flag];
    if (takes === undefined) kept.push(argument);
    else if (takes && value === undefined) at++;
  }
  return kept;
}

/** Puts flags before `--` or at the end. */
export function addFlags(argv: readonly string[], flags: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return end < 0 ? [...argv, ...flags] : [...argv.slice(0, end), ...flags, ...argv.slice(end)];
}

/**
 * Arguments with `files` in place of those that were named, where there are any. The values of options stay: `valued` holds the options whose
 * value may look like a path, of the others what stands behind them is one where it is there or has the signs of a path.
 */
export function narrowFiles(
  rest: readonly string[],
  { files, folder }: Pick<Start, 'files' | 'folder'>,
  valued: ReadonlySet<string> = new Set(),
): readonly string[] {
  if (!files) return rest;
  const isValue = (word: string, option = '') =>
    option.startsWith('-') &&
    !option.includes('=') &&
    (valued.has(option) || !(/[*/\\]|\.\w+$/.test(word) || existsSync(join(folder, word))));
  const kept = rest.filter((word, at) => word !== '--' && (word.startsWith('-') || isValue(word, rest[at - 1])));
  return [...kept, ...files];
}

/** A regular expression for a whole test name; nesting may be joined by a blank or by " > ". */
export function pattern(name: string): string {
  return escapePattern(plainName(name)).replaceAll(' > ', '(?: > | )');
}

export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

const marks = /(?: \[project [^\]]*\])?(?: \[#\d+\])?$/;

/** Name of the n-th test of one name in one file; the first keeps its name. */
export const copyName = (name: string, number: number): string => (number < 2 ? name : `${name} [#${number}]`);

/** Name of a test that several projects of one configuration run. */
export const projectName = (name: string, project: string): string => `${name} [project ${project.replaceAll(']', ')')}]`;

/** The name as the runner knows it. */
export const plainName = (name: string): string => name.replace(marks, '');
