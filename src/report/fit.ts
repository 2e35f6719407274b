import { Report } from '../schema/report.ts';
import { lists, nameCuts, pageOf, shorten } from './lists.ts';

/** UTF-8 bytes of what a client shows the model: Codex keeps about 12 kB of a result. */
export const answerBytes = 9_000;

export type Fit = { readonly maxBytes: number; readonly offset: number };

/**
 * The report cut to size for an answer: the same shape, nothing half. Lists lose their tails first, then long texts. What is cut is named
 * in the last warning, with the `offset` that goes on: it skips that many items of every list and leaves out what the first answer said.
 * `measure` gives the bytes of the form it will be shown in.
 */
export function fitReport(report: Report, { maxBytes, offset }: Fit, measure: (report: Report) => number): Report {
  if (offset === 0 && lists.every((one) => one.length(report) <= mostMeasured) && measure(report) <= maxBytes) return report;
  const whole = inOrder(report);
  const steps = offset > 0 ? bluntCuts : [...cuts, ...bluntCuts];
  let current = shorten(offset > 0 ? pageOf(whole, offset) : whole, mostMeasured);
  let shown = nameCuts(current, whole, { offset, clipped: false });
  for (const cut of steps) {
    if (measure(shown) <= maxBytes) break;
    current = cut(current);
    shown = nameCuts(current, whole, { offset, clipped: true });
  }
  return shown;
}

/** Thousands of items are not even measured: no answer holds more than these. */
const mostMeasured = 400;

/** What matters most comes first where lists are cut: what does not hold, the newest attempt. */
function inOrder(report: Report): Report {
  const citations = report.citations && [...report.citations].sort((a, b) => Number(a.holds) - Number(b.holds));
  return { ...report, ...(citations && { citations }), ...(report.attempts && { attempts: [...report.attempts].reverse() }) };
}

export function jsonBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

type Cut = (report: Report) => Report;

/** From what is missed least to what is missed most. */
const cuts: readonly Cut[] = [
  ...[200, 100, 60, 30].map(
    (most): Cut =>
      (report) =>
        shorten(report, most),
  ),
  (report) => cutManifest(report, 10),
  (report) => cutGroups(report, 12, 300),
  (report) => cutExcerpts(report, 6_000),
  (report) => cutTexts(report, 1_200),
  (report) => cutUses(report, 40, 6_000),
  (report) => cutCause(report, 3_000),
  (report) => cutGroups(report, 5, 160),
  (report) => cutSuspects(report, 6),
  (report) => cutExcerpts(report, 2_500),
  (report) => cutManifest(report, 4),
  (report) => cutDiff(report, 4_000),
  (report) => cutTexts(report, 400),
  (report) => cutUses(report, 15, 2_000),
  (report) => cutCause(report, 1_200),
  (report) => cutExcerpts(report, 600),
  (report) => cutAttempts(report, 2),
  (report) => cutGroups(report, 2, 80),
  (report) => cutDiff(report, 1_500),
  (report) => cutSuspects(report, 2),
  (report) => cutTexts(report, 160),
  (report) => cutUses(report, 4, 400),
];

function warn(report: Report, message: string): Report {
  return report.warnings.includes(message) ? report : { ...report, warnings: [...report.warnings, message] };
}

function cutGroups(report: Report, most: number, chars: number): Report {
  const groups = report.groups;
  if (!groups) return report;
  const kept = groups.slice(0, most).map((group) => ({
    ...group,
    cause: clip(group.cause, chars),
    ids: group.ids.slice(0, most),
    first: {
      ...group.first,
      message: clip(group.first.message, chars * 2),
      output: undefined,
      frames: group.first.frames.slice(0, 4),
      expected: group.first.expected && clip(group.first.expected, chars),
      actual: group.first.actual && clip(group.first.actual, chars),
    },
  }));
  return { ...report, groups: kept };
}

function cutManifest(report: Report, most: number): Report {
  if (!report.manifest) return report;
  const { entries, leftOut } = report.manifest;
  return { ...report, manifest: { ...report.manifest, entries: entries.slice(0, most), leftOut: leftOut.slice(0, 2) } };
}

function cutSuspects(report: Report, most: number): Report {
  return { ...report, suspects: report.suspects?.slice(0, most).map((one) => ({ ...one, evidence: one.evidence.slice(0, 3) })) };
}

