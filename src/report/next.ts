import type { Report, Status } from '../schema/report.ts';

/** How a door words its next steps: a whole command at the CLI, a tool call at MCP. */
export type Door = { readonly apply: (job: string) => string; readonly fix: string };

const applicable: ReadonlySet<Status> = new Set(['verified', 'written']);
const takesBack = 'puts the undo into your files: it takes back your change, it does not repair it';

/** The report with the steps that lead on from it, in the words of the door through which it goes. */
export function withNext(report: Report, door: Door): Report {
  const { job, patch, status, verb, failing } = report;
  const applies = job !== undefined && patch !== undefined;
  if (verb === 'cause' && failing !== undefined) {
    const steps = [
      ...(applies && status === 'shown' ? [`${door.apply(job)} ${takesBack}`] : []),
      `${door.fix} asks GLM for a repair and proves it`,
    ];
    return { ...report, next: [...steps, ...report.next] };
  }
  return applies && applicable.has(status) ? { ...report, next: [...report.next, `${door.apply(job)} puts it into your files`] } : report;
}
