import { createColors } from 'picocolors';
import { neutralise } from '../../safety/text.ts';
import type { Cause } from '../../schema/cause.ts';
import type { Evaluation } from '../../schema/evaluation.ts';
import { Report } from '../../schema/report.ts';
import type { Failure } from '../../schema/run.ts';
import { dataLines, plotText, variantTable, whyLines } from '../evaluation.ts';
import { spent, usd } from '../markdown.ts';
import { explain } from '../parts.ts';
import { wentWell } from '../tone.ts';
import { paintDiff } from './diff.ts';
import { drawTable, tableOrList } from './table.ts';
import { wrap } from './wrap.ts';

export type Screen = {
  /** Columns of the terminal; nothing but code and addresses is wider. */
  readonly width: number;
  readonly colour: boolean;
};

type Paint = ReturnType<typeof createColors>;

const mostGroups = 5;
const mostWarnings = 3;
const mostValues = 3;
const mostLines = 60;

/** A report as people read it on a terminal: what fails, why, the change, what the tests said, what it cost, what to do. `toMarkdown` has the rest. */
export function toScreen(given: Report, { width, colour }: Screen): string {
  const report = harmless(given);
  const paint = createColors(colour);
  const room = Math.max(Math.min(width, 110), 40);
  const tone = wentWell(report) ? paint.green : report.status === 'needs_key' ? paint.yellow : paint.red;
  const parts = [
    wrap(`${paint.bold(tone(report.status.replaceAll('_', ' ')))}  ${withoutStatus(report)}`, room),
    ...report.warnings.slice(0, mostWarnings).map((line) => wrap(paint.yellow(`! ${line}`), room, '  ')),
    report.failing && failing(report.failing, paint, room),
    groups(report, paint, room),
    chain(report, paint),
    ...(report.cause ? shown(report.cause, paint, room) : []),
    ...(report.evaluation ? evaluated(report.evaluation, paint, room) : []),
    report.rootCause && block('Root cause', wrap(flow(explain(report.rootCause)), room - 2), paint),
    report.answer && block('Answer', wrap(report.answer, room - 2), paint),
    report.patch &&
      block(
        report.verb === 'cause' ? 'Undo (takes back your change, repairs nothing)' : 'Patch',
        paintDiff(report.patch.diff, paint, mostLines),
        paint,
      ),
    ...(report.patch?.flags ?? []).map((one) => wrap(paint.yellow(`! ${one.flag}: ${one.message} (${one.path})`), room, '  ')),
    proof(report, paint, room),
    money(report, paint, room),
    report.next.length > 0 && block('Next', report.next.map((line) => wrap(line, room - 4, '  ')).join('\n'), paint),
  ];
  return `${parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n')}\n`;
}

/** The summary often begins with the status, which stands before it already. */
function withoutStatus({ status, summary }: Report): string {
  return summary.startsWith(status) ? summary.slice(status.length).replace(/^:? */, '') : summary;
}

function block(title: string, body: string, paint: Paint): string {
  return `${paint.bold(title)}\n${indent(body)}`;
}

function failing({ name, file, line, kind, message, expected, actual }: Failure, paint: Paint, room: number): string {
  const where = file ? paint.dim(`${file}${line ? `:${line}` : ''}`) : '';
  const values =
    expected === undefined
      ? message.split('\n').slice(0, 8).join('\n')
      : `${paint.green(`expected  ${short(expected, room)}`)}\n${paint.red(`actual    ${short(actual ?? '', room)}`)}`;
  return block('Failing test', `${wrap(name, room - 2)}\n${where}${where && '  '}${paint.dim(kind)}\n${values}`, paint);
}

function groups({ groups: all = [] }: Report, paint: Paint, room: number): string {
  if (all.length < 2) return '';
  const lines = all
    .slice(0, mostGroups)
    .map(({ count, cause }) => `${String(count).padStart(4)} × ${short(cause.replace(/\s+/g, ' '), room - 10)}`);
  const more = all.length > mostGroups ? [paint.dim(`     and ${all.length - mostGroups} more causes`)] : [];
  return block(`${all.length} causes`, [...lines, ...more].join('\n'), paint);
}

