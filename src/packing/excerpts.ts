import type { ReadText, Suspect } from '../schema/context.ts';
import type { Redactor } from '../schema/redactor.ts';
import type { Report } from '../schema/report.ts';

const linesAround = 3;
const linesOfFile = 40;

/** The text at the foremost suspects, redacted, for an agent that goes on by itself. At most `most` of them, one per definition. */
export function excerpts(suspects: readonly Suspect[], read: ReadText, redactor: Redactor, most: number): NonNullable<Report['excerpts']> {
  return suspects.slice(0, most).flatMap((suspect) => {
    const whole = read(suspect.file);
    if (whole === undefined) return [];
    const lines = redactor.redact(whole, suspect.file).text.split('\n');
    const start = suspect.line === undefined ? 1 : Math.max(1, suspect.line - linesAround);
    const end = suspect.line === undefined ? linesOfFile : (suspect.endLine ?? suspect.line) + linesAround;
    return [{ path: suspect.file, startLine: start, text: lines.slice(start - 1, end).join('\n') }];
  });
}
