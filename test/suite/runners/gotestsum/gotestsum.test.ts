import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { findRunner } from '../../../../src/suite/runners/runners.ts';
import { lay, look } from '../../world.ts';

const isThere = (() => {
  try {
    execFileSync('gotestsum', ['--version']);
    return execFileSync('go', ['version']).length > 0;
  } catch {
    process.stderr.write('gotestsum is not installed here and was not run\n');
    return false;
  }
})();

test('what it would write, repeat or cut short is left out; flags of go test stay', async () => {
  const argv = ['gotestsum', '--junitfile', 'out.xml', '--rerun-fails=3', '--max-fails=1', '--packages=./...', '--', '-race', '-failfast'];
  const suite = { runner: 'gotestsum', argv, cwd: '', env: {}, why: '' };
  const start = { suite, root: '/r', folder: '/r', scratch: '/s', env: {}, only: undefined, files: undefined };
  const started = await findRunner('gotestsum')?.start(start);
  expect(started?.argv).toEqual([
    'gotestsum',
    '--jsonfile',
    started?.report,
    '--format',
    'standard-quiet',
    '--packages=./...',
    '--',
    '-race',
  ]);
});

test.skipIf(!isThere)(
  'gotestsum: tests, and a package that does not compile',
  async () => {
    const root = lay({
      'go.mod': 'module shop\n\ngo 1.19\n',
      Makefile: 'test:\n\tgotestsum --format dots -- ./...\n',
      'sum_test.go':
        'package shop\nimport "testing"\nfunc TestAdds(t *testing.T) {\n\tt.Errorf("got 2, want 3")\n}\nfunc TestFine(t *testing.T) {}\n',
      'broken/x_test.go': 'package broken\nimport "testing"\nfunc TestX(t *testing.T) { gone() }\n',
    });
    const { run } = await look(root, { command: 'make test' });
    expect(run).toMatchObject({ runner: 'gotestsum', outcome: 'red', passed: 1, failed: 2 });
    expect(run.failures.map(({ id, kind }) => `${id} ${kind}`)).toEqual(
      expect.arrayContaining(['sum_test.go::TestAdds assertion', 'broken/x_test.go::<file> load']),
    );
  },
  120_000,
);
