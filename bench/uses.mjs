// Judges ask, review and write-tests on a laid-out repository through the real CLI and the stand-in gateway, whose scripted replies lie:
// node bench/uses.mjs FOLDER --file SOURCE --tests TESTFILE [--command CMD] [--only ask] [--cli dist/cli.mjs]
// --good: only whether the good tests are kept. FOLDER is copied first. TESTFILE is taken out of the copy and comes back as the reply that is good.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { block, finding, makeHome, makeRun, makeTable, wrap } from './uses/cli.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string' },
    tests: { type: 'string' },
    command: { type: 'string' },
    only: { type: 'string' },
    cli: { type: 'string' },
    good: { type: 'boolean', default: false },
  },
});
const [given] = positionals;
if (!given || !values.file || !values.tests) throw new Error('node bench/uses.mjs FOLDER --file SOURCE --tests TESTFILE');
const { file, tests } = values;
const cli = resolve(values.cli ?? join(import.meta.dirname, '..', 'dist', 'cli.mjs'));
const home = makeHome();
const root = join(home, basename(given));
const command = values.command ? ['--command', values.command] : [];

cpSync(given, root, { recursive: true, verbatimSymlinks: true });
const source = readFileSync(join(root, file), 'utf8');
const good = readFileSync(join(root, tests), 'utf8');
const rows = source.split('\n');
const defines = /^\s*(?:export |async |module\.exports|exports\.|const |def |class |func |function |get |set |[\w.]+ = function)/;
const at = rows.findIndex((row, index) => index > 2 && defines.test(row) && rows.indexOf(row) === index) + 1;
const far = rows.findLastIndex((row) => /\w{4}/.test(row)) + 1;
if (at === 0 || far <= at + 8) throw new Error(`${file} is too small to be judged by.`);

const { failures, check } = makeTable();
const runIn = makeRun(cli, home);
const run = (verb, replies, args, more = {}) => runIn(verb, replies, args, { root, ...more });

/** What every use owes before and after: estimate and exit 2 without a key, the cap, costs, a manifest, the tree as it was. */
async function checkCommon(use, args, { code, report, seconds }) {
  const without = await run(use, ['x'], args, { key: '' });
  check(
    use,
    'without a key: needs_key, exit 2, estimate',
    without.code === 2 && without.report.status === 'needs_key' && without.report.estimate.usd.high > 0,
    `exit ${without.code}, ${JSON.stringify(without.report.estimate?.usd)}`,
  );
  const capped = await run(use, ['x'], [...args, '--max-cost', '0.00001']);
  check(
    use,
    'over the cap nothing is sent',
    capped.report.status === 'over_cap' && capped.report.attempts === undefined,
    capped.report.summary,
  );
  check(
    use,
    'costs and manifest',
    report.costUsd > 0 && report.manifest.entries.length > 0,
    `$${report.costUsd}, ${report.manifest?.entries.length} entries, ${report.manifest?.tokens} tokens, exit ${code}, ${seconds.toFixed(1)} s`,
  );
}

async function judgeAsk() {
  const line = (number) => rows[number - 1];
  const reply = `It begins at ${file}:${at}. It ends at ${file}:${far + 100_000}. See ${file}:${far} and no/such/place.ts:3.\n\n## Sources\n${file}:${at} | ${line(at)}\n${file}:${far} | ${line(at)}\n`;
  const args = [`What does ${basename(file)} define?`];
  const asked = await run('ask', [reply], args);
  const { citations = [], answer = '' } = asked.report;
  const says = (start, why) => citations.some((one) => one.startLine === start && !one.holds && why.test(one.why));
  check(
    'ask',
    'right citation holds',
    citations.some((one) => one.startLine === at && one.holds),
    asked.report.summary,
  );
  check('ask', 'line beyond the end', says(far + 100_000, /has \d+ lines/), citations[1]?.why);
  check('ask', 'quote that stands elsewhere', says(far, new RegExp(`line ${at}$`)), citations[2]?.why);
  check('ask', 'file that is not there', says(3, /no such/), citations[3]?.why);
  check('ask', 'each is marked in the answer', answer.split('[does not hold:').length === 4, answer);
  await checkCommon('ask', args, asked);
  const bare = await run('ask', ['It sums up, and that is all.'], args);
  check('ask', 'nothing cited is not all holds', !/hold/.test(bare.report.summary), bare.report.summary);
  const unsent = `It is tested at ${tests}:1.\n\n## Sources\n${tests}:1 | ${good.split('\n')[0]}\n`;
  const narrow = await run('ask', [unsent], [...args, '--files', file]);
  const [cited] = narrow.report.citations ?? [];
  check('ask', 'a place in a file that was not sent', cited?.holds === false, cited?.why);
}

