// How long write-tests takes beside the suite's own time, over six runners: node bench/uses/time.mjs [--packages FOLDER] [--only RUNNER]
// [--cli dist/cli.mjs] [--other OTHER/dist/cli.mjs]. FOLDER/node_modules holds vitest, jest and mocha; without it they are left out.
import { spawnSync } from 'node:child_process';
import { rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { block, git, makeHome, makeRun, wrap, write } from './cli.mjs';
import { go } from './good-go.mjs';
import { python } from './good-python.mjs';
import { price, totalTest } from './little.mjs';

const { values } = parseArgs({
  options: { packages: { type: 'string' }, only: { type: 'string' }, cli: { type: 'string' }, other: { type: 'string' } },
});
const ours = values.cli ?? join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
const builds = [ours, ...(values.other ? [values.other] : [])].map((path) => resolve(path));

const body = `test('takes a share', () => same(discount(200, 10), 180));
test('refuses', () => throws(() => discount(1, -1)));
test('counts rounds', () => same(rounds(3), 3));
`;
const old = totalTest.split('\n').slice(4).join('\n').replace('assert.strictEqual', 'same');
const assertions =
  "import assert from 'node:assert';\nconst same = (got, wanted) => assert.strictEqual(got, wanted);\nconst throws = (run) => assert.throws(run, RangeError);\n";
/** The same module and tests for a runner of JavaScript; jest has CommonJS alone. */
function script(runner, command, head, common = false) {
  const toCommon = (text) =>
    text
      .replaceAll(/^import (.+) from (.+);$/gm, 'const $1 = require($2);')
      .replaceAll('export function', 'exports.IT = function')
      .replaceAll(/exports\.IT = function (\w+)/g, 'exports.$1 = function $1');
  const form = common ? toCommon : (text) => text;
  return {
    target: 'src/price.js',
    path: 'test/discount.test.js',
    files: {
      'package.json': `{ "name": "shop", ${common ? '' : '"type": "module", '}"scripts": { "test": "${command}" } }\n`,
      '.gitignore': 'node_modules\n',
      'src/price.js': form(price),
      'test/price.test.js': form(`${head}${assertions}import { total } from '../src/price.js';\n\n${old}`),
    },
    text: form(`${head}${assertions}import { discount, rounds } from '../src/price.js';\n\n${body}`),
    argv: command.split(' '),
    runner,
  };
}
const good = ({ target, path, files, tests }, style, runner, command) => ({
  runner,
  target,
  files,
  path: path(0),
  text: tests[style].trimEnd(),
  argv: command.split(' '),
});
const subjects = [
  good(python, 'fixtures', 'pytest', 'python3 -m pytest'),
  script('node:test', 'node --test test/', "import test from 'node:test';\n"),
  ...(values.packages
    ? [
        script('vitest', 'vitest run', "import { test } from 'vitest';\n"),
        script('jest', 'jest', '', true),
        script('mocha', 'mocha test', 'const test = it;\n'),
      ]
    : []),
  good(go, Object.keys(go.tests)[0], 'go test', 'go test ./...'),
];

const home = makeHome();
console.log('| runner | suite | build | write-tests | bound (3 × + 20 s) | × suite | |\n|---|---|---|---|---|---|---|');
try {
  for (const { runner, target, path, files, text, argv } of subjects) {
    if (values.only && values.only !== runner) continue;
    const root = join(home, runner.replace(/\W/g, '-'));
    write(root, files);
    git(root, 'init', '-q');
    git(root, 'add', '-A');
    git(root, 'commit', '-qm', 'first');
    if (values.packages && files['.gitignore']) symlinkSync(resolve(values.packages, 'node_modules'), join(root, 'node_modules'));
    const own = () => {
      const begun = performance.now();
      const env = { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` };
      spawnSync(argv[0], argv.slice(1), { cwd: root, env });
      return (performance.now() - begun) / 1000;
    };
    own();
    for (const [at, cli] of builds.entries()) {
      const before = own();
      const args = [target, '--attempts', '1', '--sandbox', 'off'];
      const { report, seconds } = await makeRun(cli, home)('write-tests', [wrap(block(path, '', text))], args, { root });
      const suite = (before + own()) / 2;
      const bound = 3 * suite + 20;
      console.log(
        `| ${runner} | ${suite.toFixed(1)} s | ${at === 0 ? 'this' : 'other'} | ${seconds.toFixed(1)} s | ${bound.toFixed(1)} s${seconds <= bound ? '' : ' **over**'} | ${(seconds / suite).toFixed(1)} | ${report.status}: ${report.worth?.mutants ?? report.rejected?.[0]?.why ?? report.summary} |`,
      );
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
