import { statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFileIn } from '../find-file.ts';
import { makeRelate } from '../paths.ts';
import { readJunit } from '../reports/junit.ts';
import { dropFlags, type Ended, narrowFiles, nothingRead, plainName, type Reading, type Start, type Started } from '../runner.ts';
import { freshReport } from './plugin.ts';

/** Options of bun and deno whose value looks like a path. */
const valued = new Set([
  '-c',
  '--config',
  '--preload',
  '-r',
  '--env-file',
  '--import-map',
  '--tsconfig-override',
  '--coverage-dir',
  '--lock',
]);

/** Starts `PROGRAM VERB …` with flags that ask for JUnit XML. One test is narrowed by the last part of its name behind `filter`. */
export async function startWithJunit(start: Start, flags: (report: string) => string[], filter: string): Promise<Started> {
  const report = freshReport(start.scratch, 'xml');
  const [program = '', verb = '', ...rest] = start.suite.argv;
  const kept = narrowFiles(dropFlags(rest, { '--bail': false, '--fail-fast': false }), start, valued);
  const name = start.only?.length === 1 ? start.only[0]?.name.split(' > ').at(-1) : undefined;
  return { argv: [program, verb, ...flags(report), ...(name ? [filter, name] : []), ...kept], report };
}

/** The JUnit XML that a runner wrote to the path it was given. */
export function readJunitReport({ report, root, folder }: Pick<Ended, 'report' | 'root' | 'folder'>): Reading {
  return report ? readJunit(report.text(), findFileIn(root, makeRelate(root, folder))) : nothingRead;
}

/**
 * The JUnit XML files below the suite's folder that a tool writes where it likes. The scratch folder was made when the run began: what is
 * older belongs to an earlier run.
 */
export async function readFreshReports({ scratch, folder, root }: Ended, shape: RegExp): Promise<Reading> {
  const since = statSync(scratch).birthtimeMs;
  const entries = await readdir(folder, { recursive: true });
  const paths = entries
    .map((path) => join(folder, path))
    .filter((path) => shape.test(path.replaceAll('\\', '/')) && statSync(path).mtimeMs >= since);
  const find = findFileIn(root, makeRelate(root, folder));
  return joinReadings(await Promise.all(paths.sort().map(async (path) => readJunit(await readFile(path, 'utf8'), find))));
}

/** `Type#method`, as the tools of the JVM name one test. */
export function selector({ name }: { readonly name: string }): string {
  const [type = '', method = ''] = plainName(name).split(' > ');
  return `${type.split('.').at(-1)}#${method.replace(/[({[].*$/s, '')}`;
}

/** Several reports of one run: complete when there is one and all are. */
export function joinReadings(readings: readonly Reading[]): Reading {
  const doubts = readings.flatMap((reading) => reading.doubts ?? []);
  return {
    tests: readings.flatMap((reading) => reading.tests),
    complete: readings.length > 0 && readings.every((reading) => reading.complete),
    ...(doubts.length > 0 && { doubts }),
  };
}
