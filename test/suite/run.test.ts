import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { observe } from '../../src/proof/observe.ts';
import { suiteEnvironment } from '../../src/safety/sandbox/child-env.ts';
import { runSuite } from '../../src/suite/run/run.ts';
import { doors, lay, look } from './world.ts';

const packageJson = JSON.stringify({ scripts: { test: 'node --test' } });
const nodeTest = (body: string) =>
  `const { test, describe, it } = require('node:test');\nconst assert = require('node:assert');\n${body}\n`;

describe('node:test', () => {
  test('reads names, files, frames and values; parents of a red test are left out', async () => {
    const root = lay({
      'package.json': packageJson,
      'lib/total.js': "exports.total = () => {\n  throw new Error('no price');\n};\n",
      'test/a.test.js': nodeTest(
        "describe('cart', () => {\n  it('adds', () => assert.strictEqual(1, 2));\n  it('is fine', () => {});\n  it('raises', () => require('../lib/total.js').total());\n});",
      ),
    });
    const { run, groups, suite } = await look(root);
    expect(run).toMatchObject({ runner: 'node:test', outcome: 'red', collected: 3, passed: 1, failed: 2, rerun: true });
    const [adds, raises] = run.failures;
    expect(adds).toMatchObject({
      id: 'test/a.test.js::cart > adds',
      kind: 'assertion',
      expected: '2',
      actual: '1',
      frames: [{ file: 'test/a.test.js', line: 4 }],
    });
    expect(raises).toMatchObject({ kind: 'error', message: 'no price' });
    expect(raises?.frames[0]).toMatchObject({ file: 'lib/total.js', line: 2 });
    expect(groups).toHaveLength(2);
    expect(suite.argv).toEqual(['node', '--test']);
    expect(readdirSync(root).sort()).toEqual(['lib', 'package.json', 'test']);
  });

  test('two tests of one name are told apart, the same way each time', async () => {
    const root = lay({
      'package.json': packageJson,
      'a.test.js': nodeTest("test('same', () => {});\ntest('same', () => assert.fail('second'));"),
    });
    const { run } = await look(root);
    expect(run.tests.map(({ id, status }) => [id, status])).toEqual([
      ['a.test.js::same', 'passed'],
      ['a.test.js::same [#2]', 'failed'],
    ]);
  });

  test('a test that prints results fakes nothing', async () => {
    const fake = "console.log('TAP version 13\\nok 1 - red\\n1..1'); console.log(JSON.stringify({ type: 'end' }));";
    const root = lay({ 'package.json': packageJson, 'a.test.js': nodeTest(`test('red', () => { ${fake} assert.fail('really'); });`) });
    expect((await look(root)).run).toMatchObject({ outcome: 'red', passed: 0, failed: 1 });
  });

  test('a file of plain assertions counts, an empty one does not', async () => {
    expect((await look(lay({ 'package.json': packageJson, 'a.test.js': "require('assert').ok(1)" }))).run).toMatchObject({
      outcome: 'green',
      passed: 1,
    });
    expect((await look(lay({ 'package.json': packageJson, 'a.test.js': '1' }))).run).toMatchObject({ outcome: 'no_tests', collected: 0 });
  });

  test('only skipped tests are not green', async () => {
    const root = lay({ 'package.json': packageJson, 'a.test.js': nodeTest("test('waits', { skip: true }, () => {});") });
    expect((await look(root)).run).toMatchObject({ outcome: 'no_tests', skipped: 1, note: expect.stringContaining('skipped') });
  });

  test('--test narrows by file and by name', async () => {
    const root = lay({
      'package.json': packageJson,
      'a.test.js': nodeTest("test('one', () => {});\ntest('two', () => {});"),
      'b.test.js': nodeTest("test('three', () => assert.fail('x'));"),
    });
    expect((await look(root, { tests: ['a.test.js'] })).run).toMatchObject({ outcome: 'green', collected: 2 });
    expect((await look(root, { tests: ['two'] })).run).toMatchObject({ outcome: 'green', collected: 1 });
    expect((await look(root, { tests: ['nobody'] })).run).toMatchObject({ outcome: 'no_tests', collected: 0 });
  });

  test('--test FILE reaches only the runner that owns the file', async () => {
    const scripts = { test: 'npm run unit && npm run tap', unit: 'node --test', tap: 'tape spec/*.js' };
    const root = lay({
      'package.json': JSON.stringify({ scripts }),
      'a.test.js': nodeTest("test('one', () => {});"),
      'spec/b.js': "require('tape')('two', (t) => t.end());",
    });
    expect((await look(root, { tests: ['a.test.js'] })).run).toMatchObject({ runner: 'node:test', outcome: 'green', collected: 1 });
  });

  test('frames of compiled files name their source', async () => {
    const map = JSON.stringify({ version: 3, sources: ['../src/a.test.ts'], names: [], mappings: 'AAAA;AACA;AACA;AACA' });
    const root = lay({
      'package.json': packageJson,
      'src/a.test.ts': 'x\n'.repeat(9),
      'dist/a.test.js': `${nodeTest("test('red', () => { throw new Error('x'); });")}//# sourceMappingURL=a.test.js.map\n`,
      'dist/a.test.js.map': map,
    });
    const { run } = await look(root);
    expect(run.failures[0]?.frames[0]).toMatchObject({ file: 'src/a.test.ts', line: 3 });
  });
});

