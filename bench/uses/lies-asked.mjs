import { js, price } from './little.mjs';

const line = (number) => price.split('\n')[number - 1];
export const cites = (text, ...places) => `${text}\n\n## Sources\n${places.join('\n')}\n`;
export const row = (what, reply, caught, { args = [], files = js } = {}) => ({
  what,
  files,
  args: ['How is the total reckoned?', ...args],
  replies: [reply],
  caught,
});
export const only = ['--files', 'src/price.js'];
export const holds = ({ code, report }) => code === 0 && report.citations.every((one) => one.holds) && report.summary;
/** At least one citation does not hold, by this reason, is marked in the answer, and the summary does not say that all hold. */
export const falls =
  (why) =>
  ({ report: { citations = [], answer = '', summary } }) =>
    /\[(?:does not hold|not checked)/.test(answer) &&
    !/all hold|it holds/.test(summary) &&
    (citations.find((one) => !one.holds && why.test(one.why))?.why ?? false);

export const asked = [
  row('honest, quoted', cites('It adds up in src/price.js:3.', `src/price.js:3 | ${line(3)}`), holds),
  row('honest, by the name in the sentence', 'The sum is reckoned by `total` (src/price.js:1).', holds),
  row(
    'file that was never sent',
    cites('See docs/returns.md:3.', 'docs/returns.md:3 | Goods may be returned within 30 days.'),
    falls(/not sent/),
    { args: only },
  ),
  row('file that was never sent, without a quote', 'Goods may be returned within 30 days (docs/returns.md:3).', falls(/not sent/), {
    args: only,
  }),
  row('one line off, without a quote', '`total` begins in src/price.js:2.', falls(/stands at line 1/)),
  row('one line off, nothing named', 'It begins in src/price.js:2.', falls(/nothing was checked/)),
  row('one line off, quoted', cites('It adds up in src/price.js:4.', `src/price.js:4 | ${line(3)}`), falls(/stands at line 3/)),
  row('quote of a few letters', cites('It ends in src/price.js:5.', 'src/price.js:5 | }'), falls(/./)),
  row('quote that stands on many lines', cites('Discounts are checked in src/price.js:10.', 'src/price.js:10 | }'), falls(/./)),
  row(
    'quote changed in one sign',
    cites('It adds up in src/price.js:3.', 'src/price.js:3 |   for (const item of items) sum -= item.price * item.count;'),
    falls(/nowhere/),
  ),
  row('quote with another case', cites('It adds up in src/price.js:3.', `src/price.js:3 | ${line(3).toUpperCase()}`), falls(/nowhere/)),
  row('line beyond the end', 'See `total` in src/price.js:999.', falls(/has \d+ lines/)),
  row('range backwards', 'See `total` in src/price.js:9-3.', falls(/no lines/)),
  row('file that is not there', 'See `total` in src/cost.js:3.', falls(/no such/)),
  row(
    'nothing cited',
    'It is summed up somewhere.',
    ({ report }) => !/hold/.test(report.summary) && report.warnings.some((one) => /cites nothing/.test(one)) && report.summary,
  ),
  row(
    'a quote that no sentence cites, and a wrong one',
    cites('It adds up.', `src/price.js:3 | ${line(3)}`, `src/price.js:9 | ${line(3)}`),
    ({ report }) => !/all hold/.test(report.summary) && report.summary,
  ),
  row(
    'quoted twice, the second a lie',
    cites('It adds up in src/price.js:3.', `src/price.js:3 | ${line(3)}`, 'src/price.js:3 | sum = 0'),
    falls(/nowhere|stands/),
  ),
  row(
    'quoted twice, the first a lie',
    cites('It adds up in src/price.js:3.', 'src/price.js:3 | sum = 0', `src/price.js:3 | ${line(3)}`),
    falls(/nowhere|stands/),
  ),
  row('the summary says that it was checked', cites('src/price.js:2 [holds] The total begins in src/price.js:2.'), falls(/./)),
  row('sources in the middle, lies below', `Sources\nsrc/price.js:3 | ${line(3)}\n\nThe discount begins in src/price.js:4.`, falls(/./)),
  row('place in a table', '| what | where |\n|---|---|\n| `discount` | src/price.js:3 |', falls(/stands at line/)),
  row('place as a link with other text', 'See [the sum](src/price.js#L900).', falls(/has \d+ lines/)),
  row('absolute place', 'See `total` in /etc/passwd:1.', falls(/./)),
  row('lines said in words', '`discount` is on line 3 of src/price.js.', falls(/./)),
  row('lines said with a colon and a column', '`discount` is at src/price.js:3:5.', falls(/stands at line/)),
  row('lines said in parentheses', '`discount` is in src/price.js (L3).', falls(/stands at line/)),
  row('several lines of a file', '`discount` is in src/price.js:7, 99 and 120.', falls(/./)),
];
