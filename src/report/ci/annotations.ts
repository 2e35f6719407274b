import type { Report } from '../../schema/report.ts';
import { type Remark, remarksOf } from './remarks.ts';
import { fingerprint } from './sarif.ts';

/** GitHub shows ten errors, ten warnings and ten notices of a step. */
const mostOfALevel = 10;
const commands = { error: 'error', warning: 'warning', note: 'notice' } as const;

/** What a report says of lines as workflow commands of GitHub Actions. No text can begin a command of its own: it is one line each. */
export function annotationsOf(report: Partial<Report>): string {
  const shown = new Map<Remark['level'], number>();
  const lines = remarksOf(report).flatMap(({ level, path, startLine, endLine, title, text }) => {
    const count = (shown.get(level) ?? 0) + 1;
    shown.set(level, count);
    if (count > mostOfALevel) return [];
    const where = [`file=${property(path)}`, `line=${startLine}`, `endLine=${endLine}`, `title=${property(title)}`].join(',');
    return [`::${commands[level]} ${where}::${data(text)}\n`];
  });
  return lines.join('');
}

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

const grades = { error: 'major', warning: 'minor', note: 'info' } as const;

/** The same as a Code Quality report of GitLab, which shows it at the lines of a merge request. */
export function qualityOf(report: Partial<Report>) {
  return remarksOf(report).map((remark) => ({
    description: `${remark.title}: ${remark.text}`,
    check_name: remark.rule,
    fingerprint: fingerprint(remark),
    severity: remark.rule === 'critical' ? 'critical' : grades[remark.level],
    location: { path: remark.path, lines: { begin: remark.startLine, end: remark.endLine } },
  }));
}
