import type { Report } from '../../schema/report.ts';
import { version } from '../../version.ts';
import { wentWell } from '../tone.ts';
import { frame } from './frame.ts';
import { sectionsOf } from './sections.ts';

/** A report as one file. */
export function toHtml(report: Report): string {
  const { verb, status, summary, root, job } = report;
  return frame({
    title: `${verb}: ${status}`,
    status: status.replaceAll('_', ' '),
    tone: wentWell(report) ? 'good' : status === 'needs_key' ? 'warn' : 'bad',
    what: verb,
    lead: summary,
    sections: sectionsOf(report),
    footer: `${root}${job ? ` · job ${job}` : ''} · glm-skill ${version}`,
  });
}
