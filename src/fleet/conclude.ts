import type { Batch, RowResult } from '../schema/batch.ts';
import { unknown } from '../schema/model.ts';
import type { BatchRequest, Came, Found, Mended } from './types.ts';

/** Rows and causes as one whole. */
export function conclude(
  { id, list, onlyFind }: BatchRequest,
  found: readonly Found[],
  causes: readonly Mended[],
  durationMs: number,
): Batch {
  const rows = [...list.bad, ...found.map((row) => rowOf(row, causes, onlyFind))].sort((a, b) => a.line - b.line);
  const results = causes.map(({ result }) => result);
  const requests = results.reduce((sum, one) => sum + one.requests, 0);
  const costs = results.map(({ costUsd }) => costUsd);
  const costUsd = costs.reduce((sum, one) => (sum === unknown || one === unknown ? unknown : sum + one), 0);
  return {
    version: 1,
    batch: id,
    status: 'done',
    summary: summarize(rows, results.length, results.filter(({ known }) => known).length, requests),
    rows,
    causes: results,
    costUsd,
    ...(requests > 0 && results.every((one) => one.unpaid || one.requests === 0) && { unpaid: true }),
    requests,
    durationMs,
    warnings: [],
  };
}

function summarize(rows: readonly RowResult[], causes: number, known: number, requests: number): string {
  const counts = new Map<string, number>();
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  const said = [...counts].sort((a, b) => b[1] - a[1]).map(([status, count]) => `${count} ${status}`);
  const of = causes === 1 ? '1 root cause' : `${causes} root causes`;
  const seen = known > 0 ? ` (${known} known from earlier)` : '';
  return `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}: ${said.join(', ')}. ${of}${seen}, ${requests} ${requests === 1 ? 'request' : 'requests'}.`;
}

/** How a row ends: as its causes do, the one that went worst first; without a cause as the look at it did. */
export function rowOf(row: Found, causes: readonly Mended[], onlyFind = false): RowResult {
  const base = { line: row.line, name: row.name };
  if (!('looked' in row)) {
    const status = row.ended?.state === 'cancelled' ? 'cancelled' : 'failed';
    return { ...base, status, summary: row.ended?.error?.message ?? 'It is unknown to the queue.', causes: [], warnings: [] };
  }
  const { looked } = row;
  const own = causes.filter(({ result }) => result.rows.includes(row.line));
  const order = looked.members.map(({ fingerprint }) => fingerprint);
  own.sort((a, b) => order.indexOf(a.result.fingerprint) - order.indexOf(b.result.fingerprint));
  const ended = own.map(
    ({ came, result }) => came.get(row.line) ?? { status: result.status, summary: onlyFind ? looked.summary : result.summary },
  );
  const { status, summary, job } = endingOf(ended) ?? looked;
  const classed = looked.members[0]?.class ?? looked.class;
  return {
    ...base,
    status,
    summary,
    ...(classed && { class: classed }),
    causes: own.map(({ result }) => result.fingerprint),
    ...(looked.commit && { commit: looked.commit }),
    ...((job ?? looked.job) && { job: job ?? looked.job }),
    durationMs: looked.durationMs,
    warnings: looked.warnings,
  };
}

function endingOf(ended: readonly Came[]): Came | undefined {
  const [first] = ended;
  if (!first || ended.every(({ status }) => status === 'verified')) return first;
  const open = ended.find(({ status }) => status !== 'verified') ?? first;
  const done = ended.filter(({ status }) => status === 'verified').length;
  if (done === 0) return open;
  return { ...open, status: 'improves', summary: `${done} of its ${ended.length} causes are mended; of another: ${open.summary}` };
}
