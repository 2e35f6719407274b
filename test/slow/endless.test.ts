import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const home = mkdtempSync(join(tmpdir(), 'endless-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** A `go` whose tests print 1 kB at a time; every hundredth has no end event, one in another package fails. */
const go = `#!/usr/bin/env node
const { writeSync } = require('node:fs');
if (process.argv[2] !== 'test') process.exit(0);
const put = (events) => {
  let bytes = Buffer.from(events.map((event) => JSON.stringify(event) + '\\n').join(''));
  while (bytes.length > 0) try { bytes = bytes.subarray(writeSync(1, bytes)); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
};
const Package = 'example.com/shop/cart', tests = Number(process.env.GO_TESTS), lines = Number(process.env.GO_LINES);
const bad = { Package: 'example.com/shop/money', Test: 'TestBad' };
for (let n = 0; n < tests; n++) {
  const Test = 'TestN' + n;
  const said = Array.from({ length: lines }, () => ({ Action: 'output', Package, Test, Output: 'x'.repeat(1000) + '\\n' }));
  put([{ Action: 'run', Package, Test }, ...said, ...(n % 100 === 7 ? [] : [{ Action: 'pass', Package, Test, Elapsed: 0 }])]);
  if (n === 5) put([{ Action: 'run', ...bad }, { Action: 'output', ...bad, Output: '    m_test.go:3: got 90, want 100\\n' }, { Action: 'fail', ...bad }, { Action: 'fail', Package: bad.Package }]);
}
put([{ Action: 'pass', Package, Elapsed: 1 }]);
process.exitCode = 1;
`;

function find(tests: number, lines: number) {
  const root = join(home, `${tests}`);
  for (const folder of [join(home, 'bin'), join(root, 'cart'), join(home, 'own')]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, 'bin/go'), go);
  chmodSync(join(home, 'bin/go'), 0o755);
  writeFileSync(join(root, 'go.mod'), 'module example.com/shop\n\ngo 1.19\n');
  writeFileSync(join(root, 'cart/cart_test.go'), 'package cart\n\nimport "testing"\n\nfunc TestN0(t *testing.T) {}\n');
  const peak = join(home, 'peak');
  const hook = join(home, 'hook.cjs');
  writeFileSync(
    hook,
    `if (/cli\\.mjs$/.test(process.argv[1])) process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));`,
  );
  const env = {
    PATH: [join(home, 'bin'), process.env.PATH].join(delimiter),
    HOME: join(home, 'own'),
    NODE_OPTIONS: `--require ${hook}`,
    GO_TESTS: String(tests),
    GO_LINES: String(lines),
  };
  const options = { cwd: root, env, encoding: 'utf8' as const, maxBuffer: 1 << 26 };
  const args = [join(import.meta.dirname, '../../dist/cli.mjs'), 'find', '--json', '--quiet', '--env', 'GO_TESTS', '--env', 'GO_LINES'];
  let printed = '';
  try {
    printed = execFileSync(process.execPath, args, options);
  } catch (error) {
    printed = error instanceof Error && 'stdout' in error ? String(error.stdout) : '';
  }
  return { report: JSON.parse(printed), peakMb: Number(readFileSync(peak, 'utf8')) / 1024 };
}

test('66,741 tests of one run are read exactly', () => {
  const { report } = find(66_741, 0);
  expect(report).toMatchObject({ status: 'red', run: { collected: 66_742, passed: 66_741, failed: 1 } });
  expect(report.failing.id).toBe('money::TestBad');
});

test('200 MB of output are read whole and not held', () => {
  const { report, peakMb } = find(200, 1_000);
  expect(report).toMatchObject({ status: 'red', run: { collected: 201, passed: 200, failed: 1 } });
  expect(peakMb).toBeLessThan(200);
});
