import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { block, finding, git, write } from './cli.mjs';
import { js, price, two } from './little.mjs';

const edited = (from, to) => (root) => write(root, { 'src/price.js': price.replace(from, to) });
/** A harmless change of one line: line 3. */
const harmless = edited('item.price * item.count', 'item.count * item.price');
export const harmlessLine = '  for (const item of items) sum += item.count * item.price;';
export const row = (what, reply, caught, { change = harmless, files = js, args = [] } = {}) => ({
  what,
  files,
  change,
  args,
  replies: [reply],
  caught,
});
export const first = ({ report }) => report.findings?.[0];
export const is =
  (edit, why = /./) =>
  (came) =>
    first(came)?.edit === edit && why.test(first(came).note ?? '') && `${edit}: ${first(came).note}`;
export const rejected =
  (why) =>
  ({ code, report }) =>
    code === 1 && report.status === 'no_answer' && (report.rejected.find((one) => why.test(one.why))?.why ?? false);
const at = (path, startLine, side) => (came) => {
  const one = first(came);
  return (
    one?.path === path &&
    one.startLine === startLine &&
    one.side === side &&
    `${one.path}:${one.startLine}-${one.endLine} ${one.side ?? 'new'}`
  );
};
const moved = (from, to) => (root) => {
  git(root, 'mv', from, to);
  write(root, { [to]: js['src/price.js'].replace('let sum = 0;', 'let sum = 1 - 1;') });
};
const crash = 'throw new TypeError("prices are gone")';

