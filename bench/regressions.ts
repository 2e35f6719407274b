import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { findCause } from '../src/cause/cause.ts';
import { readHunks } from '../src/cause/change.ts';
import { folders, readEnvironment } from '../src/config.ts';
import { kindOf } from '../src/context/scan/kinds.ts';
import { messageOf } from '../src/errors.ts';
import { isTestName } from '../src/patch/judge/rules.ts';
import { makeMutants } from '../src/proof/mutants/mutants.ts';
import { observe } from '../src/proof/observe.ts';
import { openPlace } from '../src/repo/root.ts';
import { makeRedactor } from '../src/safety/redact/redact.ts';

const usage = `node bench/run.mjs regressions FOLDER… [--each N] [--timeout SECONDS]
Plants N regressions (8) in a copy of each FOLDER, a repository that is green at HEAD with its dependencies installed: one line is broken, alone
and inside the work of its last commits, both not committed. Prints whether the cause names that hunk, among at most two, and after how many runs.`;

type Case = { readonly path: string; readonly line: number; readonly what: string; readonly text: string };
type Said = { readonly kind: 'alone' | 'inside'; readonly found: boolean; readonly runs: number; readonly verified: boolean };

/** Hunks that the work around a regression has besides it. */
const work = { least: 2, most: 30, back: 40 } as const;

export async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { each: { type: 'string', default: '8' }, timeout: { type: 'string', default: '60' } },
  });
  if (positionals.length === 0) throw new Error(usage);
  const all: Said[] = [];
  for (const from of positionals) {
    const folder = mkdtempSync(join(tmpdir(), 'glm-bench-'));
    const root = join(folder, basename(from));
    cpSync(from, root, { recursive: true, verbatimSymlinks: true });
    try {
      for (const said of await plantAll(root, Number(values.each), Number(values.timeout) * 1000)) all.push(said);
    } catch (error) {
      console.log(basename(from), messageOf(error));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  for (const kind of ['alone', 'inside'] as const) {
    const own = all.filter((one) => one.kind === kind);
    const runs = own.map((one) => one.runs).sort((a, b) => a - b);
    console.log(`${kind}: ${own.filter(({ found }) => found).length} of ${own.length} found, median ${runs[runs.length >> 1] ?? 0} runs`);
  }
  console.log(`${all.filter(({ verified }) => verified).length} called verified`);
}

async function plantAll(root: string, each: number, timeoutMs: number): Promise<Said[]> {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, maxBuffer: 1e8 }).toString();
  const head = git('rev-parse', 'HEAD').trim();
  const base = baseOf(git);
  const sources = git('ls-files', '-z').split('\0').filter(isSource);
  const lines = base === undefined ? undefined : git('diff', '--name-only', base, head).split('\n');
  const mutants = sources
    .flatMap((path): Case[] => makeMutants(path, readFileSync(join(root, path), 'utf8'), { most: 60 }).map((one) => ({ path, ...one })))
    // Those in files that the work touches say most.
    .sort((a, b) => Number(lines?.includes(b.path) ?? false) - Number(lines?.includes(a.path) ?? false));
  const said: Said[] = [];
  const step = Math.max(1, Math.floor(mutants.length / (each * 2)));
  let planted = 0;
  for (let at = 0; at < mutants.length && planted < each; at += step) {
    const one = mutants[at];
    if (!one) break;
    const rounds = [['alone', head] as const, ...(base === undefined ? [] : [['inside', base] as const])];
    let red = true;
    for (const [kind, from] of rounds) {
      if (!red) continue;
      git('reset', '-q', '--hard', head);
      git('reset', '-q', '--mixed', from);
      writeFileSync(join(root, one.path), one.text);
      const result = await causeOf(root, timeoutMs).catch((error: unknown) => messageOf(error));
      red = result !== undefined;
      if (result === undefined || typeof result === 'string') {
        if (result) console.log(basename(root), kind, one.path, one.what, result);
        continue;
      }
      const hunks = result.cause.blame?.hunks ?? [];
      const here = hunks.some(({ path, line, endLine }) => path === one.path && line <= one.line && endLine >= one.line);
      const made = {
        kind,
        found: here && hunks.length <= 2,
        runs: result.cause.blame?.runs ?? 0,
        verified: /\bverified\b/.test(JSON.stringify(result.cause)),
      };
      said.push(made);
      const places = hunks.map(({ path, line }) => `${path}:${line}`).join(' ');
      console.log(
        basename(root).padEnd(22),
        kind.padEnd(7),
        made.found ? 'found ' : 'missed',
        `${made.runs} runs`.padEnd(8),
        `${one.path} ${one.what} |`,
        places,
        result.notes.join(' '),
      );
    }
    if (red) planted++;
  }
  git('reset', '-q', '--hard', head);
  return said;
}

const isSource = (path: string) =>
  kindOf(path) === 'source' && !isTestName(path) && /\.(?:[cm]?[jt]s|py)$/.test(path) && !/(?:^|\/)(?:bench|example|script|doc)/.test(path);

/** The nearest commit whose way to HEAD is work of some hunks in sources. */
function baseOf(git: (...words: string[]) => string): string | undefined {
  const shas = git('rev-list', '--first-parent', `--max-count=${work.back + 1}`, 'HEAD')
    .split('\n')
    .filter(Boolean);
  return shas.slice(1).find((sha) => {
    const count = readHunks(git('diff', '--no-color', '--no-renames', '-U0', sha, 'HEAD')).filter(({ path }) => isSource(path)).length;
    return count >= work.least && count <= work.most;
  });
}

async function causeOf(root: string, timeoutMs: number) {
  const env = readEnvironment();
  const redactor = makeRedactor({ key: Buffer.alloc(32, 1), exact: [] });
  const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined, redactor };
  const limits = { timeoutMs, envNames: [], sandbox: 'off' as const };
  const place = await openPlace({ root }, deps);
  const observed = await observe({ ...place, ...limits, tests: [] }, deps);
  const [group] = observed.groups;
  if (!group) return undefined;
  const failures = observed.run.failures.filter(({ id }) => group.ids.includes(id));
  return findCause({ ...place, ...limits, ...observed, failure: group.first, failures }, deps);
}
