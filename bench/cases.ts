import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { folders, readEnvironment } from '../src/config.ts';
import { openIndex } from '../src/context/index/stored.ts';
import type { RankInput } from '../src/context/rank/collect.ts';
import { makeResolve } from '../src/context/rank/resolve.ts';
import { findTest } from '../src/context/rank/tests.ts';
import { kindOf } from '../src/context/scan/kinds.ts';
import { goldLines } from '../src/evaluating/gold-lines.ts';
import { prepare } from '../src/packing/make-pack.ts';
import { openGit } from '../src/repo/git.ts';
import type { Failure } from '../src/schema/run.ts';
import { type Instance, readKept } from './instances.ts';
import { git } from './mine.ts';

/** An instance made ready for the ranking: what the product would read, and what it should find. */
export type Case = {
  readonly instance: Instance;
  readonly input: RankInput;
  readonly paths: readonly string[];
  readonly gold: ReadonlyMap<string, readonly number[]>;
};

type Places = {
  readonly checkouts: string;
  readonly runs: string;
  readonly gold: string;
  /** Whether what `bench/trace` kept is used. */
  readonly traced?: boolean | undefined;
};

/** From a checkout at the base commit with the tests of the fix, the failures that were seen there and the diff of the fix. */
export async function openCheckout(instance: Instance, { checkouts, runs, gold, traced = true }: Places): Promise<Case | undefined> {
  const env = readEnvironment();
  const kept = readKept(runs, instance.id);
  const diff = join(gold, `${instance.id}.diff`);
  const failure = kept?.failures[0];
  if (!failure || !existsSync(diff)) return undefined;
  const root = join(checkouts, instance.id);
  const deps = { env, folders: folders(env), signal: undefined, tell: () => {}, now: Date.now };
  const { input, paths } = await prepare(
    {
      root,
      git: await openGit(root, deps),
      failure,
      run: kept,
      budgetTokens: 32_000,
      ...(traced && { coverage: kept.coverage, passing: kept.passing }),
    },
    deps,
  );
  return { instance, input, paths, gold: goldLines(readFileSync(diff, 'utf8')) };
}

/** Opens instances from checkouts, or, where `mirrors` is a folder of bare clones `<owner>+<name>/repo`, from their history. */
export function openers(places: Places, mirrors: string | undefined) {
  const opened = new Map<string, ReturnType<typeof openMined>>();
  return (instance: Instance): Promise<Case | undefined> => {
    if (mirrors === undefined) return openCheckout(instance, places);
    const folder = join(mirrors, instance.repo.replace('/', '+'), 'repo');
    const open = opened.get(instance.repo) ?? openMined(existsSync(join(folder, '.git')) ? join(folder, '.git') : folder);
    if (!opened.has(instance.repo)) opened.clear();
    opened.set(instance.repo, open);
    return open(instance);
  };
}

const wanted = /\.(?:[cm]?[jt]sx?|vue|svelte|py|go|rs|rb|java|kt|php|cs|cc?|cpp|hh?|hpp|json|toml|mod)$/;