export const reviewed = [
  row(
    'edit of a comment',
    finding('minor', 'src/price.js:3', 'Say more.', block('src/price.js', harmlessLine, `  // Cents.\n\n${harmlessLine} // all`)),
    is('unproven', /only comments/),
  ),
  row(
    'edit of what only looks like a comment',
    finding('minor', 'src/price.js:3', 'Say more.', block('src/price.js', harmlessLine, `  const note = '// cents';\n${harmlessLine}`)),
    is('proven'),
  ),
  row(
    'edit that one of two packages alone bears out',
    finding(
      'major',
      'packages/base/src/base.js:1',
      'Should be more.',
      block('packages/base/src/base.js', 'export const unit = 3 - 1;', 'export const unit = 5 - 3 + 0 * 1;'),
    ) +
      finding(
        'minor',
        'packages/base/src/base.js:1',
        'No export is needed.',
        block('packages/base/src/base.js', 'export const unit = 3 - 1;', 'const unit = 3 - 1;'),
      ),
    ({ report }) => {
      const [good, bad] = report.findings ?? [];
      return good?.edit === 'proven' && bad !== undefined && bad.edit !== 'proven' && /packages\/user/.test(bad.note) && bad.note;
    },
    {
      files: two,
      change: (root) => write(root, { 'packages/base/src/base.js': two['packages/base/src/base.js'].replace('unit = 2', 'unit = 3 - 1') }),
    },
  ),
  row(
    'two edits of the same line: each by itself',
    finding('major', 'src/price.js:3', 'One.', block('src/price.js', harmlessLine, harmlessLine.replace('sum +=', 'sum -='))) +
      finding('minor', 'src/price.js:3', 'Two.', block('src/price.js', harmlessLine, harmlessLine.replace('sum +=', 'sum -= -1 *'))),
    ({ report }) => report.findings?.map(({ edit }) => edit).join() === 'regresses,proven' && 'regresses, proven',
  ),
  row(
    'red diff is said at the top',
    finding(
      'major',
      'src/price.js:3',
      'Count is gone.',
      block(
        'src/price.js',
        '  for (const item of items) sum += item.price;',
        '  for (const item of items) sum += item.price * item.count;',
      ),
    ) +
      finding(
        'minor',
        'src/price.js:3',
        'Name.',
        block('src/price.js', '  for (const item of items) sum += item.price;', '  for (const one of items) sum += one.price;'),
      ),
    ({ report, code }) => {
      const [mends, renames] = report.findings ?? [];
      return (
        code === 1 &&
        /^The tests are red with this change \(total adds/.test(report.summary) &&
        /mends/.test(mends?.note) &&
        renames !== undefined &&
        !/It mends/.test(renames.note) &&
        `${report.summary} / ${mends.note} / ${renames.edit}: ${renames.note}`
      );
    },
    { change: edited('item.price * item.count', 'item.price') },
  ),
  row(
    'red diff and no edit at all',
    'No findings.',
    ({ report }) => /^The tests are red with this change/.test(report.summary) && report.summary,
    {
      change: edited('item.price * item.count', 'item.price'),
    },
  ),
  row(
    'edit that crashes: the exception is quoted',
    finding('major', 'src/price.js:3', 'Crash.', block('src/price.js', '  let sum = 0;', '  let sum = none.at;')),
    is('regresses', /none is not defined/),
  ),
  row(
    'edit that does not load: the exception is quoted',
    finding(
      'major',
      'src/price.js:3',
      'Crash.',
      block('src/price.js', 'export function total(items) {', `${crash};\nexport function total(items) {`),
    ),
    (came) => first(came)?.edit !== 'proven' && /prices are gone/.test(first(came)?.note) && first(came).note,
  ),
  row(
    'diff that does not load: the exception is quoted',
    finding('major', 'src/price.js:1', 'Crash.', block('src/price.js', `${crash};\n`, '')),
    ({ report }) => /^The tests are red.*prices are gone/.test(report.summary) && report.summary,
    { change: edited('export function total(items) {', `${crash};\nexport function total(items) {`) },
  ),
  row('old name of a renamed file', finding('major', 'src/price.js:2', 'Zero.'), at('src/cost.js', 2, undefined), {
    change: moved('src/price.js', 'src/cost.js'),
  }),
  row('old name, old line', finding('major', 'src/price.js:2 (old)', 'Zero.'), at('src/cost.js', 2, 'old'), {
    change: moved('src/price.js', 'src/cost.js'),
  }),
  row(
    'range beyond the file',
    finding('major', 'src/price.js:3-900', 'All.'),
    (came) => first(came)?.endLine <= 16 && at('src/price.js', 3, undefined)(came),
  ),
  row('range that ends before it begins', finding('major', 'src/price.js:3-1', 'All.'), at('src/price.js', 3, undefined)),
  row('path with #', finding('major', 'src/a#b.js:1', 'Sign.'), at('src/a#b.js', 1, undefined), {
    change: (root) => write(root, { 'src/a#b.js': 'export const a = 1;\n' }),
  }),
  row('path with # and #L', finding('major', 'src/a#L9.js#L1', 'Sign.'), at('src/a#L9.js', 1, undefined), {
    change: (root) => write(root, { 'src/a#L9.js': 'export const a = 1;\n' }),
  }),
  row('path with blanks', finding('major', 'docs/my own file.md:1', 'Blank.'), at('docs/my own file.md', 1, undefined), {
    change: (root) => write(root, { 'docs/my own file.md': 'one\n' }),
  }),
  row('removed line', finding('major', 'src/price.js:8 (old)', 'The bound is gone.'), at('src/price.js', 8, 'old'), {
    change: edited("  if (percent < 0) throw new RangeError('percent');\n", ''),
  }),
  row(
    'removed line, not said to be old',
    finding('major', 'src/price.js:8', 'The bound is gone.'),
    (came) => at('src/price.js', 8, 'old')(came) || at('src/price.js', 8)(came),
    {
      change: edited("  if (percent < 0) throw new RangeError('percent');\n", ''),
    },
  ),
  row('deleted file', finding('major', 'src/cart.js:1 (old)', 'It is used.'), at('src/cart.js', 1, 'old'), {
    change: (root) => rmSync(join(root, 'src/cart.js')),
  }),
  row('deleted file, line beyond', finding('major', 'src/cart.js:40 (old)', 'It is used.'), rejected(/not in the diff/), {
    change: (root) => rmSync(join(root, 'src/cart.js')),
  }),
  row('all rejected: far lines', finding('critical', 'src/price.js:14', 'Far.'), rejected(/lines are not in the diff/)),
  row('all rejected: another file', finding('critical', 'src/cart.js:1', 'Far.'), rejected(/file is not in the diff/)),
  row('all rejected: no place', finding('critical', 'everywhere', 'Far.'), rejected(/no file and line/)),
  row('all rejected: no reason', '## Finding\nSeverity: major\nWhere: src/price.js:3\n', rejected(/no reason/)),
  row(
    'all rejected, and says that there is none',
    `No findings.\n\n${finding('critical', 'src/cart.js:1', 'Far.')}`,
    rejected(/not in the diff/),
  ),
  row(
    'whole file named as the range',
    finding('critical', 'src/price.js:1-16', 'All of it.'),
    (came) => first(came)?.startLine === 1 && `${first(came).startLine}-${first(came).endLine}`,
  ),
  row(
    'edit that weakens a test',
    finding('major', 'src/price.js:3', 'T.', block('test/price.test.js', "test('total adds'", "test.skip('total adds'")),
    is('refused'),
  ),
  row(
    'edit that changes how tests run',
    finding('major', 'src/price.js:3', 'T.', block('package.json', '"node --test test/"', '"true"')),
    is('refused'),
  ),
  row(
    'edit that changes nothing',
    finding('major', 'src/price.js:3', 'T.', block('src/price.js', harmlessLine, harmlessLine)),
    (came) => first(came)?.edit !== 'proven' && `${first(came)?.edit}: ${first(came)?.note}`,
  ),
  row(
    'edit outside the repository',
    finding('major', 'src/price.js:3', 'T.', block('../outside.js', '', 'x')),
    (came) => ['refused', 'not_placed'].includes(first(came)?.edit) && first(came).note,
  ),
];
