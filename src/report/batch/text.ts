import { disarmPage, neutralise } from '../../safety/text.ts';
import type { Batch, CauseResult, RowResult } from '../../schema/batch.ts';
import { unknown } from '../../schema/model.ts';
import { paid } from '../markdown.ts';
import { fence, section } from '../parts.ts';

const mostRows = 500;
const settled: ReadonlySet<string> = new Set(['green', 'verified', 'nothing_to_fix']);

/** Whether a row needs nobody any more. */
export function wentWell({ status }: Pick<RowResult, 'status'>): boolean {
  return settled.has(status);
}

/** A batch as Markdown: every row, then every root cause with its patches. */
export function batchText(batch: Batch): string {
  const { rows, causes } = batch;
  const shown = rows.slice(0, mostRows);
  const table = [
    '| line | row | status | class | causes | |',
    '|---|---|---|---|---|---|',
    ...shown.map(
      (row) =>
        `| ${[row.line, row.name, row.status, row.class ?? '', row.causes.map(short).join(' '), row.summary].map(cell).join(' | ')} |`,
    ),
    ...(rows.length > shown.length ? [`\n${rows.length - shown.length} more rows are in the JSON.`] : []),
  ];
  const parts = [
    `# batch: ${batch.status}`,
    `${batch.summary} ${money(batch)}`,
    section('Rows', table),
    ...causes.map(causeText),
    batch.warnings.length > 0 &&
      section(
        'Warnings',
        batch.warnings.map((one) => `- ${one}`),
      ),
  ];
  return disarmPage(`${parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n')}\n`);
}

export function money({ costUsd, unpaid }: Pick<Batch, 'costUsd' | 'unpaid'>): string {
  return costUsd === unknown ? 'What it cost is not fully known.' : `${paid({ costUsd, unpaid })}.`;
}

export const short = (fingerprint: string) => fingerprint.slice(0, 8);

/** Lines as people write them: 1-3, 7. */
export function lineRanges(lines: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && line <= last[1] + 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}

function causeText(one: CauseResult): string {
  const seen = one.known ? `known since ${one.known.slice(0, 10)}` : 'new';
  return section(`Cause ${short(one.fingerprint)}: ${one.status}`, [
    neutralise(one.cause),
    '',
    `- ${one.class} (${one.why}), ${seen}`,
    `- lines ${lineRanges(one.rows)}${one.proven.length > 0 ? `; verified on ${lineRanges(one.proven)}` : ''}`,
    `- ${one.summary}`,
    ...(one.opened ?? []).map((url) => `- ${url}`),
    ...(one.notOpened ?? []).map((why) => `- no request was opened: ${why}`),
    ...one.patches.map((patch) => `\nPatch from ${patch.from}, verified on lines ${lineRanges(patch.rows)}:\n${fence('diff', patch.diff)}`),
  ]);
}

function cell(value: string | number): string {
  return neutralise(String(value)).replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 240);
}