describe('what goes wrong', () => {
  test('a missing program and a missing package are not red', async () => {
    const program = lay({ 'package.json': JSON.stringify({ scripts: { test: 'jest' } }), 'package-lock.json': '{}' });
    expect((await look(program)).run).toMatchObject({ outcome: 'not_installed', note: expect.stringContaining('npm ci') });
    const dependency = lay({ 'package.json': packageJson, 'a.test.js': "require('left-pad-of-nobody');\n" });
    expect((await look(dependency)).run).toMatchObject({ outcome: 'not_installed', note: expect.stringContaining('left-pad-of-nobody') });
    const own = lay({ 'package.json': packageJson, 'a.test.js': "require('./gone.js');\n" });
    expect((await look(own)).run).toMatchObject({ outcome: 'red', failures: [{ kind: 'load', file: 'a.test.js' }] });
  });

  test('a file that could not be loaded is run whole again', async () => {
    const root = lay({
      'package.json': packageJson,
      'a.test.js': `require('./gone.js');\n${nodeTest("test('one', () => {});")}`,
      'b.test.js': nodeTest("test('two', () => {});"),
    });
    const { run, suite } = await look(root);
    expect(run.failures.map(({ id }) => id)).toEqual(['a.test.js::<file>']);
    writeFileSync(join(root, 'gone.js'), '');
    const scratch = lay({});
    const again = await runSuite(suite, { root, only: run.failures, timeoutMs: 60_000, tell: () => {}, env: doors().env, scratch });
    expect(again).toMatchObject({ outcome: 'green', tests: [{ id: 'a.test.js::one', status: 'passed' }] });
    expect(readdirSync(scratch)).toEqual([]);
  });

  test('a run that hangs ends in time and takes its children along', async () => {
    const mark = join(tmpdir(), `suite-pid-${process.pid}-${Date.now()}`);
    const child = `setInterval(() => {}, 1000); process.on('SIGTERM', () => {});`;
    const root = lay({
      'package.json': packageJson,
      'a.test.js': nodeTest(
        `test('hangs', () => { const c = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { detached: true, stdio: 'ignore' }); require('node:fs').writeFileSync(${JSON.stringify(mark)}, String(c.pid)); for (;;); });`,
      ),
    });
    const { run } = await look(root, { timeoutMs: 5_000 });
    expect(run).toMatchObject({ outcome: 'timeout', note: expect.stringContaining('a.test.js') });
    const pid = Number(readFileSync(mark, 'utf8'));
    rmSync(mark);
    await expect.poll(() => existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '').toBe(false);
  });

  test('a build that fails is the failure', async () => {
    const root = lay({
      'package.json': JSON.stringify({ scripts: { test: 'node scripts/build.js && node --test' } }),
      'scripts/build.js': "throw new Error('no compiler')",
      'a.test.js': nodeTest("test('fine', () => {});"),
    });
    expect((await look(root)).run).toMatchObject({
      outcome: 'red',
      passed: 0,
      failures: [{ kind: 'load', message: expect.stringContaining('no compiler') }],
    });
  });

  test('a command that says nothing readable is never green', async () => {
    const root = lay({ 'all.sh': 'echo fine' });
    expect((await look(root, { command: 'sh all.sh' })).run).toMatchObject({ outcome: 'no_tests', runner: 'command' });
    expect((await look(root, { command: 'sh -c "exit 3"' })).run).toMatchObject({ outcome: 'crashed', exitCode: 3 });
  });

  test('a script nobody understands is read through our reporters', async () => {
    const root = lay({ 'run.sh': 'node --test', 'a.test.js': nodeTest("test('red', () => assert.fail('x'));\ntest('fine', () => {});") });
    expect((await look(root, { command: 'sh run.sh' })).run).toMatchObject({ outcome: 'red', passed: 1, failed: 1 });
  });

  test('a run that was narrowed to a test and misses it is widened', async () => {
    const root = lay({ 'package.json': packageJson, 'a.test.js': nodeTest("test('one', () => {});\ntest('two', () => {});") });
    const { suite } = await look(root);
    // Its name as the runner knows it has changed meanwhile: nothing is selected by it.
    const only = [{ id: 'a.test.js::one', name: 'gone', file: 'a.test.js' }];
    const env = suiteEnvironment(doors().env, { mode: 'own', names: [] });
    const run = await runSuite(suite, { root, only, timeoutMs: 60_000, tell: () => {}, env, scratch: lay({}) });
    expect(run.tests).toContainEqual(expect.objectContaining({ name: 'one', status: 'passed' }));
  });

  test('a cancelled run stops', async () => {
    const root = lay({ 'package.json': packageJson, 'a.test.js': nodeTest("test('hangs', () => { for (;;); });") });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1_500);
    await expect(observe({ root, within: '', git: undefined, timeoutMs: 60_000, envNames: [] }, doors({}, stop.signal))).rejects.toThrow(
      'stopped',
    );
  });
});
