import type { ReadText, Suspect } from '../schema/context.ts';
import type { Redactor } from '../schema/redactor.ts';
import type { Report } from '../schema/report.ts';

const linesAround = 3;
const linesOfFile = 40;
const longest = 80;

/**
 * The text at the foremost suspects, redacted, for an agent that goes on by itself: definitions in their order, then the heads of files
 * of which nothing is shown yet. At most `most` stretches; none overlaps another.
 */
export function excerpts(suspects: readonly Suspect[], read: ReadText, redactor: Redactor, most: number): NonNullable<Report['excerpts']> {
  const texts = new Map<string, readonly string[] | undefined>();
  const linesOf = (path: string) => {
    if (!texts.has(path)) {
      const whole = read(path);
      const redacted = whole === undefined ? undefined : redactor.redact(whole, path);
      texts.set(path, redacted?.withheld === undefined ? redacted?.text.split('\n') : undefined);
    }
    return texts.get(path);
  };
  const chosen: { path: string; from: number; to: number }[] = [];
  const add = (path: string, from: number, to: number) => {
    const touched = chosen.find((one) => one.path === path && from <= one.to + 1 && to >= one.from - 1);
    if (!touched) {
      if (chosen.length < most) chosen.push({ path, from, to });
      return;
    }
    touched.from = Math.min(touched.from, from);
    touched.to = Math.max(touched.to, to);
    // What grew may touch the next one now.
    const other = chosen.find((one) => one !== touched && one.path === path && touched.from <= one.to + 1 && touched.to >= one.from - 1);
    if (other) {
      chosen.splice(chosen.indexOf(other), 1);
      add(path, other.from, other.to);
    }
  };
  for (const { file, line, endLine } of suspects.filter((one) => one.line !== undefined)) {
    const lines = linesOf(file);
    if (!lines || line === undefined) continue;
    const to = Math.min(endLine ?? line, line + longest);
    add(file, Math.max(1, line - linesAround), Math.min(lines.length, to + linesAround));
  }
  for (const { file } of suspects) {
    const lines = linesOf(file);
    if (lines && !chosen.some(({ path }) => path === file)) add(file, 1, Math.min(lines.length, linesOfFile));
  }
  return chosen.map(({ path, from, to }) => ({ path, startLine: from, text: (linesOf(path) ?? []).slice(from - 1, to).join('\n') }));
}