function cutExcerpts(report: Report, chars: number): Report {
  if (!report.excerpts) return report;
  let left = chars;
  const excerpts = report.excerpts.flatMap((excerpt) => {
    if (left <= 0) return [];
    const text = clip(excerpt.text, left);
    left -= excerpt.text.length;
    return [{ ...excerpt, text }];
  });
  return { ...report, excerpts };
}

function cutAttempts(report: Report, most: number): Report {
  return { ...report, attempts: report.attempts?.slice(0, most).map((one) => ({ ...one, placeFailures: one.placeFailures.slice(0, 1) })) };
}

function cutUses(report: Report, most: number, chars: number): Report {
  const { answer, citations, findings, rejected } = report;
  return {
    ...report,
    answer: answer === undefined ? undefined : clip(answer, chars),
    citations: citations?.slice(0, most),
    findings: findings
      ?.slice(0, most)
      .map((one) => ({ ...one, why: clip(one.why, chars / 4), diff: one.diff && clip(one.diff, chars / 4) })),
    rejected: rejected?.slice(0, most).map(({ what, why }) => ({ what: clip(what, chars / 8), why: clip(why, chars / 8) })),
  };
}

function cutDiff(report: Report, chars: number): Report {
  if (!report.patch || report.patch.diff.length <= chars) return report;
  return warn(
    { ...report, patch: { ...report.patch, diff: clip(report.patch.diff, chars) } },
    'the diff is cut here; the whole patch is in the job',
  );
}

/** The undo is in the patch, whole. */
function cutCause(report: Report, chars: number): Report {
  const { cause } = report;
  if (!cause) return report;
  const { since, blame, values } = cause;
  const short = (undo: NonNullable<typeof blame>['undo']) =>
    undo && { ...undo, diff: clip(undo.diff, chars), breaks: undo.breaks?.slice(0, 5) };
  return {
    ...report,
    cause: {
      since: since?.commit ? { ...since, commit: { ...since.commit, diff: clip(since.commit.diff, chars) } } : since,
      blame: blame && { ...blame, undo: short(blame.undo), widest: short(blame.widest) },
      values: values && { ...values, divergences: values.divergences.slice(0, 5) },
    },
  };
}

function cutTexts(report: Report, chars: number): Report {
  const { failing, rootCause } = report;
  return {
    ...report,
    failing: failing && {
      ...failing,
      message: clip(failing.message, chars),
      output: failing.output && clip(failing.output, chars),
      expected: failing.expected && clip(failing.expected, chars),
      actual: failing.actual && clip(failing.actual, chars),
      frames: failing.frames.slice(0, 6),
    },
    rootCause: rootCause && { ...rootCause, why: clip(rootCause.why, chars * 3) },
    since: !report.since?.commit
      ? report.since
      : { ...report.since, commit: { ...report.since.commit, diff: clip(report.since.commit.diff, chars * 2) } },
    patch: report.patch && { ...report.patch, flags: report.patch.flags.slice(0, 8) },
  };
}

/** When nothing else helps: every list to `most` items, whatever it holds, and every text to `chars`. */
const bluntCuts: readonly Cut[] = [
  ...(
    [
      [40, 1_000],
      [20, 600],
      [12, 400],
      [8, 300],
      [5, 200],
      [3, 120],
      [2, 80],
      [1, 40],
    ] as const
  ).map(
    ([most, chars]): Cut =>
      (report) =>
        shorten(Report.parse(clipAll(report, most, chars)), most),
  ),
  ({ version, verb, status, root, job, summary }) => ({ version, verb, status, root, job, summary, warnings: [], next: [] }),
];

/** What programs compare or open stays whole. */
const compared = new Set(['root', 'job', 'sha256', 'bundle', 'tree', 'contextFile', 'id']);

function clipAll(value: unknown, most: number, chars: number, key = ''): unknown {
  if (typeof value === 'string') return compared.has(key) || value.length < chars + 40 ? value : clip(value, chars);
  if (Array.isArray(value)) return value.slice(0, Math.max(most, 3)).map((one) => clipAll(one, most, chars, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, clipAll(inner, most, chars, name)]));
}

/** Cuts on a line end where one is near and says how much is gone. */
export function clip(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const end = text.lastIndexOf('\n', chars);
  const kept = text.slice(0, end > chars / 2 ? end : chars);
  return `${kept}\n[… ${text.length - kept.length} more characters]`;
}
