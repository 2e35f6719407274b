import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folders } from '../../src/config.ts';
import { pack } from '../../src/packing/kept-pack.ts';
import { openGit } from '../../src/repo/git.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import type { Failure } from '../../src/schema/run.ts';

let root = '';
let home = '';
const env = (name = 'glm') => ({ PATH: process.env.PATH ?? '', HOME: home, GLM_SKILL_HOME: join(home, name) });
const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], { cwd: root, env: env() });
const write = (path: string, content: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};
// Put together here, so that no scanner takes it for a real one.
const secret = ['ghp', 'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2'].join('_');
const failure: Failure = {
  id: 'test/cart.test.js::adds',
  name: 'adds',
  file: 'test/cart.test.js',
  kind: 'assertion',
  message: 'expected 1 to be 2',
  frames: [],
};
const redactor = (mostCpuMs?: number) => makeRedactor({ key: Buffer.alloc(32, 7), exact: [], mostCpuMs });
const run = async (cacheName = 'glm', used = redactor()) => {
  const deps = {
    env: env(cacheName),
    folders: folders(env(cacheName)),
    signal: undefined,
    tell: () => {},
    now: Date.now,
    redactor: used,
  };
  return pack({ root, git: await openGit(root, deps), run: { failures: [failure] }, failure, budgetTokens: 6_000 }, deps);
};

beforeEach(() => {
  const base = mkdtempSync(join(tmpdir(), 'glm-skill-pack-'));
  root = join(base, 'repo');
  home = join(base, 'home');
  mkdirSync(root);
  mkdirSync(home);
  git('init', '-q');
  write('src/cart.js', `const token = '${secret}';\nexport function add(a, b) {\n  return a - b;\n}\n`);
  for (let i = 0; i < 30; i++) write(`src/part${i}.js`, `export function part${i}() {\n  return ${i};\n}\n`);
  write('test/cart.test.js', "import { add } from '../src/cart.js';\n\ntest('adds', () => {\n  expect(add(1, 1)).toBe(2);\n});\n");
  git('add', '-A');
  git('commit', '-q', '-m', 'one');
});
afterEach(() => rmSync(dirname(root), { recursive: true, force: true }));

test('a cold, a warm and a patched run give the same bytes, and no secret is in them', async () => {
  const cold = await run();
  expect(cold.context.suspects[0]?.file).toBe('src/cart.js');
  expect(cold.context.text).toContain('return a - b;');
  expect(cold.context.text).not.toContain(secret);
  expect(cold.context.manifest.redactions).toBeGreaterThan(0);
  const warm = await run();
  expect(warm.context).toEqual(cold.context);
  const placeholder = /__SECRET_\w+__/.exec(warm.context.text)?.[0] ?? '';
  expect((await warm.redactor()).restore(placeholder, 'src/cart.js').text).toBe(secret);

  write('src/part3.js', 'export function part3() {\n  return add(1, 1);\n}\n');
  const patched = await run();
  const fresh = await run('other');
  expect(patched.context.suspects).toEqual(fresh.context.suspects);
  expect(patched.context.manifest.entries.map(({ path }) => path)).toEqual(fresh.context.manifest.entries.map(({ path }) => path));
});

test('it works without git', async () => {
  rmSync(join(root, '.git'), { recursive: true });
  const { context } = await run();
  expect(context.suspects[0]?.file).toBe('src/cart.js');
});

test('what the settings say to ignore is never packed, even when a pack without them was made before', async () => {
  expect((await run()).context.text).toContain('src/cart.js');
  write('glm-skill.config.json', JSON.stringify({ ignore: ['src/**'] }));
  const { context } = await run();
  const shown = context.manifest.entries.filter(({ form }) => form === 'whole' || form === 'part');
  expect(shown.map(({ path }) => path)).not.toContain('src/cart.js');
  write('glm-skill.config.json', '{ "ignore": "src" }');
  await expect(run()).rejects.toThrow(/ignore/);
});

test('a failure whose test is gone still gives a pack', async () => {
  rmSync(join(root, 'test'), { recursive: true });
  const { context } = await run();
  expect(context.manifest.entries[0]?.path).toBe('failure');
});

test('a file that takes too long to search for secrets is left out and named', async () => {
  const [quick, never] = [redactor(), redactor(0)];
  const { context, excerpts } = await run('slow', {
    ...quick,
    redact: (text, path) => (path === 'src/cart.js' ? never : quick).redact(text, path),
  });
  expect(context.manifest.leftOut).toContainEqual({ path: 'src/cart.js', reason: 'took too long to search for secrets' });
  expect(context.manifest.entries.map(({ path }) => path)).not.toContain('src/cart.js');
  expect(context.text).not.toContain('return a - b');
  expect(excerpts.map(({ path }) => path)).not.toContain('src/cart.js');
});
