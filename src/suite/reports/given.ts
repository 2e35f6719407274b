import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { GlmError, messageOf } from '../../errors.ts';
import { deniedPath } from '../../safety/paths.ts';
import type { TestRun } from '../../schema/run.ts';
import type { Relate } from '../paths.ts';
import { isForeign, makeRelate } from '../paths.ts';
import { readReport } from './reports.ts';

const maxBytes = 200 << 20;

/**
 * Reads a report or a CI log that was made elsewhere: the same `TestRun`, marked as not re-run. A folder stands for the XML files in it
 * (`target/surefire-reports`). Throws `no_report` for what is missing, too large or none of the known forms.
 */
export async function readGiven(root: string, path: string, kind: 'report' | 'log'): Promise<TestRun> {
  const full = [resolve(root, path), resolve(path)].find(existsSync);
  if (!full)
    throw new GlmError('no_report', `There is no file ${path}.`, {
      hint: `Give the path of a ${kind === 'log' ? 'CI log' : 'test report'}.`,
    });
  const texts = textsOf(full, path);
  const relate = relateElsewhere(root);
  const run = await readReport(kind === 'log' ? 'log' : 'auto', texts, { root, relate, name: path });
  if (run) return run;
  throw new GlmError('no_report', `${path} is no ${kind === 'log' ? 'log of a test runner that is known' : 'test report that is known'}.`, {
    hint:
      kind === 'log'
        ? 'Known: the text output of the common runners, with or without the stamps of GitHub Actions and GitLab.'
        : 'Known: JUnit XML, TAP, CTRF, JSON of jest, vitest, mocha and RSpec, go test -json, trx, cargo text. For a raw log use --log.',
  });
}

function textsOf(full: string, path: string): string[] {
  try {
    const files = statSync(full).isDirectory()
      ? readdirSync(full)
          .filter((name) => /\.(?:xml|trx)$/.test(name))
          .sort()
          .map((name) => join(full, name))
      : [full];
    const odd = files.find((file) => !statSync(file).isFile() || /^\/(?:proc|sys|dev)\//.test(realpathSync(file)));
    if (odd) throw new GlmError('no_report', `${odd} is no regular file.`);
    const denied = files.map((file) => deniedPath(basename(realpathSync(file)))).find(Boolean);
    if (denied) throw new GlmError('no_report', `${path} is not read: ${denied}.`, { hint: 'Give a test report or a CI log.' });
    const large = files.find((file) => statSync(file).size > maxBytes);
    if (large) throw new GlmError('no_report', `${large} is larger than ${maxBytes >> 20} MB.`);
    return files.map((file) => readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof GlmError) throw error;
    throw new GlmError('no_report', `${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Paths of another machine: the longest end of the path that is a file here, else what stands below a checkout folder that is known. */
export function relateElsewhere(root: string): Relate {
  const direct = makeRelate(root, root);
  const known = new Map<string, string | undefined>();
  const find = (path: string): string | undefined => {
    if (isForeign(path)) return undefined;
    const here = direct(path);
    if (here !== undefined && existsSync(join(root, here))) return here;
    const parts = path
      .replace(/^file:\/\//, '')
      .replaceAll('\\', '/')
      .split('/')
      .filter(Boolean);
    for (let from = 0; from < parts.length; from++) {
      const end = parts.slice(from).join('/');
      if (end.split('/').every((part) => part !== '..') && isFile(join(root, end))) return end;
    }
    const checkout =
      /^(?:\/home\/runner\/work|\/__w|[A-Z]:\/a)\/[^/]+\/[^/]+\/(.+)$|^\/builds\/(?:[^/]+\/){2}(.+)$|^\/home\/circleci\/project\/(.+)$/.exec(
        path.replaceAll('\\', '/'),
      );
    const inside = checkout?.[1] ?? checkout?.[2] ?? checkout?.[3];
    if (inside !== undefined) return direct(inside);
    return here ?? (/^[^/\\]/.test(path) && !/^[A-Za-z]:/.test(path) ? direct(path) : undefined);
  };
  return (path) => {
    if (!known.has(path)) known.set(path, find(path));
    return known.get(path);
  };
}
