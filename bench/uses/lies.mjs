// Judges diagnose, review, ask and write-tests on little repositories, through the real CLI and the stand-in gateway: one row for each way to lie,
// and some that are honest. node bench/uses/lies.mjs [--only review] [--row PATTERN] [--cli dist/cli.mjs] [--show]
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { git, makeHome, makeRun, makeTable, write } from './cli.mjs';
import { asked } from './lies-asked.mjs';
import { diagnosed } from './lies-diagnosed.mjs';
import { reviewed } from './lies-reviewed.mjs';
import { tested } from './lies-tested.mjs';
import * as sly from './sly-said.mjs';
import { tested as slyTested } from './sly-tested.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string' }, row: { type: 'string' }, cli: { type: 'string' }, show: { type: 'boolean', default: false } },
});
const cli = resolve(values.cli ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs'));
const home = makeHome();
const run = makeRun(cli, home);
const { failures, check } = makeTable();
const uses = {
  diagnose: [...diagnosed, ...sly.diagnosed],
  review: [...reviewed, ...sly.reviewed],
  ask: [...asked, ...sly.asked],
  'write-tests': [...tested, ...slyTested],
};

console.log('| use | what | | said |\n|---|---|---|---|');
try {
  for (const [use, rows] of Object.entries(uses))
    for (const [number, { what, files, change, args = [], replies, caught }] of rows.entries()) {
      if ((values.only && values.only !== use) || (values.row && !new RegExp(values.row).test(what))) continue;
      const root = join(home, `${use}-${number}`);
      write(root, files);
      git(root, 'init', '-q');
      git(root, 'add', '-A');
      git(root, 'commit', '-qm', 'first');
      change?.(root);
      const before = git(root, 'status', '--porcelain');
      const came = await run(use, replies, [...args, ...(use === 'ask' ? [] : ['--sandbox', 'off'])], { root });
      if (values.show) console.log(JSON.stringify({ ...came, report: { ...came.report, manifest: undefined } }, null, 2));
      const said = caught(came);
      const same = before === git(root, 'status', '--porcelain');
      check(
        use,
        what,
        typeof said === 'string' && same,
        same ? said || `exit ${came.code}, ${came.report.status}: ${came.report.summary}` : 'the tree has changed',
      );
    }
} finally {
  rmSync(home, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`${failures.length} do not hold.`);
  process.exitCode = 1;
}
