/**
 * How soon a bad patch is refused and a good one proven, beside another checkout of this repository.
 *   node bench/run.mjs refuse --other FOLDER [--rounds 3]
 * Lays out little repositories whose suites take some seconds, most of it waiting, and gives the same patches to both, in turns: from the
 * start of a proof to its verdict, as `prove` and each first attempt of `fix` have it. Prints ratios: this checkout's time by the other's.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { raw } from '../scripts/raw.mjs';
import { folders, readEnvironment } from '../src/config.ts';
import { runProcess } from '../src/process/run.ts';
import type { startProof } from '../src/proof/prove.ts';
import type { openGit } from '../src/repo/git.ts';
import type { FileChange } from '../src/schema/patch.ts';
import type { Suite } from '../src/schema/run.ts';
import { runSuite } from '../src/suite/run/run.ts';

const { values } = parseArgs({ options: { other: { type: 'string', default: '' }, rounds: { type: 'string', default: '3' } } });

type Build = { readonly startProof: typeof startProof; readonly openGit: typeof openGit };

const source = `export function total(items) {
  let sum = 0;
  for (let i = 1; i < items.length; i++) sum += items[i];
  return sum;
}
export function count(items) {
  return items.length;
}
export function first(items) {
  return items[0];
}
`;
const testOf = (body: string) =>
  `import test from 'node:test';\nimport assert from 'node:assert';\nimport * as shop from '../src/price.js';\n${body}\n`;
const slow = (number: number) =>
  testOf(`test('slow ${number}', async () => {
  await new Promise((done) => setTimeout(done, 400));
  assert.strictEqual(shop.count([${number}]), 1);
});`);
const files: Readonly<Record<string, string>> = {
  'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}\n',
  'src/price.js': source,
  'test/price.test.js': testOf(
    "test('adds all', () => assert.strictEqual(shop.total([1, 2, 3]), 6));\ntest('counts', () => assert.strictEqual(shop.count([1, 2]), 2));",
  ),
  'test/first.test.js': testOf("test('gives the first', () => assert.strictEqual(shop.first([7, 8]), 7));"),
  ...Object.fromEntries(Array.from({ length: 10 }, (_, number) => [`test/slow${number}.test.js`, slow(number)])),
};
const right = source.replace('let i = 1', 'let i = 0');
const patches: Readonly<Record<string, string>> = {
  'changes nothing that is tested': source.replace('return items[0];', 'return items.at(0);'),
  'goes the other way': source.replace('let i = 1', 'let i = 2'),
  'cannot be loaded': source.replace('let i = 1', 'let i = = 0'),
  'breaks a test of the same file': right.replace('return items.length;', 'return items.length + 1;'),
  'breaks a test of another file': right.replace('return items[0];', 'return items[1];'),
  'is right': right,
};
const suite: Suite = { runner: 'node:test', argv: ['node', '--test'], cwd: '', env: {}, why: 'a benchmark' };

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;

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
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    plugins: [raw],
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

async function layOut(root: string): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const git = (...words: string[]) =>
    runProcess({
      argv: ['git', '-c', 'user.name=a', '-c', 'user.email=a@localhost', ...words],
      cwd: root,
      env: { PATH: readEnvironment().PATH ?? '' },
    });
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-qm', 'all'],
  ])
    await git(...words);
}

export async function main(): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'refuse-'));
  try {
    const root = join(temp, 'shop');
    await layOut(root);
    const env = readEnvironment();
    const deps = {
      env,
      folders: folders({ ...env, GLM_SKILL_HOME: join(temp, 'home') }),
      signal: undefined,
      now: () => Date.now(),
      tell: () => {},
    };
    const builds = { own: await load(join(import.meta.dirname, '..', '..'), temp), other: await load(values.other, temp) };
    const { failures } = await runSuite(suite, { root, timeoutMs: 120_000, tell: deps.tell, env, scratch: temp });
    const times = new Map<string, { own: number[]; other: number[] }>();
    const measure = async (which: 'own' | 'other', what: string, after: string) => {
      const { startProof: start, openGit: open } = builds[which];
      const git = await open(root, deps);
      if (!git) throw new Error('no git');
      const began = performance.now();
      const prover = await start({ root, git, suite, failures, timeoutMs: 120_000, sandbox: 'off', allow: [] }, deps);
      const changes: FileChange[] = [{ path: 'src/price.js', before: source, after }];
      const { proof } = await prover.prove(changes);
      const took = performance.now() - began;
      await prover.remove();
      if ((proof.verdict === 'verified') !== (what === 'is right')) console.log(`${which}, ${what}: ${proof.verdict}, ${proof.why}`);
      const known = times.get(what) ?? { own: [], other: [] };
      known[which].push(took);
      times.set(what, known);
    };
    for (let round = 0; round < Number(values.rounds); round++)
      for (const [what, after] of Object.entries(patches)) for (const which of ['own', 'other'] as const) await measure(which, what, after);
    const ratios = new Map([...times].map(([what, { own, other }]) => [what, median(own) / median(other)]));
    for (const [what, ratio] of ratios) console.log(`${what.padEnd(34)} ${ratio.toFixed(2)}`);
    const bad = [...ratios].flatMap(([what, ratio]) => (what === 'is right' ? [] : [ratio]));
    console.log(`${'median of the bad ones'.padEnd(34)} ${median(bad).toFixed(2)}`);
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
