import type { Evaluation, Standing } from '../schema/evaluation.ts';
import { type Amount, unknown } from '../schema/model.ts';
import { fence, section } from './parts.ts';

/** A table: heads, then rows. */
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** The same for Markdown. */
export function evaluationSections(evaluation: Evaluation): string[] {
  const { head, rows } = variantTable(evaluation);
  const { failures, out } = whyLines(evaluation);
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  const list = (lines: readonly string[]) => lines.map((line) => `- ${line.replace(/\s+/g, ' ')}`);
  const bugs = evaluation.bugs.map(({ id, subject, tests, runner, inFive, lines, tokens }) =>
    row([id, subject, runner, String(tests), percent(inFive), percent(lines), String(tokens)]),
  );
  const plot = plotText(evaluation);
  return [
    section('Past bugs', dataLines(evaluation)),
    rows.length === 0 ? '' : section('Variants', [row(head), row(head.map(() => '---')), ...rows.map(row)]),
    plot === '' ? '' : section('Solved', [fence('', plot)]),
    section('Not solved', list(failures)),
    bugs.length === 0
      ? ''
      : section('Bugs', [
          row(['bug', 'fix', 'runner', 'tests', 'files in 5', 'lines packed', 'tokens']),
          row(Array(7).fill('---')),
          ...bugs,
        ]),
    section('No past bug', list(out)),
  ];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
const percent = (share: number) => `${Math.round(share * 100)} %`;

/** What the data set is and how well packs show the known fixes, a sentence each. */
export function dataLines({ looked, candidates, tried, bugs }: Evaluation): string[] {
  const known = `${bugs.length} past bugs (red without their fix and green with it, each twice), of ${tried} tried, ${candidates} candidates and ${looked} changes.`;
  if (bugs.length === 0) return [known];
  return [
    known,
    `The pack shows ${percent(mean(bugs.map(({ lines }) => lines)))} of the lines that the fixes change, in ${Math.round(mean(bugs.map(({ tokens }) => tokens)))} tokens on average; ${percent(mean(bugs.map(({ inFive }) => inFive)))} of their files are among the first five suspects.`,
  ];
}

const words: Readonly<Record<Standing['standing'], string>> = {
  meets: 'meets the bar',
  cannot: 'cannot meet it',
  undecided: 'undecided',
  not_tried: 'not tried',
  no_price: 'price unknown',
};

/** How the variants did, the cheapest first; before a run, what it would cost. */
export function variantTable({ variants, bar }: Evaluation): Table {
  const ran = variants.some(({ tried }) => tried > 0);
  if (!ran)
    return {
      head: ['variant', 'a full run, likely', 'at most'],
      rows: variants.map(({ variant, likelyUsd, highUsd }) => [variant, usd(likelyUsd), usd(highUsd)]),
    };
  return {
    head: [
      'variant',
      `bar ${percent(bar)}`,
      'solved',
      'of all bugs (90 %)',
      'strong proofs',
      'tokens in/out',
      'cost',
      'per solved',
      's per bug',
      'full run',
    ],
    rows: variants.map((one) => [
      one.variant,
      words[one.standing],
      `${one.solved} of ${one.tried}`,
      one.tried === 0 ? '' : `${percent(one.low)} to ${percent(one.high)}`,
      String(one.strong),
      one.tried === 0 ? '' : `${one.tokensIn} / ${one.tokensOut}`,
      one.tried === 0 ? '' : usd(one.costUsd),
      one.solved === 0 || one.costUsd === unknown ? '' : usd(one.costUsd / one.solved),
      one.tried === 0 ? '' : (one.seconds / one.tried).toFixed(0),
      usd(one.likelyUsd),
    ]),
  };
}

/** Why bugs were not solved, and why candidates are no bugs. */
export function whyLines({ variants, fellOut }: Evaluation): { readonly failures: string[]; readonly out: string[] } {
  return {
    failures: variants.flatMap(({ variant, failures }) =>
      failures.map(({ why, count, example }) => `${variant}: ${count} × ${why} (${example})`),
    ),
    out: fellOut.map(({ why, count, example }) => `${count} × ${why} (${example})`),
  };
}

/** One line per variant: solved of all bugs, the interval, and the bar. */
export function plotText({ variants, bar }: Evaluation, width = 40): string {
  const shown = variants.filter(({ tried }) => tried > 0);
  if (shown.length === 0) return '';
  const name = Math.max(...shown.map(({ variant }) => variant.length));
  const at = (share: number) => Math.min(width - 1, Math.floor(share * width));
  const rows = shown.map(({ variant, low, high, solved, tried }) => {
    const cells = Array.from({ length: width }, (_, cell): string => (cell >= at(low) && cell <= at(high) ? '─' : ' '));
    cells[at(bar)] = '│';
    cells[at(solved / tried)] = '●';
    return `${variant.padEnd(name)} ${cells.join('')} ${percent(solved / tried)}`;
  });
  return [...rows, `${''.padEnd(name)} ${`0 %${' '.repeat(width - 8)}100 %`}  │ bar ${percent(bar)}`].join('\n');
}

function usd(amount: Amount): string {
  return amount === unknown ? 'unknown' : `$${amount < 0.01 ? amount.toFixed(4) : amount.toFixed(2)}`;
}
