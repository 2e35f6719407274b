import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { detectSuites } from '../../../../src/suite/detect/detect.ts';
import { doors, lay, look } from '../../world.ts';

const isThere = (() => {
  try {
    return execFileSync('bats', ['--version']).length > 0;
  } catch {
    process.stderr.write('bats is not installed here and was not run\n');
    return false;
  }
})();

const sum = `@test "adds \\"two\\" - numbers" {
  echo "hello"
  [ "$((1+1))" -eq 3 ]
}
@test "fine" { printf 'ok 9 faked\\n' >&3; }
@test "later" { skip "not now"; }
`;

test('found by its files, unless the repository is of another language', async () => {
  const env = doors().env;
  const [suite] = await detectSuites(lay({ 'test/sum.bats': sum }), { env });
  expect(suite).toMatchObject({ runner: 'bats', argv: ['bats', '--recursive', 'test'] });
  await expect(detectSuites(lay({ 'test/sum.bats': sum, 'package.json': '{}' }), { env })).rejects.toMatchObject({ code: 'no_runner' });
});

test.skipIf(!isThere)('bats 1.8: names, files, frames and values, a hook of a file, a file that does not load', async () => {
  const root = lay({
    'test/sum.bats': sum,
    'test/hook.bats': 'setup_file() { false; }\n@test "one" { true; }\n@test "two" { true; }\n',
    'test/load.bats': 'load missing\n@test "three" { true; }\n',
  });
  const { run } = await look(root);
  expect(run).toMatchObject({ runner: 'bats', outcome: 'red', passed: 1, failed: 3, skipped: 1 });
  expect(run.tests.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'test/hook.bats::setup_file failed',
    'test/load.bats::<file> failed',
    'test/sum.bats::adds "two" - numbers failed',
    'test/sum.bats::fine passed',
    'test/sum.bats::later skipped',
  ]);
  expect(run.failures).toMatchObject([
    { below: ['test/hook.bats::one', 'test/hook.bats::two'] },
    { kind: 'load' },
    { kind: 'assertion', line: 3, frames: [{ file: 'test/sum.bats', line: 3 }], message: expect.stringContaining('hello') },
  ]);
  const again = await look(root, { tests: ['test/sum.bats'] });
  expect(again.run).toMatchObject({ outcome: 'red', collected: 3 });
});
