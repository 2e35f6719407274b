import { existsSync, readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { expandGlobs } from '../../globs.ts';
import { readRecords } from '../../reports/records.ts';
import {
  dropFlags,
  narrowFiles,
  pattern,
  programOf,
  type RawTest,
  type Runner,
  type Start,
  type Started,
  wholeFile,
} from '../../runner.ts';
import { type Plugin, writePlugin } from '../plugin.ts';
import reporter from './reporter.mjs?raw';

const hosts = new Set(['node', 'tsx', 'ts-node', 'ts-node-esm', 'swc-node', 'nodejs']);

/** node:test, also by `tsx --test`, `node --import tsx --test` and scripts that are started as `node FILE`. */
export const nodeTest: Runner = {
  name: 'node:test',
  claims: /['"]node:test['"]/,
  owns: (argv) => programOf(argv[0]) === 'borp' || (hosts.has(programOf(argv[0])) && argv.includes('--test')),
  refuse: (argv) => (argv.includes('--watch') ? '--watch never ends' : undefined),
  engine: 'node',
  async start(start) {
    const plugin = await writePlugin(start.scratch, 'node-test-reporter.mjs', reporter);
    if (programOf(start.suite.argv[0]) === 'borp') return startBorp(start, plugin);
    const [host = 'node', ...rest] = dropFlags(start.suite.argv, {
      '--test-reporter': true,
      '--test-reporter-destination': true,
      '--experimental-test-coverage': false,
      // It runs what failed before, by the place and not by the name.
      '--test-rerun-failures': true,
      ...(start.only && { '--test-name-pattern': true }),
    });
    // Our reporter prints nothing; /dev/null would not do, since newer Nodes fsync the destination, which fails there.
    const flags = [`--test-reporter=${plugin.path}`, '--test-reporter-destination=stdout'];
    for (const { name } of start.only ?? []) flags.push(`--test-name-pattern=/^(?:.*(?: > | ))?${lastName(name)}$/`);
    return { argv: [host, ...flags, ...narrow(rest, start)], report: plugin.report };
  },
  read({ report, folder, started }) {
    const reading = readRecords(report);
    return { ...reading, tests: reading.tests.flatMap((test) => keep(test, folder)), note: started.note };
  },
};

/** borp drives node:test by itself and takes a reporter by a path that begins with a dot. */
function startBorp({ suite, folder, files }: Start, plugin: Plugin): Started {
  const argv = dropFlags(suite.argv, { '--reporter': true, '-r': true, '--coverage': false, '-C': false, '--check-coverage': false });
  const [program = 'borp', ...rest] = argv;
  const path = relative(folder, plugin.path);
  const kept = narrowFiles(rest, { files, folder }, borpValued);
  return { argv: [program, `--reporter=${path.startsWith('.') ? path : `./${path}`}`, ...kept], report: plugin.report };
}

const lastName = (name: string) => pattern(name.split(' > ').at(-1) ?? name);

/** Replaces the files of a command by `files`; expands globs, which Node 20 leaves to the shell. */
function narrow(rest: readonly string[], { files, folder }: Start): readonly string[] {
  return files ? narrowFiles(rest, { files, folder }, valued) : expandGlobs(rest, folder);
}

const valued = new Set(
  '--import --require -r --loader --experimental-loader --env-file --env-file-if-exists -C --conditions --test-global-setup --icu-data-dir --tsconfig'.split(
    ' ',
  ),
);
const borpValued = new Set(['-p', '--pattern', '-i', '--ignore', '-X', '--coverage-exclude', '--post-compile', '-P']);

/** Where tests are declared, a file that passed as a whole is none of them: a program that ends itself passes so too. */
const declares = /\b(?:test|it|describe|suite)(?:\.\w+)*\s*\(/;

/** A file that passed as a whole holds no test, unless it is a plain script of assertions. */
function keep(test: RawTest, folder: string): RawTest[] {
  const whole = test.names.length === 1 && test.names[0] === wholeFile;
  if (!whole || !test.file) return [test];
  if (test.status === 'failed') return [{ ...test, errors: errorsOf(test), line: undefined }];
  const path = resolve(folder, test.file);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return /\bassert|\bexpect\(/.test(text) && !(nodeTest.claims?.test(text) && declares.test(text)) ? [test] : [];
}

/** What the file printed before it ended says more than "test failed". */
function errorsOf(test: RawTest): RawTest['errors'] {
  if (!test.output) return test.errors;
  const error = /^(?:Uncaught )?([A-Za-z]*(?:Error|Exception))(?: \[(\w+)\])?: (.*(?:\n(?!\s+at ).*){0,4})/m.exec(test.output);
  return error
    ? [{ name: error[1], message: error[0].trim(), stack: test.output }]
    : [{ message: test.errors[0]?.message ?? '', stack: test.output }];
}
