// Whether write-tests keeps honest tests of many styles, over three runners, and how long it takes beside the suite:
// node bench/uses/good.mjs [--only go] [--row PATTERN] [--cli dist/cli.mjs]
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { block, git, makeHome, makeRun, makeTable, wrap, write } from './cli.mjs';
import { go } from './good-go.mjs';
import { node } from './good-node.mjs';
import { python } from './good-python.mjs';

const { values } = parseArgs({ options: { only: { type: 'string' }, row: { type: 'string' }, cli: { type: 'string' } } });
const cli = resolve(values.cli ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs'));
const home = makeHome();
const run = makeRun(cli, home);
const { failures, check } = makeTable();

console.log('| runner | style | | said |\n|---|---|---|---|');
let count = 0;
try {
  for (const [runner, { target, path, files, tests }] of Object.entries({ node, python, go })) {
    if (values.only && values.only !== runner) continue;
    const root = join(home, runner);
    write(root, files);
    git(root, 'init', '-q');
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'first');
    for (const [number, [style, text]] of Object.entries(tests).entries()) {
      if (values.row && !new RegExp(values.row).test(style)) continue;
      count++;
      const reply = wrap(block(path(number), '', text.trimEnd()));
      const { code, report, seconds } = await run('write-tests', [reply], [target, '--attempts', '1', '--sandbox', 'off'], { root });
      const flags = report.patch?.flags.map(({ flag, message }) => `${flag}: ${message}`) ?? [];
      const kept =
        code === 0 &&
        report.status === 'written' &&
        !flags.some((one) => one.startsWith('weak_test')) &&
        git(root, 'status', '--porcelain') === '';
      check(
        runner,
        style,
        kept,
        `${kept ? `${report.worth.tests.length} kept, ${report.worth.killed} of ${report.worth.mutants}` : (report.rejected?.[0]?.why ?? report.summary)} ${flags.join('; ')} (${seconds.toFixed(0)} s)`,
      );
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
console.log(`\n${count - failures.length} of ${count} kept.`);
if (failures.length > 0) process.exitCode = 1;
