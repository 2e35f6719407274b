import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { raw } from '../../scripts/raw.mjs';
import { runProcess } from '../../src/process/run.ts';
import { makeWorktree } from '../../src/repo/worktree.ts';
import { shop } from '../proof/checkout.ts';
import { git, imprint, makeHome, makeRepo, open, write } from '../repo/fixture.ts';

const own = makeHome();
const folder = fileURLToPath(new URL(`../../node_modules/.glm-skill-test-${process.pid}`, import.meta.url));
const program = join(folder, 'walker.mjs');
let root = '';

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const entry = fileURLToPath(new URL('walker.ts', import.meta.url));
  await build({
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [raw],
  });
  root = await makeRepo(own.home, 'shop', shop);
  write(root, { 'src/price.js': `${shop['src/price.js']}// dirty\n`, 'notes.txt': 'untracked\n' });
  await git(root, 'add', 'src/price.js');
  await git(root, 'stash', 'store', '-m', 'kept', (await git(root, 'stash', 'create')).trim());
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  own.remove();
});

async function walkTo(event: number, how: string): Promise<string> {
  const argv = [process.execPath, program, root, own.home, String(event), how];
  const result = await runProcess({ argv, cwd: own.home, env: { PATH: process.env.PATH ?? '' }, timeoutMs: 60_000 });
  return result.stdout.toString().trim() || `${result.signal ?? result.exitCode}`;
}

test('killed or failed at every stage, the user’s tree, index, stash, refs and worktrees are byte-identical, and the next run cleans up', async () => {
  const before = imprint(root);
  const stages = new Set<string>();
  for (let event = 1; event < 20; event++) {
    const how = ['SIGKILL', 'throw', 'later'][event % 3] ?? 'SIGKILL';
    const end = await walkTo(event, how);
    expect(imprint(root), `event ${event}, ${how}: ${end}`).toEqual(before);
    stages.add(end);
    if (end.startsWith('verified')) break;
  }
  expect([...stages].some((end) => end.startsWith('verified'))).toBe(true);
  expect(stages.size).toBeGreaterThan(1);
  const last = await makeWorktree({ git: await open(root), folders: own.folders, tell: () => {} });
  expect(readdirSync(join(own.folders.cache, 'worktrees')).filter((name) => name.endsWith('.json'))).toHaveLength(1);
  await last.remove();
  expect(readdirSync(join(own.folders.cache, 'worktrees'))).toEqual([]);
}, 240_000);

test('cancelled at every stage, everything of the user is byte-identical and the worktree is gone at once', async () => {
  const before = imprint(root);
  let cancelled = 0;
  for (let event = 1; event < 20; event++) {
    const end = await walkTo(event, 'abort');
    expect(imprint(root), `event ${event}: ${end}`).toEqual(before);
    expect(readdirSync(join(own.folders.cache, 'worktrees')), `event ${event}: ${end}`).toEqual([]);
    if (end.startsWith('cancelled')) cancelled++;
    else if (end.startsWith('verified')) break;
  }
  expect(cancelled).toBeGreaterThan(2);
}, 240_000);

test('what is applied in the end is the patch and nothing else', async () => {
  const before = imprint(join(root, '.git'));
  expect(await walkTo(0, 'apply')).toMatch(/^verified/);
  expect(imprint(join(root, '.git'))).toEqual(before);
  expect(readFileSync(join(root, 'src/price.js'), 'utf8')).toBe(`${shop['src/price.js'].replace('let i = 1', 'let i = 0')}// dirty\n`);
});
