import type { Report, Status } from '../schema/report.ts';

/** What went well, for every door. */
export const good: ReadonlySet<Status> = new Set([
  'green',
  'verified',
  'nothing_to_fix',
  'applied',
  'written',
  'answered',
  'packed',
  'shown',
  'diagnosed',
  'measured',
  'evaluated',
]);

/** Whether a report is shown in the colour of what went well. */
export function wentWell({ status }: Pick<Report, 'status'>): boolean {
  return good.has(status);
}
