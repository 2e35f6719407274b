import type { Citation, Finding, Report, TestWorth } from '../schema/report.ts';
import { fence, section } from './parts.ts';

/** The sections of an answer, a review and of written tests; absent ones are empty. */
export function usesSections(report: Report): string[] {
  return [
    report.answer === undefined ? '' : section('Answer', [report.answer]),
    section('Citations', (report.citations ?? []).map(citationLine)),
    section('Findings', (report.findings ?? []).map(findingLines)),
    report.worth ? section('Worth of the tests', worthLines(report.worth)) : '',
    section(
      'Rejected',
      (report.rejected ?? []).map(({ what, why }) => `- ${what}: ${why}`),
    ),
  ];
}

/** A place that an answer names, and whether it holds. */
export function citationLine({ path, startLine, endLine, page, holds, checked, why }: Citation): string {
  return `- ${holds ? 'holds' : checked ? '**does not hold**' : 'not checked'} \`${path}:${lines(startLine, endLine)}\`${page === undefined ? '' : ` (page ${page})`}: ${why}`;
}

function lines(startLine: number, endLine: number): string {
  return endLine > startLine ? `${startLine}-${endLine}` : `${startLine}`;
}

function findingLines({ severity, path, startLine, endLine, side, why, diff, edit, note }: Finding, at: number): string {
  const said = `${at + 1}. **${severity}** \`${path}:${lines(startLine, endLine)}\`${side ? ' (removed)' : ''}: ${why}`;
  const became = edit ? `\n   suggested edit: ${edit}${note ? ` (${note})` : ''}` : '';
  return `${said}${became}${diff ? `\n${fence('diff', diff)}` : ''}`;
}

/** What written tests are worth, a line of a list each. */
export function worthLines(worth: TestWorth): string[] {
  const { target, files, tests, greenRuns, mutants, mutated, killed, killedBefore, survived, coverage } = worth;
  const before =
    killedBefore === 'unknown'
      ? 'how many the tests notice that were there already is unknown'
      : `${killedBefore} make the tests fail that were there already`;
  return [
    `- ${tests.length} new tests for \`${target}\` in ${files.join(', ')}, green in ${greenRuns} runs`,
    `- ${killed} of ${mutants} mutants of the target (${mutated}) make them fail; ${before}`,
    ...survived.map((one) => `  - survived: ${one}`),
    `- ${coverage.unit}: ${coverage.before} before, ${coverage.after} after`,
  ];
}
