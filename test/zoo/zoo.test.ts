import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { folders, readEnvironment } from '../../src/config.ts';
import { observe } from '../../src/proof/observe.ts';
import { runners } from '../../src/suite/runners/runners.ts';
import { trace } from '../../src/coverage/trace.ts';

const zoo = import.meta.dirname;
let home = '';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'zoo '));
  symlinkSync(join(zoo, 'node_modules'), join(home, 'node_modules'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** What a runner's project says of it: what has to be there, and where it differs from the others. */
type Told = {
  readonly needs?: readonly string[];
  /** A file that cannot be loaded takes the others with it. */
  readonly together?: boolean;
  /** Its errors are no comparisons. */
  readonly compares?: boolean;
  /** The command, where the repository would be started otherwise. */
  readonly command?: string;
};
const projects = readdirSync(join(zoo, 'projects')).sort();
const told = (folder: string): Told => {
  const path = join(zoo, 'projects', folder, 'zoo.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
};

const shared = ['package.json', 'pyproject.toml', 'go.mod', 'Cargo.toml', '.rspec', 'phpunit.xml', 'deno.json'];
/** What the tools themselves leave behind. */
const left = /^(?:\.tap|node_modules|target|Cargo\.lock|test-results|\.phpunit\.result\.cache|deno\.lock)/;

function isThere(runner: string): boolean {
  const [program, ...args] = told(runner).needs ?? [];
  if (!program) return true;
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(`zoo: ${runner} is not installed here and was not run\n`);
    return false;
  }
}

async function run(runner: string, name: string, timeoutMs = 90_000) {
  const root = join(home, `${runner} ${name} – größe`);
  mkdirSync(root);
  for (const file of shared) if (existsSync(join(zoo, 'projects', runner, file))) cpSync(join(zoo, 'projects', runner, file), join(root, file));
  cpSync(join(zoo, 'projects', runner, name), root, { recursive: true });
  const before = readdirSync(root, { recursive: true }).sort();
  const env = readEnvironment();
  const seen = await observe({ root, within: '', git: undefined, timeoutMs, envNames: [], command: told(runner).command }, { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined });
  const after = readdirSync(root, { recursive: true }).filter((path) => !left.test(String(path))).sort();
  expect(after, 'nothing is left in the repository').toEqual(before);
  return { ...seen, root };
}

for (const runner of projects) {
  const { together, compares = true } = told(runner);
  describe.skipIf(!isThere(runner))(runner, async () => {
    const module: Readonly<Record<string, unknown>> = await import(join(zoo, '../../src/suite/runners', runner, 'runner.ts'));
    const known = runners.find((one) => Object.values(module).includes(one));
    test('pass', async () => {
      const { run: seen, suite } = await run(runner, 'pass');
      expect(seen).toMatchObject({ outcome: 'green', failed: 0, skipped: 0, runner: known?.name, exitCode: 0 });
      expect(seen.passed).toBeGreaterThanOrEqual(2);
      expect(suite.why).not.toBe('');
    });

    test('assertion failure', async () => {
      const { run: seen, groups, root, suite, suites } = await run(runner, 'assertion');
      expect(seen).toMatchObject({ outcome: 'red', passed: 1, failed: 1, skipped: 0 });
      const [failure] = seen.failures;
      expect(failure?.kind).toBe(compares ? 'assertion' : 'error');
      expect(failure?.file).toMatch(/sum/);
      expect(failure?.id).toBe(`${failure?.file}::${failure?.name}`);
      expect(failure?.name).toMatch(/adds/i);
      expect(`${failure?.message}${failure?.expected}${failure?.actual}`).toMatch(/3/);
      // The stack of AVA is cut short where node_modules is a link, as it is here; bun's XML has none.
      if (runner !== 'ava' && runner !== 'bun') expect(failure?.frames[0]).toMatchObject({ file: failure?.file });
      expect(groups).toHaveLength(1);
      if (known?.engine === undefined || known.engine === 'go' || !failure?.file) return;
      const env = readEnvironment();
      const deps = { tell: () => {}, now: () => Date.now(), env, folders: folders(env), signal: undefined };
      const found = await trace({ root, suite, suites, run: seen, failure, timeoutMs: 60_000, envNames: [] }, deps);
      expect([...(found?.coverage.keys() ?? [])]).toContain(failure.file);
    });

    test('load error', async () => {
      const { run: seen } = await run(runner, 'load');
      expect(seen.outcome).toBe('red');
      expect(seen.failures).toHaveLength(1);
      expect(seen.failures[0]).toMatchObject({ kind: 'load', name: '<file>' });
      expect(seen.failures[0]?.file).toMatch(/broken/);
      expect(seen.failures[0]?.message).toMatch(/missing.file|undefinedName/);
      if (!together) expect(seen.passed).toBe(1);
    });

    test('timeout', async () => {
      const { run: seen } = await run(runner, 'hang', 8_000);
      expect(seen.outcome).toBe('timeout');
      expect(seen.durationMs).toBeLessThan(20_000);
    });

    test('crash', async () => {
      const { run: seen } = await run(runner, 'crash');
      expect(['crashed', 'red']).toContain(seen.outcome);
      expect(seen.passed).toBe(0);
    });

    test('zero tests', async () => {
      if (known?.engine !== 'go') return expect((await run(runner, 'empty')).run).toMatchObject({ outcome: 'no_tests', collected: 0 });
      expect((await run(runner, 'empty')).run.outcome).toBe('no_tests');
    });

    test('skipped', async () => {
      const { run: seen } = await run(runner, 'skipped');
      expect(seen).toMatchObject({ outcome: 'green', collected: 2, passed: 1, skipped: 1 });
    });

    test.skipIf(!existsSync(join(zoo, 'projects', runner, 'hook')))('a hook that fails names the tests below it', async () => {
      const { run: seen } = await run(runner, 'hook');
      const hook = seen.failures.find(({ below }) => below);
      expect(hook).toMatchObject({ message: expect.stringMatching(/no database/), file: expect.stringMatching(/hook/i) });
      expect(hook?.kind).not.toBe('load');
      expect(hook?.below?.some((id) => /one$/.test(id))).toBe(true);
      expect(hook?.below?.some((id) => /two$/.test(id))).toBe(true);
      expect(seen.passed).toBeGreaterThanOrEqual(1);
    });

    test('unicode and spaces', async () => {
      const { run: seen } = await run(runner, 'unicode');
      expect(seen).toMatchObject({ outcome: 'red', failed: 1 });
      expect(seen.failures[0]?.file).toMatch(/größe/);
      expect(seen.failures[0]?.name).toMatch(/zählt/);
    });
  });
}