/** Why it is red, as running it has shown: values first, then the part of the change. */
function shown({ values, blame, since }: Cause, paint: Paint, room: number): string[] {
  const lines = (values?.divergences ?? []).slice(0, mostValues).map(({ path, line, call, gave, instead, others = [], why }) => {
    const good = instead === undefined ? [] : [`good run: ${paint.green(short(instead, room - 16))}`];
    const beside = [
      ...good,
      ...others.map((one) => wrap(one, room - 4, '  ')),
      ...wrap(why, room - 4)
        .split('\n')
        .map(paint.dim),
    ];
    return `${paint.dim(`${path}:${line}`)}\n${wrap(call, room - 2, '  ')}\n  gave ${paint.red(short(gave, room - 9))}\n${indent(beside.join('\n'))}`;
  });
  const hunks = blame?.hunks.map(
    ({ path, line, name, added, removed }) => `${path}:${line}${name ? `  ${name}` : ''}  +${added} −${removed}`,
  );
  const commit = since?.commit && `${since.commit.sha.slice(0, 10)} ${short(since.commit.subject, room - 14)}`;
  return [
    lines.length > 0 ? block('Values', lines.join('\n'), paint) : '',
    blame && hunks ? block('Which part of the change', `${hunks.join('\n')}\n${wrap(blame.why, room - 2)}`, paint) : '',
    commit ? block('First bad commit', commit, paint) : '',
  ];
}

function evaluated(evaluation: Evaluation, paint: Paint, room: number): string[] {
  const { head, rows } = variantTable(evaluation);
  const { failures, out } = whyLines(evaluation);
  const list = (lines: readonly string[]) => lines.map((line) => short(line, room - 2)).join('\n');
  return [
    block(
      'Past bugs',
      dataLines(evaluation)
        .map((line) => wrap(line, room - 2))
        .join('\n'),
      paint,
    ),
    rows.length > 0 ? block('Variants', drawTable(head, rows), paint) : '',
    plotText(evaluation) && block('Solved', plotText(evaluation), paint),
    failures.length > 0 ? block('Not solved', list(failures), paint) : '',
    out.length > 0 ? block('No past bug', paint.dim(list(out)), paint) : '',
  ];
}

/** From the assertion over the frames to the line that is at fault. */
function chain({ failing: test, rootCause, patch }: Report, paint: Paint): string {
  if (!test || !rootCause?.file) return '';
  const frames = test.frames.filter(({ file }) => file !== test.file).slice(0, 4);
  const steps = [
    `${test.file ?? ''}${test.line ? `:${test.line}` : ''}  the assertion`,
    ...frames.reverse().map(({ file, line, name }) => `${file}:${line}  ${name ?? ''}`),
    `${rootCause.file}${rootCause.startLine ? `:${rootCause.startLine}` : ''}  the cause${patch ? ', changed below' : ''}`,
  ];
  return block('From test to line', steps.map((step, at) => `${'  '.repeat(at)}${at > 0 ? '└ ' : ''}${step.trim()}`).join('\n'), paint);
}

function proof({ proof: shown }: Report, paint: Paint, room: number): string {
  if (!shown) return '';
  const { before, after, wide } = shown;
  const last = after.at(-1);
  const rows = [
    ...(before && last ? [['failing tests', counts(before), counts(last)]] : []),
    ...(wide ? [[wide.scope, counts(wide.before), counts(wide.after)]] : []),
  ];
  const broken = [...(wide?.newFailures ?? []), ...(wide?.missing ?? [])].slice(0, 5).map((id) => paint.red(`broken or gone: ${id}`));
  const open = [
    ...(wide ? [] : ['whether anything else broke']),
    ...(shown.sandbox === 'none' ? ['what the tests did besides (no sandbox)'] : []),
  ];
  const table = rows.length > 0 ? [tableOrList(['', 'before', 'after'], rows, room - 2)] : [];
  return block(
    'Proof',
    [...table, ...broken, ...open.map((line) => wrap(paint.yellow(`not checked: ${line}`), room - 2, '  '))].join('\n'),
    paint,
  );
}

const counts = ({ passed, failed, skipped }: { passed: number; failed: number; skipped: number }) =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** What it cost, or would cost. */
function money({ attempts = [], estimate, costUsd, job }: Report, paint: Paint, room: number): string {
  const offered = estimate && `would cost ${usd(estimate.usd.low)} to ${usd(estimate.usd.high)} with ${estimate.variant}`;
  const line = [spent({ attempts, costUsd }) ?? offered, job && `job ${job}`].filter(Boolean).join(' · ');
  return line && wrap(line, room, '  ').split('\n').map(paint.dim).join('\n');
}

/** Lines of one paragraph as one: where a model broke its lines is not where this terminal ends. Lists and code stay. */
function flow(text: string): string {
  return text.replace(/(?<=\S)\n(?=[^\s#>*+|`-]|\*\*)(?!\d+[.)])/g, ' ');
}

function short(text: string, most: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > most ? `${line.slice(0, most - 1)}…` : line;
}

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ');

/** Nothing of a repository or a model steers the terminal. */
function harmless(report: Report): Report {
  return Report.parse(
    JSON.parse(JSON.stringify(report), (_key, value: unknown) => (typeof value === 'string' ? neutralise(value) : value)),
  );
}
