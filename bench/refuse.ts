/**
 * How soon a bad patch is refused and a good one proven, beside another checkout of this repository.
 *   node bench/run.mjs refuse --other FOLDER [INSTANCES CHECKOUTS GOLD] [--only TEXT,TEXT] [--each 2] [--keep FILE] [--minutes 4]
 * Without instances: on a little repository of its own. Both get the same failures and patches, in turns: from the start of a proof to its
 * verdict, as `prove` and each first attempt of `fix` have it. Each time is kept in FILE as soon as it is known, so that a run that ends
 * after its minutes goes on where it stood when it is called again. Prints ratios: this checkout's time by the other's.
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { z } from 'zod';
import { raw } from '../scripts/raw.mjs';
import { folders, readEnvironment } from '../src/config.ts';
import { messageOf } from '../src/errors.ts';
import { observe } from '../src/proof/observe.ts';
import type { startProof } from '../src/proof/prove.ts';
import { openGit } from '../src/repo/git.ts';
import { owns } from './instances.ts';
import { type Ground, laidOut, little, right } from './refuse/grounds.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    other: { type: 'string', default: '' },
    only: { type: 'string', default: '' },
    each: { type: 'string', default: '2' },
    keep: { type: 'string' },
    minutes: { type: 'string', default: '4' },
  },
});

type Build = { readonly startProof: typeof startProof; readonly openGit: typeof openGit };
const Kept = z.object({ id: z.string(), what: z.string(), which: z.enum(['own', 'other']), ms: z.number(), verdict: z.string() });
type Kept = z.infer<typeof Kept>;

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor((all.length - 1) / 2)] ?? Number.NaN;

/** The proof of another checkout, wherever it keeps it. */
async function load(checkout: string, into: string): Promise<Build> {
  const prove = ['src/proof/prove.ts', 'src/stages/prove.ts'].map((path) => join(checkout, path)).find(existsSync);
  if (!prove) throw new Error(`${checkout} holds no src/proof/prove.ts`);
  const entry = join(into, 'entry.ts');
  const text = [
    `export { startProof } from ${JSON.stringify(prove)};`,
    `export { openGit } from ${JSON.stringify(join(checkout, 'src/repo/git.ts'))};`,
  ];
  writeFileSync(entry, text.join('\n'));
  const outfile = join(import.meta.dirname, `refuse-${Math.random().toString(36).slice(2)}.mjs`);
  const options = { bundle: true, platform: 'node', format: 'esm', packages: 'external', logLevel: 'warning' } as const;
  await build({ entryPoints: [entry], outfile, plugins: [raw], ...options });
  return import(pathToFileURL(outfile).href);
}

export async function main(): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'refuse-'));
  const keep = values.keep ?? join(temp, 'kept.jsonl');
  const until = performance.now() + Number(values.minutes) * 60_000;
  const env = readEnvironment();
  const home = folders({ ...env, GLM_SKILL_HOME: join(temp, 'home') });
  const deps = { env, folders: home, signal: undefined, now: () => Date.now(), tell: () => {} };
  try {
    const builds = { own: await load(join(import.meta.dirname, '..', '..'), temp), other: await load(values.other, temp) };
    const [list, checkouts = '', gold = ''] = positionals;
    const found = list === undefined ? [await little(join(temp, 'shop'))] : laidOut(list, checkouts, gold);
    const grounds = found.filter(({ id }) => values.only.split(',').some((part) => id.includes(part)));
    for (const [turn, ground] of grounds.entries()) {
      const wanted = patchesFor(ground, list === undefined ? Number.MAX_SAFE_INTEGER : Number(values.each), turn);
      const missing = wanted.flatMap((what) =>
        (['own', 'other'] as const).filter((which) => !isKnown(keep, ground.id, what, which)).map((which) => ({ what, which })),
      );
      if (missing.length === 0 || performance.now() > until) continue;
      const git = await openGit(ground.root, deps);
      if (!git) throw new Error(`${ground.root} is no git repository`);
      const timeoutMs = 240_000;
      const observed = await observe({ root: ground.root, git, within: '', timeoutMs, envNames: [] }, deps);
      const { suites } = observed;
      const all = ground.wanted(observed.run.failures);
      const suite = suites.find((one) => owns(one, all[0])) ?? observed.suite;
      const failures = all.filter((failure) => owns(suite, failure)).slice(0, 3);
      if (failures.length === 0) {
        console.log(`${ground.id}: nothing that the patch mends is red (${observed.run.outcome})`);
        continue;
      }
      for (const { what, which } of missing) {
        if (performance.now() > until) break;
        const changes = ground.patches[what] ?? [];
        const theirs = await builds[which].openGit(ground.root, deps);
        if (!theirs) throw new Error('no git');
        const began = performance.now();
        const request = { root: ground.root, git: theirs, suite, suites, failures, timeoutMs, sandbox: 'off' as const, allow: [] };
        const prover = await builds[which].startProof(request, deps);
        const told = await prover.prove(changes).catch((error: unknown) => ({ proof: { verdict: 'error', why: messageOf(error) } }));
        const ms = Math.round(performance.now() - began);
        await prover.remove();
        const { verdict, why } = told.proof;
        appendFileSync(keep, `${JSON.stringify({ id: ground.id, what, which, ms, verdict } satisfies Kept)}\n`);
        console.log(`${ground.id} | ${what} | ${which} | ${(ms / 1000).toFixed(1)} s | ${verdict} | ${why.slice(0, 120)}`);
      }
    }
    tell(readKept(keep));
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/** The right one, and some of the bad ones: others at each repository. */
function patchesFor({ patches }: Ground, each: number, turn: number): string[] {
  const bad = Object.keys(patches).filter((what) => what !== right);
  const at = bad.length > 0 ? (turn * each) % bad.length : 0;
  return [...[...bad.slice(at), ...bad.slice(0, at)].slice(0, each), right];
}

function readKept(path: string): Kept[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => Kept.parse(JSON.parse(line)));
}

function isKnown(path: string, id: string, what: string, which: Kept['which']): boolean {
  return readKept(path).some((one) => one.id === id && one.what === what && one.which === which);
}

/** A pair counts where both builds say the same kind of thing: both refuse a bad patch, both call a good one verified. */
function tell(kept: readonly Kept[]): void {
  const pairs = kept.flatMap((own) => {
    const other = kept.find((one) => one.which === 'other' && one.id === own.id && one.what === own.what);
    if (own.which !== 'own' || !other) return [];
    const good = own.verdict === 'verified';
    const fits = good === (own.what === right) && (other.verdict === 'verified') === good && other.verdict !== 'unverifiable';
    const ratio = own.ms / other.ms;
    console.log(
      `${own.id} | ${own.what} | ${(own.ms / 1000).toFixed(1)} s by ${(other.ms / 1000).toFixed(1)} s | ${ratio.toFixed(2)} | ${fits ? own.verdict : `not counted: ${own.verdict}, ${other.verdict}`}`,
    );
    return fits ? [{ good, ratio, own: own.ms, other: other.ms }] : [];
  });
  for (const good of [false, true]) {
    const mine = pairs.filter((one) => one.good === good);
    const seconds = (which: 'own' | 'other') => `${(median(mine.map((one) => one[which])) / 1000).toFixed(1)} s`;
    console.log(
      `${good ? 'right patches proven' : 'bad patches refused'}: ${mine.length}, median ${seconds('own')} by ${seconds('other')}, median of the ratios ${median(mine.map(({ ratio }) => ratio)).toFixed(2)}`,
    );
  }
}
