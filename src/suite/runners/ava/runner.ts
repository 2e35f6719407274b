import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeLocate } from '../../locate.ts';
import { condense } from '../../output-text.ts';
import { errorOfPoint, readTap, type TapPoint, tapLine } from '../../reports/tap-tree.ts';
import {
  addFlags,
  dropFlags,
  narrowFiles,
  outsideTests,
  plainName,
  programOf,
  type RawTest,
  type Runner,
  wholeFile,
} from '../../runner.ts';

/** AVA, by its own TAP output: the workers' output goes to stderr there, so a test that prints TAP fakes nothing. */
export const ava: Runner = {
  name: 'ava',
  settings: ['ava.config.*'],
  claims: /['"]ava['"]/,
  owns: (argv) => programOf(argv[0]) === 'ava',
  bare: { dependency: 'ava', argv: ['ava'] },
  refuse: (argv) => (argv.some((argument) => argument === '--watch' || argument === '-w') ? '--watch never ends' : undefined),
  engine: 'node',
  async start({ suite, folder, only, files }) {
    const argv = dropFlags(suite.argv, {
      '--tap': false,
      '-t': false,
      '--verbose': false,
      '-v': false,
      '--fail-fast': false,
      '--color': false,
      '--no-color': false,
      ...(only && { '--match': true, '-m': true }),
    });
    // A `failFast` of the configuration hides failures.
    const flags = ['--tap', '--no-fail-fast'];
    for (const { name } of only ?? []) flags.push(`--match=${plainName(name).replaceAll('*', '?').replaceAll('!', '*')}`);
    return { argv: [argv[0] ?? 'ava', ...addFlags(narrowFiles(argv.slice(1), { files, folder }, new Set(['--config'])), flags)] };
  },
  read({ stdout, folder, files }) {
    // Its plan does not count uncaught errors.
    const text = condense(stdout, tapLine);
    const { points, planned } = readTap(text);
    // Where one file was run, titles have no file before them; a hook that fails leaves its name here.
    const [, halted] = /^# \d+ tests? remaining in (.+)$/m.exec(text) ?? [];
    const place = makePlace(folder, files, halted);
    return { tests: joinCrashes(points.map((point) => toTest(point, place, folder))), complete: planned };
  },
};

/** A file that ends early comes after the error that ended it, with results of other files between: both are one load error. */
function joinCrashes(tests: readonly RawTest[]): RawTest[] {
  const used = new Set<RawTest>();
  const joined = tests.map((test, index) => {
    if (test.names[0] !== wholeFile || test.status !== 'failed') return test;
    const before = tests.slice(0, index).filter((other) => other.names[0] === outsideTests && !used.has(other));
    const names = (other: RawTest) => other.errors.some(({ message }) => test.file !== undefined && message.includes(test.file));
    const crash = before.find(names) ?? before.at(-1);
    if (crash) used.add(crash);
    return crash ? { ...test, errors: crash.errors } : test;
  });
  return joined.filter((test) => !used.has(test));
}

type Place = (title: string) => { readonly file: string | undefined; readonly name: string };

function toTest(point: TapPoint, place: Place, folder: string): RawTest {
  const status = point.skipped || point.todo ? 'skipped' : point.ok ? 'passed' : 'failed';
  const errors = status === 'failed' ? [errorOfPoint(point)] : [];
  const lost = /^(?:No tests found in (\S.*?)(?:, make sure.*)?|(\S.*) exited (?:with a non-zero exit code: \d+|due to \w+))$/.exec(
    point.name,
  );
  if (lost)
    return {
      file: lost[1] ?? lost[2],
      names: [wholeFile],
      status,
      kind: 'load',
      errors: [{ message: point.name, stack: errors[0]?.stack }],
    };
  const message = errors[0]?.message.split('\n')[0] ?? '';
  // An uncaught error comes under its own text instead of a test's name.
  const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');
  const crash =
    message &&
    /^(?:\w*Error|\w*Exception|Uncaught|Unhandled)\b/.test(point.name) &&
    letters(point.name).includes(letters(message).slice(0, 60));
  if (crash) return { names: [outsideTests], status, errors };
  const { file, name } = place(point.name);
  const timeout = /^Exited because no new tests completed/.test(message);
  const below = status === 'failed' ? belowHook(name, file && resolve(folder, file)) : undefined;
  return {
    file,
    names: [name],
    status,
    errors,
    durationMs: point.durationMs,
    ...(timeout && { kind: 'timeout' }),
    ...(below && { below }),
  };
}

/** A hook comes under its own title; that of one test names it, for the others the file is read. */
function belowHook(name: string, file: string | undefined): (readonly string[])[] | undefined {
  const hook = /^(?:before|after)(?:Each)?(?:\.always)? hook(?: for (.+))?$/s.exec(name);
  if (!hook) return undefined;
  if (hook[1] !== undefined) return [[hook[1]]];
  const text = file !== undefined && existsSync(file) ? readFileSync(file, 'utf8') : '';
  return [...text.matchAll(/^\s*test(?:\.(?:serial|cb|failing))?\(\s*(['"`])(.+?)\1/gm)].map(([, , title = '']) => [title]);
}

/** "folder › file › title": the file is the one whose path ends so. Without a prefix only one file was run. */
function makePlace(folder: string, files: readonly string[] | undefined, halted: string | undefined): Place {
  const locate = makeLocate(folder);
  const prefixes = new Map<string, string[]>();
  const known = () => {
    if (prefixes.size > 0) return prefixes;
    for (const file of locate.files()) {
      const parts = file.split('/').filter((part) => part !== '__tests__');
      const base = (parts.pop() ?? '')
        .replace(/\.(?:spec|test)\./, '.')
        .replace(/test-/, '')
        .replace(/\.[^.]+$/, '');
      for (let from = 0; from <= parts.length; from++) {
        const prefix = [...parts.slice(from), base].join(' › ');
        prefixes.set(prefix, [...(prefixes.get(prefix) ?? []), file]);
      }
    }
    return prefixes;
  };
  return (title) => {
    const only = files?.length === 1 ? files[0] : undefined;
    const parts = title.split(' › ');
    for (let cut = parts.length - 1; cut > 0 && !only; cut--) {
      const candidates = known().get(parts.slice(0, cut).join(' › '));
      const name = parts.slice(cut).join(' › ');
      if (candidates?.length === 1 && candidates[0]) return { file: join(folder, candidates[0]), name };
      if (candidates) return { file: locate.byTitle(name) ?? candidates[0], name };
    }
    return { file: only ?? locate.byTitle(title) ?? halted, name: title };
  };
}