/** From the history of a bare repository alone: nothing is run, the failure is the place of the test lines that the fix added. */
export function openMined(folder: string): (instance: Instance) => Promise<Case | undefined> {
  const blobs = new Map<string, string>();
  let log: { hash: string; files: string[] }[] | undefined;
  return async (instance) => {
    log ??= (await git(folder, ['log', '-z', '--format=%x01%H', '--name-only', '--no-renames', '--no-merges', '--max-count=9000', 'HEAD']))
      .split('\x01')
      .slice(1)
      .map((part) => part.split(/[\0\n]+/).filter(Boolean))
      .map(([hash = '', ...files]) => ({ hash, files: files.length > 60 ? [] : files }));
    const start = log.findIndex(({ hash }) => hash === instance.fix_commit);
    if (start < 0) return undefined;
    const oids = new Map<string, string>();
    for (const [commit, only] of [
      [instance.base_commit, undefined],
      [instance.fix_commit, new Set(instance.test_files_changed)],
    ] as const) {
      for (const row of (await git(folder, ['ls-tree', '-r', '-z', commit])).split('\0')) {
        const [meta = '', path = ''] = row.split('\t');
        if (meta.startsWith('100') && (!only || only.has(path))) oids.set(path, meta.split(' ')[2] ?? '');
      }
    }
    const missing = [...oids]
      .filter(([path, oid]) => wanted.test(path) && !['generated', 'lock', 'binary'].includes(kindOf(path)) && !blobs.has(oid))
      .map(([, oid]) => oid);
    for (const [oid, text] of await readBlobs(folder, missing)) blobs.set(oid, text);
    const read = (path: string) => blobs.get(oids.get(path) ?? '');
    const failures = await failuresOf(folder, instance, read);
    const failure = failures[0];
    if (!failure) return undefined;
    const paths = [...oids.keys()].sort();
    const documents = paths.filter((path) => ['source', 'aside'].includes(kindOf(path)) && read(path) !== undefined);
    const files = documents.map((path) => ({ path }));
    const input: RankInput = {
      failure,
      related: failures,
      documents,
      index: openIndex({ files, accept: () => true, load: (path) => Buffer.from(read(path) ?? '') }, undefined).index,
      read,
      resolve: makeResolve(paths, read),
      history: { commits: log.slice(start + 1, start + 3_001).map(({ files }) => files) },
      changed: [],
    };
    const diff = await git(folder, ['diff', '--no-renames', instance.base_commit, instance.fix_commit, '--', ...instance.gold_files]);
    return { instance, input, paths, gold: goldLines(diff) };
  };
}

async function readBlobs(folder: string, oids: readonly string[]): Promise<Map<string, string>> {
  const blobs = new Map<string, string>();
  if (oids.length === 0) return blobs;
  const bytes = Buffer.from(await git(folder, ['cat-file', '--batch'], `${oids.join('\n')}\n`), 'utf8');
  // Sizes are of the bytes as git wrote them, so a file that is not UTF-8 would shift the rest: resynchronise on the header.
  const text = bytes.toString('utf8');
  let at = 0;
  for (const oid of oids) {
    const head = text.indexOf(`${oid} blob `, at);
    if (head < 0) continue;
    const body = text.indexOf('\n', head) + 1;
    const next = oids[oids.indexOf(oid) + 1];
    const end = next === undefined ? text.length : text.indexOf(`\n${next} blob `, body);
    blobs.set(oid, text.slice(body, end < 0 ? text.length : end));
    at = body;
  }
  return blobs;
}

/** One failure per test block that the fix commit added lines to. */
async function failuresOf(folder: string, instance: Instance, read: (path: string) => string | undefined): Promise<Failure[]> {
  const failures = new Map<string, Failure>();
  for (const file of instance.test_files_changed) {
    const diff = await git(folder, ['diff', '-U0', '--no-renames', instance.base_commit, instance.fix_commit, '--', file]);
    const lines = read(file)?.split('\n') ?? [];
    for (const [, start = '0', count = '1'] of diff.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)) {
      if (count === '0') continue;
      for (let line = Number(start); line < Number(start) + Number(count); line += 5) {
        const place = { file, line: Math.min(line + 1, lines.length), name: '', frames: [] };
        const region = findTest(lines, place);
        if (!region) continue;
        const title = lines
          .slice(region.startLine - 1, region.startLine + 3)
          .map((text) => /(['"`])(.{3,}?)\1|(?:def|func|fn)\s+(\w+)/.exec(text))
          .find(Boolean);
        const name = title?.[2] ?? title?.[3] ?? '';
        const id = `${file}::${name}:${region.startLine}`;
        if (!failures.has(id)) failures.set(id, { ...place, id, name, kind: 'assertion', message: '' });
      }
    }
  }
  return [...failures.values()].slice(0, 12);
}
