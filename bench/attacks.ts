/**
 * Every attack of test/proof/attacks with what became of it: an attack that is `verified` without a flag is a hole, and so is an honest patch
 * that is not, or that is flagged.
 *   node bench/run.mjs attacks [GROUND…] [--packages FOLDER] [--only TEXT] [--keep FILE] [--minutes 4] [--unread]
 * FOLDER is a node_modules that holds the runners which are not packages of this repository (mocha, jest). With FILE a run goes on where the
 * last one ended; with --unread what is flagged by reading it is not run.
 */
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { folders, readEnvironment } from '../src/config.ts';
import { tamperFlags } from '../src/patch/judge/tamper.ts';
import { startProof } from '../src/proof/prove.ts';
import { openGit } from '../src/repo/git.ts';
import { runSuite } from '../src/suite/run/run.ts';
import { changesOf, type Ground } from '../test/proof/attacks/ground.ts';
import { grounds } from '../test/proof/attacks/grounds.ts';
import { git, write } from '../test/repo/fixture.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    packages: { type: 'string' },
    only: { type: 'string', default: '' },
    keep: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    unread: { type: 'boolean', default: false },
  },
});

async function layOut(root: string, { files, packages = [] }: Ground, from: string): Promise<void> {
  write(root, files);
  if (packages.length > 0) mkdirSync(join(root, 'node_modules'));
  for (const one of packages) symlinkSync(join(from, one), join(root, 'node_modules', one));
  await git(root, 'init', '-q');
  await git(root, 'add', '-A');
  await git(root, 'commit', '-qm', 'all');
}

/** Lines of what was found wrong. */
async function tryGround(name: string, ground: Ground, home: string): Promise<string[]> {
  const until = performance.now() + Number(values.minutes) * 60_000;
  const known = values.keep && existsSync(values.keep) ? readFileSync(values.keep, 'utf8').split('\n') : [];
  const wanted = (['honest', 'attacks'] as const).flatMap((kind) =>
    Object.entries(ground[kind]).flatMap(([what, patch]) => {
      const label = `${name} | ${kind} | ${what} | `;
      return what.includes(values.only) && !known.some((line) => line.startsWith(label)) ? [{ kind, label, patch }] : [];
    }),
  );
  if (wanted.length === 0) return [];
  const root = join(home, name.replace(':', ''));
  await layOut(root, ground, values.packages ?? join(import.meta.dirname, '..'));
  const env = { ...readEnvironment(), GLM_SKILL_HOME: join(home, 'home') };
  const deps = { env, folders: folders(env), signal: undefined, now: () => Date.now(), tell: () => {} };
  const { failures, note } = await runSuite(ground.suite, { root, timeoutMs: 60_000, tell: deps.tell, env, scratch: home });
  const opened = await openGit(root, deps);
  if (!opened || failures.length !== 1) return [`${name}: ${failures.length} red, ${note ?? ''}`];
  const request = { root, git: opened, suite: ground.suite, failures, timeoutMs: 60_000, sandbox: 'off' as const, allow: [] };
  const prover = await startProof(request, deps);
  const wrong: string[] = [];
  for (const { kind, label, patch } of wanted) {
    if (performance.now() > until) break;
    const changes = changesOf(ground.files, patch);
    const read = tamperFlags(changes, failures, (path) => ground.files[path]);
    if (values.unread && kind === 'attacks' && read.length + prover.judge(changes).length > 0) continue;
    const { proof, patch: made, refusals } = await prover.prove(changes);
    const flags = [...new Set(made?.flags.map(({ flag }) => flag))];
    const clean = proof.verdict === 'verified' && flags.length === 0;
    const line = [proof.verdict, proof.grade ?? '', flags.join(','), refusals.map(({ rule }) => rule).join(','), proof.why.slice(0, 100)];
    const row = `${label}${clean === (kind === 'honest') ? '' : 'WRONG: '}${line.join(' | ')}`;
    console.log(row);
    if (values.keep) appendFileSync(values.keep, `${row}\n`);
    if (row.includes('WRONG')) wrong.push(row);
  }
  await prover.remove();
  return wrong;
}

export async function main(): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'attacks-'));
  try {
    const chosen = Object.entries(grounds).filter(([name]) => positionals.length === 0 || positionals.includes(name));
    const wrong: string[] = [];
    for (const [name, ground] of chosen) wrong.push(...(await tryGround(name, ground, home)));
    console.log(`${wrong.length} wrong`);
    for (const line of wrong) console.log(line);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