async function judgeReview() {
  const indent = /^\s*/.exec(rows[at - 1])?.[0] ?? '';
  const mark = ['.py'].includes(extname(file)) ? '#' : '//';
  const added = `${indent}${mark} this line is new`;
  writeFileSync(join(root, file), [...rows.slice(0, at - 1), added, ...rows.slice(at - 1)].join('\n'));
  const replies = [
    finding('major', `${file}:${at}`, 'It says nothing.', block(file, added, `${indent}${mark} this line says something`)),
    finding('minor', `${file}:${at}`, 'Breaks it.', block(file, `${added}\n${rows[at - 1]}`, `${indent}(((`)),
    finding(
      'note',
      `${file}:${at}`,
      'Weakens a test.',
      block(
        tests,
        good.split('\n').find((row) => /\w/.test(row)),
        '',
      ),
    ),
    finding('note', `${file}:${at}`, 'Cannot be placed.', block(file, 'what stands nowhere at all', '')),
    finding('critical', `${file}:${far + 1}`, 'Far from the change.'),
    finding('critical', tests, 'No line.'),
    finding('critical', `${tests}:1`, 'Not changed.'),
    finding('terrible', `${file}:${at}`, 'No severity.'),
  ];
  const args = [...command, '--sandbox', 'off'];
  const reviewed = await run('review', [replies.join('\n')], args);
  const { findings = [], rejected = [], warnings = [] } = reviewed.report;
  const edit = (severity, which) => findings.some((one) => one.severity === severity && one.edit === which);
  check('review', 'good edit is proven', edit('major', 'proven'), findings.find((one) => one.severity === 'major')?.note);
  check(
    'review',
    'breaking edit regresses',
    findings.some((one) => one.severity === 'minor' && one.edit !== 'proven'),
    findings.find((one) => one.severity === 'minor')?.note,
  );
  check('review', 'edit of a test is refused', edit('note', 'refused'), findings.find((one) => one.edit === 'refused')?.note);
  check('review', 'edit without a place', edit('note', 'not_placed'), findings.find((one) => one.edit === 'not_placed')?.note);
  for (const why of ['lines are not in the diff', 'names no file and line', 'file is not in the diff', 'is no severity'])
    check(
      'review',
      why,
      rejected.some((one) => one.why.includes(why)),
      rejected.find((one) => one.why.includes(why))?.what,
    );
  check('review', 'exit code by severity', reviewed.code === 1, `exit ${reviewed.code}; ${warnings.join('; ')}`);
  await checkCommon('review', args, reviewed);
  const none = await run('review', [finding('critical', `${file}:${far + 1}`, 'Far from the change.')], args);
  check('review', 'all findings rejected is no success', none.code === 1 && none.report.status === 'no_answer', none.report.summary);
  writeFileSync(join(root, file), source);
}

