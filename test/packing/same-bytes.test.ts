import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pack } from '../../src/packing/kept-pack.ts';
import { checkReplay } from '../../src/packing/replay.ts';
import { openGit } from '../../src/repo/git.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import type { Failure } from '../../src/schema/run.ts';
import { git, makeHome, write } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

const failure: Failure = {
  id: 'test/cart.test.js::adds',
  name: 'adds',
  file: 'test/cart.test.js',
  kind: 'assertion',
  message: 'expected 1 to be 2',
  frames: [],
};
const files: Record<string, string | Uint8Array> = {
  'src/cart.js': "import { part1 } from './deep/part1.js';\n\nexport function add(a, b) {\n  return a - b - part1();\n}\n",
  'test/cart.test.js': "import { add } from '../src/cart.js';\n\ntest('adds', () => {\n  expect(add(1, 1)).toBe(2);\n});\n",
  'src/huge.js': `// add\n${'x'.repeat(1 << 20)}`,
  'src/binary.js': new Uint8Array([97, 0, 98]),
  'src/latin.js': new Uint8Array([...Buffer.from('export const add = "'), 0xe9, ...Buffer.from('";\n')]),
  '.env': 'A=1\n',
};
for (let at = 0; at < 40; at++)
  files[`src/${at % 2 ? 'deep' : 'flat'}/part${at}.js`] = `export function part${at}() {\n  return ${at};\n}\n`;

/** In an order that a seed gives, so that a run that fails can be run again. */
function shuffle<T>(list: readonly T[], seed: number): T[] {
  const random = (at: number) => (Math.imul(at * 2_654_435_761 + seed * 40_503, 0x9e3779b1) >>> 0) / 2 ** 32;
  return list
    .map((one, at) => ({ one, rank: random(at + 1) }))
    .sort((x, y) => x.rank - y.rank)
    .map(({ one }) => one);
}

function lay(name: string, seed: number): string {
  const root = join(own.home, name);
  for (const [path, content] of shuffle(Object.entries(files), seed)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const run = async (root: string, failing = failure) => {
  const deps = {
    env: own.env,
    folders: own.folders,
    signal: undefined,
    tell: () => {},
    now: Date.now,
    redactor: makeRedactor({ key: Buffer.alloc(32, 7), exact: [] }),
  };
  return pack({ root, git: await openGit(root, deps), run: { failures: [failing] }, failure: failing, budgetTokens: 6_000 }, deps);
};
const forget = () => rmSync(own.folders.cache, { recursive: true, force: true });

test('the same tree gives the same bytes in 12 runs, whatever order its folders give, with git and without, cold and warm', async () => {
  const packs = new Map<boolean, Set<string>>([
    [true, new Set()],
    [false, new Set()],
  ]);
  for (let seed = 1; seed <= 6; seed++) {
    const withGit = seed % 2 === 0;
    const root = lay(`tree${seed}`, seed);
    if (withGit) {
      await git(root, 'init', '-q');
      for (const path of shuffle(Object.keys(files), seed + 50)) if (path.endsWith('7.js')) await git(root, 'add', path);
      await git(root, 'add', '-A', '-f');
      await git(root, '-c', 'user.useConfigOnly=false', 'commit', '-q', '-m', 'one', '--date=2026-01-01T00:00:00Z');
    }
    if (seed % 4 > 1) forget();
    for (let again = 0; again < 2; again++) {
      const { context, excerpts, warnings } = await run(root);
      packs.get(withGit)?.add(JSON.stringify({ context, excerpts, warnings }));
    }
  }
  expect([...packs.values()].map(({ size }) => size)).toEqual([1, 1]);
  const [pack = ''] = packs.get(true) ?? [];
  const { context } = JSON.parse(pack);
  expect(context.suspects[0].file).toBe('src/cart.js');
  expect(Object.fromEntries(context.manifest.leftOut.map((one: { path: string; reason: string }) => [one.path, one.reason]))).toMatchObject(
    {
      '.env': 'environment file',
      'src/huge.js': 'larger than 1 MiB',
      'src/binary.js': 'binary',
      'src/latin.js': expect.stringContaining('not UTF-8'),
    },
  );
});

test('where the checkout lies decides nothing: what was printed there gives the same bytes anywhere', async () => {
  const made: string[] = [];
  // The first place is named like a file that is not at fault.
  for (const place of ['flat/part3/part5', 'elsewhere']) {
    const root = lay(place, 4);
    await git(root, 'init', '-q');
    await git(root, 'add', '-A', '-f');
    const said = `expected 1 to be 2 at file://${root}/src/cart.js:4:3\n  in ${root} and ${root}/src/flat/part2.js`;
    const printed = `cwd ${root}\n${own.home}/.npmrc was read`;
    const failing = { ...failure, message: said, output: printed, actual: `${root}/src/x.js` };
    const { context, excerpts } = await run(root, failing);
    expect(context.text).not.toContain(own.home);
    expect(context.text).toContain('at src/cart.js:4:3');
    made.push(JSON.stringify({ context, excerpts }));
  }
  expect(made[1]).toBe(made[0]);
});

test('damaged entries of the cache are made anew, one by one and all together', async () => {
  const root = lay('damaged', 3);
  await git(root, 'init', '-q');
  await git(root, 'add', '-A', '-f');
  const first = (await run(root)).context;
  const folder = join(own.folders.cache, 'derived');
  for (const content of ['', 'x', 'not what it was '.repeat(99)]) {
    for (const name of readdirSync(folder)) writeFileSync(join(folder, name), content);
    expect((await run(root)).context).toEqual(first);
  }
  for (const name of readdirSync(folder)) {
    writeFileSync(join(folder, name), 'damaged');
    expect((await run(root)).context).toEqual(first);
  }
});

test('a replay is the same bytes, or names what is not as it was packed', async () => {
  const root = lay('replay', 5);
  await git(root, 'init', '-q');
  await git(root, 'add', '-A', '-f');
  await git(root, 'commit', '-q', '-m', 'one');
  const { manifest } = (await run(root)).context;
  const again = await run(root);
  expect(() => checkReplay(manifest, again.context.manifest, again.changed)).not.toThrow();
  write(root, { 'src/deep/part1.js': 'export function part1() {\n  return 1 + 1;\n}\n' });
  const other = await run(root);
  expect(() => checkReplay(manifest, other.context.manifest, other.changed)).toThrow(
    /not the pack of the manifest: src\/deep\/part1\.js differs/,
  );
  await git(root, 'commit', '-q', '-a', '-m', 'two');
  const later = await run(root);
  expect(() => checkReplay(manifest, later.context.manifest, later.changed)).toThrow(/src\/deep\/part1\.js differs/);
});
