/**
 * Proves known patches on laid-out checkouts: the gold patch has to end `verified`, an empty, a reversed and an unrelated one never.
 *   node bench/run.mjs prove INSTANCES CHECKOUTS GOLD [--only TEXT] [--within FOLDER] [--timeout SECONDS] [--allow RULE] [--wrong]
 * INSTANCES is a JSON-lines list that names the tests to mend, CHECKOUTS holds one folder per instance, GOLD one `<instance>.diff` each.
 * Prints one row per patch.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folders, readEnvironment } from '../src/config.ts';
import { messageOf } from '../src/errors.ts';
import { placeEdits } from '../src/patch/place/place-edits.ts';
import { readEdits } from '../src/patch/read/edits.ts';
import { observe } from '../src/proof/observe.ts';
import { startProof } from '../src/proof/prove.ts';
import type { Prover } from '../src/proof/types.ts';
import { openGit } from '../src/repo/git.ts';
import type { FileChange } from '../src/schema/patch.ts';
import { type Instance, owns, readInstances, wanted } from './instances.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    only: { type: 'string', default: '' },
    within: { type: 'string' },
    timeout: { type: 'string', default: '300' },
    sandbox: { type: 'string', default: 'auto' },
    wrong: { type: 'boolean', default: false },
    allow: { type: 'string', multiple: true, default: [] },
    verbose: { type: 'boolean', default: false },
  },
});
const [instances = '', checkouts = '', gold = ''] = positionals;
const env = readEnvironment();
const deps = {
  env,
  folders: folders(env),
  signal: undefined,
  now: () => Date.now(),
  tell: (event: { readonly type: string }) => {
    if (values.verbose || event.type === 'warning') console.error(JSON.stringify(event));
  },
};

/** The wrong patches: the gold one upside down, a comment in another place, and the first half of the files. */
function wrongOnes(changes: readonly FileChange[]): Record<string, FileChange[]> {
  const mark = (change: FileChange): FileChange => ({ ...change, after: change.before === null ? null : `${change.before}\n` });
  return {
    empty: changes.map((change) => ({ ...change, after: change.before })),
    unrelated: changes.filter((change) => change.before !== null).map(mark),
  };
}

async function prove(instance: Instance): Promise<void> {
  const { id } = instance;
  const root = join(checkouts, id);
  const started = performance.now();
  const row = (patch: string, verdict: string, why: string, since: number) =>
    console.log(
      [id, patch, verdict, `${((performance.now() - since) / 1000).toFixed(1)} s`, why.replace(/\s+/g, ' ').slice(0, 700)].join(' | '),
    );
  const git = await openGit(root, deps);
  if (!git) return row('-', 'no git', '', started);
  const timeoutMs = Number(values.timeout) * 1000;
  const observed = await observe({ root, git, within: values.within ?? '', timeoutMs, envNames: [] }, deps);
  const { run } = observed;
  const all = wanted(instance, run.failures);
  const suite = observed.suites.find((one) => owns(one, all[0])) ?? observed.suite;
  const failures = all.filter((failure) => owns(suite, failure));
  row('-', `${run.outcome} ${run.failed}/${run.collected}`, suite.argv.join(' '), started);
  const taken = performance.now();
  if (failures.length === 0) return row('-', 'nothing red', run.note ?? '', taken);
  const mode = values.sandbox === 'on' || values.sandbox === 'off' ? values.sandbox : 'auto';
  const prover = await startProof({ root, git, suite, failures, timeoutMs, sandbox: mode, allow: values.allow }, deps);
  row(
    'baseline',
    prover.problem === undefined ? 'same red' : 'unverifiable',
    prover.problem ?? `${failures.length} failures: ${failures[0]?.name}`,
    taken,
  );
  try {
    await provePatches(id, prover, row);
  } finally {
    await prover.remove();
  }
}

async function provePatches(
  id: string,
  prover: Prover,
  row: (patch: string, verdict: string, why: string, since: number) => void,
): Promise<void> {
  const { edits, problems } = readEdits(readFileSync(join(gold, `${id}.diff`), 'utf8'));
  const { changes, failures } = placeEdits(edits, prover.read);
  if (problems.length + failures.length > 0)
    return row('gold', 'not placed', JSON.stringify([...problems, ...failures]), performance.now());
  const patches: Record<string, readonly FileChange[]> = { gold: changes, ...(values.wrong && wrongOnes(changes)) };
  for (const [name, patch] of Object.entries(patches)) {
    const since = performance.now();
    const { proof, patch: made } = await prover.prove(patch);
    row(
      name,
      proof.verdict,
      `${proof.why} [${proof.wide?.scope ?? 'no wide run'}; ${proof.sandbox}; flags ${made?.flags.map(({ flag, path, line }) => `${flag} ${path}:${line ?? ''}`).join(', ') || 'none'}; ${proof.grade}: ${proof.gradeWhy}] ${proof.wide?.newFailures.join(', ') ?? ''}`,
      since,
    );
  }
}

export async function main(): Promise<void> {
  for (const instance of readInstances(instances)) {
    const { id } = instance;
    if (!values.only.split(',').some((part) => id.includes(part)) || !existsSync(join(checkouts, id))) continue;
    await prove(instance).catch((error: unknown) => console.log([id, '-', 'ERROR', '', messageOf(error)].join(' | ')));
  }
}