/** A failing and an empty test in the manner of the test file. */
function fakes() {
  if (tests.endsWith('.go')) {
    const head = `${/^package \w+/m.exec(good)[0]}\n\nimport "testing"\n\n`;
    return [`${head}func TestMadeUp(t *testing.T) { t.Fatal("made up") }`, `${head}func TestNothing(t *testing.T) {}`];
  }
  if (tests.endsWith('.py')) {
    if (!/unittest|TestCase/.test(good)) return ['def test_made_up():\n    assert False', 'def test_nothing():\n    assert True'];
    const head = 'import unittest\n\n\nclass TestMadeUp(unittest.TestCase):\n    def test_made_up(self):\n        ';
    return [`${head}self.fail("made up")`, `${head}pass`];
  }
  const word = /^\s*(it|test|describe)\(/m.exec(good)?.[1] === 'test' ? 'test' : 'it';
  const head = good
    .split('\n')
    .filter((row) => /(?:node:test|vitest|@jest\/globals)['"]/.test(row))
    .join('\n')
    .replace('describe', word)
    .replace(`${word}, ${word}`, word);
  const must = word === 'it' && /const (?:describe|{ describe)/.test(head) ? '' : head;
  const call = /node:test/.test(good) ? `require('node:test')` : word;
  const plain = /node:test/.test(good) && /require\(/.test(good);
  return [
    `${plain ? '' : must}\n${plain ? call : word}('made up', () => { throw new Error('made up') })`,
    `${plain ? '' : must}\n${plain ? call : word}('nothing', () => {})`,
  ];
}

/** A test that reads the text of what it tests, in the manner of the test file; undefined: not in this language. */
function textual() {
  const size = Buffer.byteLength(source);
  if (tests.endsWith('.py')) return `import os\n\n\ndef test_text():\n    assert os.path.getsize(${JSON.stringify(file)}) == ${size}`;
  if (!/\.[cm]?js$/.test(tests) || !/node:test/.test(good) || !/require\(/.test(good)) return undefined;
  const text = `require('node:fs').statSync(${JSON.stringify(file)}).size`;
  return `require('node:test')('text', () => require('node:assert').strictEqual(${text}, ${size}))`;
}

/** The good tests and, beside them, six that pass by themselves and in the order of the file alone; undefined: this runner has one order. */
function ordered() {
  const numbers = [1, 2, 3, 4, 5, 6];
  if (tests.endsWith('.py') && !/unittest|TestCase/.test(good)) {
    const each = numbers.map((at) => `def test_in_order_${at}():\n    _in_order(${at})\n`).join('\n\n');
    return `${good}\n\n_order = []\n\n\ndef _in_order(at):\n    assert all(one < at for one in _order)\n    _order.append(at)\n\n\n${each}`;
  }
  if (!/['"]vitest['"]/.test(good)) return undefined;
  const each = numbers.map((at) => `it('in order ${at}', () => inOrder(${at}));`).join('\n');
  return `import { it } from 'vitest';\n${good}\nconst order = [];\nfunction inOrder(at) {\n  if (order.some((one) => one > at)) throw new Error('out of order');\n  order.push(at);\n}\n${each}`;
}

async function judgeTests() {
  rmSync(join(root, tests));
  const git = (...args) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root });
  git('commit', '-qam', 'Without its tests', '--no-verify');
  const [wrong, empty] = fakes();
  const beside = tests.replace(
    /([._]test|[._]spec)?(\.\w+)$/,
    (end) => `${end.startsWith('.js') || end === '.py' ? '_' : end[0]}made${end}`,
  );
  const replies = [
    wrap(block(beside, '', wrong)),
    wrap(block(beside, '', empty)),
    wrap(block(file, rows[at - 1], `${rows[at - 1]} `)),
    wrap(block(`elsewhere/made${extname(file)}`, '', 'x')),
    wrap(block(tests, '', good.replace(/\n$/, ''))),
  ];
  const once = [file, ...command, '--sandbox', 'off', '--attempts', '1'];
  if (values.good) {
    const kept = await run('write-tests', replies.slice(-1), once);
    const why = kept.report.rejected?.[0]?.why ?? kept.report.summary;
    return check('write-tests', 'good tests are kept', kept.report.status === 'written', `${why} (${kept.seconds.toFixed(0)} s)`);
  }
  const args = [file, ...command, '--sandbox', 'off', '--attempts', '5'];
  const written = await run('write-tests', replies, args);
  const { rejected = [], worth } = written.report;
  const wanted = ['a test fails: ', 'the tests pass for nothing', 'refused (target)', 'refused (not_a_test)'];
  for (const [number, why] of wanted.entries()) check('write-tests', why, rejected[number]?.why.includes(why), rejected[number]?.why);
  check('write-tests', 'good tests are kept', written.report.status === 'written', written.report.summary);
  check(
    'write-tests',
    'killed mutants are counted',
    worth?.killed > 0,
    `${worth?.killed} of ${worth?.mutants}, ${worth?.killedBefore} before`,
  );
  check(
    'write-tests',
    'coverage of the target',
    worth?.coverage.after >= worth?.coverage.before || worth?.coverage.after === 'unknown',
    JSON.stringify(worth?.coverage),
  );
  check(
    'write-tests',
    'only the tests are written',
    written.report.patch?.files.every((one) => one.path === tests),
    written.report.patch?.files.map((one) => one.path),
  );
  await checkCommon('write-tests', args, written);
  const inOrder = ordered();
  if (inOrder !== undefined) {
    const { report } = await run('write-tests', [wrap(block(beside, '', inOrder))], once);
    const [first] = report.rejected ?? [];
    check('write-tests', 'tests that need their order', first?.why.includes('in another order'), first?.why ?? report.summary);
  }
  const reads = textual();
  if (reads === undefined) return;
  const caught = await run('write-tests', [wrap(block(beside, '', reads))], once);
  const [first] = caught.report.rejected ?? [];
  check('write-tests', 'a test of the source text', first?.why.includes('it tests the text'), first?.why ?? caught.report.summary);
}

const uses = { ask: judgeAsk, review: judgeReview, 'write-tests': judgeTests };
console.log(`${basename(given)}: ${file}\n\n| use | what | | said |\n|---|---|---|---|`);
try {
  for (const [name, judge] of Object.entries(uses)) {
    if (values.only && values.only !== name) continue;
    await judge();
    const left = execFileSync('git', ['status', '--porcelain'], { cwd: root }).toString();
    check(name, 'the tree is as it was', left.trim() === '', left);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
if (failures.length > 0) {
  console.error(`${failures.length} do not hold.`);
  process.exitCode = 1;
}
