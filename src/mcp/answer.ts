import type { Running } from '../jobs/work.ts';
import { toBrief, toStructured } from '../report/brief.ts';
import { answerBytes, type Fit, fitReport, jsonBytes } from '../report/fit.ts';
import { toMarkdown } from '../report/markdown.ts';
import { type Door, withNext } from '../report/next.ts';
import type { Job } from '../schema/job.ts';
import { isAsked, type Report } from '../schema/report.ts';
import { onceSent } from './delivery.ts';
import type { ToolContext, ToolResult } from './tool.ts';

/** Seconds that a call may take before it answers with the job instead: opencode and Claude Desktop cut at 60. */
export const waitSeconds = 45;

export type Shape = { readonly max_chars?: number | undefined; readonly offset?: number | undefined; readonly whole?: boolean | undefined };

/** Waits for a job until that time (`performance.now()`). Undefined: it still runs, or the call was cancelled. */
export async function waitFor(
  running: Running,
  { tell, signal, draining, wiring }: ToolContext,
  until: number,
): Promise<Report | undefined> {
  const unfollow = running.follow(tell);
  const { promise: waited, cancel } = delay(until - performance.now());
  const [cancelled, drained] = [aborted(signal), aborted(draining)];
  try {
    const report = await Promise.race([running.done, waited, cancelled.promise, drained.promise]);
    if (report) onceSent((perhaps) => wiring.jobs.fetched(running.id, perhaps && isAsked(report)));
    return report;
  } finally {
    cancel();
    cancelled.forget();
    drained.forget();
    unfollow();
  }
}

/** What a call answers: the report, or where the job stands and how to wait on. */
export function show({ id, root, latest }: Running, report: Report | undefined, shape: Shape, { draining }: ToolContext): ToolResult {
  return report ? reportResult(report, shape) : pending({ id, root, message: latest() }, draining.aborted);
}

function delay(ms: number): { promise: Promise<undefined>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

/** A signal outlives the calls that wait for it: each takes its listener back. */
function aborted(signal: AbortSignal): { promise: Promise<undefined>; forget: () => void } {
  let forget = () => {};
  const promise = new Promise<undefined>((resolve) => {
    const tell = () => resolve(undefined);
    if (signal.aborted) tell();
    signal.addEventListener('abort', tell, { once: true });
    forget = () => signal.removeEventListener('abort', tell);
  });
  return { promise, forget };
}

export function pending({ id, root, message }: Pick<Job, 'id' | 'root' | 'message'>, draining: boolean): ToolResult {
  const later = draining ? 'The server is going down; what was paid for is kept. When it is up again: ' : '';
  const next = `${later}Call get_job with job "${id}" to wait on (it waits up to ${waitSeconds} s), or with cancel true to stop it.`;
  return {
    structured: { status: 'running', job: id, root, summary: message, next: [next] },
    text: `Still running: ${message}\nJob \`${id}\` · root \`${root}\`. ${next}`,
  };
}

const door: Door = { apply: (job) => `apply_patch with job "${job}"`, fix: 'fix_failing_test' };

/** A report in both forms, each within `max_chars` (bytes, 9,000 by default): what a model works with, or all of it where `whole` asks. */
export function reportResult(given: Report, shape: Shape): ToolResult {
  const fit: Fit = { maxBytes: shape.max_chars ?? answerBytes, offset: shape.offset ?? 0 };
  const told = withNext(given, door);
  const report = shape.whole || fit.offset > 0 ? told : toBrief(told);
  const structured = toStructured(fitReport(report, fit, (one) => jsonBytes(toStructured(one))));
  const text = toMarkdown(
    fitReport(report, fit, (one) => Buffer.byteLength(toMarkdown(one, 'model'))),
    'model',
  );
  const job = report.job;
  const link = (name: string, mimeType: string) => ({ uri: `glm-skill://jobs/${job}/${name}`, name, mimeType });
  const links = job
    ? [
        link('report', 'text/markdown'),
        ...(report.patch ? [link('patch', 'text/x-diff')] : []),
        ...(report.manifest ? [link('manifest', 'application/json')] : []),
      ]
    : [];
  return { structured, text, links };
}
