import { bySeverity, type Finding, type Report } from '../../schema/report.ts';
import { explain } from '../parts.ts';

/** What a report has to say of a place in a file, most important first: what CI shows at the lines. */
export type Remark = {
  readonly rule: 'root-cause' | 'failing-test' | Finding['severity'];
  readonly level: 'error' | 'warning' | 'note';
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly title: string;
  readonly text: string;
};

const levels = { critical: 'error', major: 'error', minor: 'warning', note: 'note' } as const;
/** Of a thousand failures the first of each cause are shown. */
const mostFailures = 20;
const mostText = 1_500;

/** Root cause, failing tests and findings, each with its place and its level, as SARIF, annotations and code quality show them. What has no place is left to the report itself. */
export function remarksOf(report: Partial<Report>): Remark[] {
  return [...causes(report), ...failures(report), ...findings(report)];
}

function causes({ rootCause, cause, status }: Partial<Report>): Remark[] {
  const proven = status === 'verified' ? ' A patch that makes the tests green is in the report.' : '';
  const [first] = cause?.values?.divergences ?? [];
  if (rootCause?.file && rootCause.startLine !== undefined) {
    const { file, startLine, endLine } = rootCause;
    const text = clip(`${explain(rootCause)}${proven}`);
    return [{ rule: 'root-cause', level: 'error', path: file, startLine, endLine: endLine ?? startLine, title: 'Root cause', text }];
  }
  if (!first) return [];
  const text = clip(`${first.name} gave ${first.gave}${first.instead === undefined ? '' : ` instead of ${first.instead}`}.`);
  return [
    { rule: 'root-cause', level: 'warning', path: first.path, startLine: first.line, endLine: first.line, title: 'Values part here', text },
  ];
}

function failures({ failing, groups = [], verb }: Partial<Report>): Remark[] {
  if (verb === 'review') return [];
  const first = groups.map((group) => group.first);
  const all = failing ? [failing, ...first.filter(({ name, file }) => name !== failing.name || file !== failing.file)] : first;
  return all.slice(0, mostFailures).flatMap(({ file, line, name, message, expected, actual }) => {
    if (!file) return [];
    const values = expected !== undefined && actual !== undefined ? `expected ${expected}, actual ${actual}\n` : '';
    const text = clip(`${values}${message}`);
    return [
      {
        rule: 'failing-test' as const,
        level: 'error' as const,
        path: file,
        startLine: line ?? 1,
        endLine: line ?? 1,
        title: `${name} fails`,
        text,
      },
    ];
  });
}

function findings({ findings: found = [] }: Partial<Report>): Remark[] {
  const sorted = [...found].sort(bySeverity);
  return sorted.map(({ severity, path, startLine, endLine, side, why, edit }) => {
    const old = side ? `Removed ${startLine === endLine ? `line ${startLine}` : `lines ${startLine}-${endLine}`}: ` : '';
    // A removed line is nowhere in the file that is looked at.
    const place = side ? { startLine: 1, endLine: 1 } : { startLine, endLine };
    const text = edit ? `${old}${why} (suggested edit: ${edit})` : `${old}${why}`;
    return { rule: severity, level: levels[severity], path, ...place, title: `A ${severity} finding`, text };
  });
}

const clip = (text: string) => (text.length > mostText ? `${text.slice(0, mostText)}…` : text.trim());
