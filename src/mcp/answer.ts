import type { Running } from '../jobs/run.ts';
import { answerBytes, type Fit, fitReport, jsonBytes } from '../report/fit.ts';
import { toMarkdown } from '../report/markdown.ts';
import type { Report } from '../schema/report.ts';
import type { ToolContext, ToolResult } from './tool.ts';

/** Seconds that a call may take before it answers with the job instead: opencode and Claude Desktop cut at 60. */
export const waitSeconds = 45;

export type Shape = { readonly max_chars?: number | undefined; readonly offset?: number | undefined };

/** Waits for a job within the limit: its report, or where it stands and how to wait on. */
export async function awaitJob(running: Running, context: ToolContext, shape: Shape, seconds = waitSeconds): Promise<ToolResult> {
  const unfollow = running.follow(context.tell);
  const { promise: waited, cancel } = delay(seconds * 1000);
  try {
    const report = await Promise.race([running.done, waited, aborted(context.signal)]);
    if (!report) return pending(running.id, running.latest());
    await context.world.jobs.fetched(running.id);
    return reportResult(report, shape);
  } finally {
    cancel();
    unfollow();
  }
}

function delay(ms: number): { promise: Promise<undefined>; cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  return { promise, cancel: () => clearTimeout(timer) };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

export function pending(job: string, message: string): ToolResult {
  const next = `Call get_job with job "${job}" to wait on (it waits up to ${waitSeconds} s), or with cancel true to stop it.`;
  return {
    structured: { status: 'running', job, summary: message, next: [next] },
    text: `Still running: ${message}\nJob \`${job}\`. ${next}`,
  };
}

/** A report in both forms, each within `max_chars` (bytes, 9,000 by default). */
export function reportResult(report: Report, shape: Shape): ToolResult {
  const fit: Fit = { maxBytes: shape.max_chars ?? answerBytes, offset: shape.offset ?? 0 };
  const structured = fitReport(report, fit, jsonBytes);
  const text = toMarkdown(fitReport(report, fit, (one) => Buffer.byteLength(toMarkdown(one))));
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
