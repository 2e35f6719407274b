import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
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

const usage = `node bench/run.mjs regressions FOLDER… [--each N] [--timeout SECONDS] [--keep FILE] [--minutes N] [--only TEXT]
Plants N regressions (8) in a copy of each FOLDER, a repository that is green at HEAD with its dependencies installed: one line is broken, alone
and inside the work of its last commits, both not committed. Prints whether the cause names that hunk, among at most two, and after how many runs.
--keep remembers what was tried, --minutes begins nothing after so long: the same command goes on; without a FOLDER it prints what is kept.`;

type Planted = { readonly path: string; readonly line: number; readonly what: string; readonly text: string };

/** `green`: no test was seen to fail. An error of the search counts as missed. */
const Said = z.object({
  repository: z.string(),
  kind: z.enum(['alone', 'inside', 'green']),
  what: z.string(),
  found: z.boolean(),
  runs: z.number(),
  verified: z.boolean(),
  said: z.string(),
});
type Said = z.infer<typeof Said>;

/** Hunks that the work around a regression has besides it. */
const work = { least: 2, most: 30, back: 200 } as const;

export async function main(argv: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      each: { type: 'string', default: '8' },
      timeout: { type: 'string', default: '60' },
      keep: { type: 'string' },
      minutes: { type: 'string', default: '600' },
      only: { type: 'string', default: '' },
    },
  });
  const { keep } = values;
  if (positionals.length === 0 && !keep) throw new Error(usage);
  const until = Date.now() + Number(values.minutes) * 60_000;
  const all =
    keep && existsSync(keep)
      ? readFileSync(keep, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => Said.parse(JSON.parse(line)))
      : [];
  const add = (one: Said) => {
    all.push(one);
    if (keep) appendFileSync(keep, `${JSON.stringify(one)}\n`);
    if (one.kind !== 'green')
      console.log(
        one.repository.padEnd(20),
        one.kind.padEnd(6),
        one.found ? 'found ' : 'missed',
        `${one.runs} runs`.padEnd(8),
        one.what,
        '|',
        one.said,
      );
  };
  for (const from of positionals) {
    if (Date.now() > until) break;
    const folder = mkdtempSync(join(tmpdir(), 'glm-bench-'));
    const root = join(folder, basename(from));
    cpSync(from, root, { recursive: true, verbatimSymlinks: true });
    try {
      const known = all.filter(({ repository }) => repository === basename(from));
      await plantAll({ root, each: Number(values.each), timeoutMs: Number(values.timeout) * 1000, until, only: values.only, known, add });
    } catch (error) {
      console.log(basename(from), messageOf(error));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  summarize(all);
}

function summarize(all: readonly Said[]): void {
  const made = all.filter(({ kind }) => kind !== 'green');
  const share = (some: readonly Said[]) => {
    const found = some.filter((one) => one.found).length;
    return `${found} of ${some.length} (${Math.round((100 * found) / Math.max(some.length, 1))} %)`;
  };
  const middle = (some: readonly Said[]) => some.map(({ runs }) => runs).sort((a, b) => a - b)[some.length >> 1] ?? 0;
  for (const repository of new Set(made.map((one) => one.repository))) {
    const own = made.filter((one) => one.repository === repository);
    console.log(
      repository.padEnd(20),
      (['alone', 'inside'] as const).map((kind) => `${kind} ${share(own.filter((one) => one.kind === kind))}`).join(', '),
    );
  }
  const [alone, inside] = (['alone', 'inside'] as const).map((kind) => made.filter((one) => one.kind === kind));
  console.log(
    `${new Set(made.map(({ repository }) => repository)).size} repositories; alone ${share(alone ?? [])} found, median ${middle(alone ?? [])} runs;`,
    `inside ${share(inside ?? [])} found, median ${middle(inside ?? [])} runs; all: median ${middle(made)} runs, ${made.filter(({ verified }) => verified).length} called verified`,
  );
}

type Planting = {
  readonly root: string;
  readonly each: number;
  readonly timeoutMs: number;
  readonly until: number;
  readonly only: string;
  readonly known: readonly Said[];
  readonly add: (one: Said) => void;
};

async function plantAll({ root, each, timeoutMs, until, only, known, add }: Planting): Promise<void> {
  const git = (...words: string[]) => execFileSync('git', words, { cwd: root, maxBuffer: 1e8 }).toString();
  const head = git('rev-parse', 'HEAD').trim();
  if (known.length === 0) {
    const now = await causeOf(root, timeoutMs);
    if (now !== 'green') throw new Error(`is not green at HEAD: ${typeof now === 'string' ? now : 'red'}`);
  }
  const base = baseOf(git);
  const sources = git('ls-files', '-z').split('\0').filter(isSource);
  const touched = base === undefined ? [] : git('diff', '--name-only', base, head).split('\n');
  const mutants = sources
    .flatMap((path): Planted[] => makeMutants(path, readFileSync(join(root, path), 'utf8'), { most: 60 }).map((one) => ({ path, ...one })))
    // Those in files that the work touches say most.
    .sort((a, b) => Number(touched.includes(b.path)) - Number(touched.includes(a.path)));
  const step = Math.max(1, Math.floor(mutants.length / (each * 2)));
  let planted = 0;
  for (let at = 0; at < mutants.length && planted < each && Date.now() < until; at += step) {
    const one = mutants[at];
    if (!one) break;
    const what = `${one.path} ${one.what}`;
    if (!what.includes(only)) continue;
    const before = known.filter((said) => said.what === what);
    if (before.some(({ kind }) => kind === 'green')) continue;
    planted++;
    const rounds = [['alone', head] as const, ...(base === undefined ? [] : [['inside', base] as const])];
    for (const [kind, from] of rounds) {
      if (before.some((said) => said.kind === kind)) continue;
      git('reset', '-q', '--hard', head);
      git('reset', '-q', '--mixed', from);
      writeFileSync(join(root, one.path), one.text);
      const shown = { repository: basename(root), what, found: false, runs: 0, verified: false };
      const result = await causeOf(root, timeoutMs).catch((error: unknown) => new Error(messageOf(error)));
      if (typeof result === 'string') {
        add({ ...shown, kind: 'green', said: `no test fails: ${result}` });
        planted--;
        break;
      }
      if (result instanceof Error) {
        add({ ...shown, kind, said: messageOf(result) });
        continue;
      }
      const { blame } = result.cause;
      const hunks = blame?.hunks ?? [];
      const here = hunks.some(({ path, line, endLine }) => path === one.path && line <= one.line && endLine >= one.line);
      add({
        ...shown,
        kind,
        found: here && hunks.length <= 2,
        runs: blame?.runs ?? 0,
        verified: /\bverified\b/.test(JSON.stringify(result.cause)),
        said: [...hunks.map(({ path, line, endLine }) => `${path}:${line}-${endLine}`), blame?.why ?? '', ...result.notes].join(' '),
      });
    }
  }
  git('reset', '-q', '--hard', head);
}

const isSource = (path: string) =>
  kindOf(path) === 'source' &&
  !isTestName(path) &&
  /\.(?:[cm]?[jt]s|py|go)$/.test(path) &&
  !/(?:^|\/)(?:bench|example|script|doc)/.test(path);

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
  if (!group) return observed.run.outcome;
  const failures = observed.run.failures.filter(({ id }) => group.ids.includes(id));
  return findCause({ ...place, ...limits, ...observed, failure: group.first, failures }, deps);
}
