import type { Report, Status } from '../schema/report.ts';

const applicable: ReadonlySet<Status> = new Set(['verified', 'written']);

/** The report with the step that puts its patch into the files, in the words of the door through which it goes: a command or a tool call. */
export function withApply(report: Report, words: (job: string) => string): Report {
  const { job, patch, status } = report;
  return job && patch && applicable.has(status) ? { ...report, next: [...report.next, words(job)] } : report;
}
