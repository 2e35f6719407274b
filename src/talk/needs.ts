import { pathProblem, readPath } from '../patch/read/path.ts';
import { deniedPath } from '../safety/paths.ts';
import { fence } from '../safety/text.ts';
import type { Redactor } from '../schema/redactor.ts';

const mostFiles = 6;
const mostChars = 40_000;

/** Answers `NEED path[:from-to]`: the text under the same rules as the context, redacted, or why there is none. */
export function serveNeeds(needs: readonly string[], read: (path: string) => string | undefined, redactor: Redactor): string {
  let left = mostChars;
  const parts = needs.slice(0, mostFiles).map((need) => {
    const range = /^(.*?):L?(\d+)(?:\s*[-–]\s*L?(\d+))?$/.exec(need);
    const path = readPath(range?.[1] ?? need) ?? '';
    const refused = pathProblem(path, read(path) !== undefined)?.message ?? deniedPath(path);
    const text = refused === undefined ? read(path) : undefined;
    if (text === undefined) return `${path}: ${refused ?? 'there is no such text file.'}`;
    const lines = redactor.redact(text, path).text.split('\n');
    const from = Math.max(1, Number(range?.[2] ?? 1));
    const to = Math.min(lines.length, Number(range?.[3] ?? range?.[2] ?? lines.length));
    const shown = lines
      .slice(from - 1, to)
      .join('\n')
      .slice(0, left);
    left -= shown.length;
    const whole = shown.split('\n').length;
    return fence(`${path}:${from}-${from + whole - 1}`, shown);
  });
  const rest = needs.length > mostFiles ? `\n(${needs.length - mostFiles} more files were asked for and are not shown.)` : '';
  return `The files you asked for:\n\n${parts.join('\n\n')}${rest}`;
}
