import { createHash } from 'node:crypto';
import { pathProblem, readPath } from '../patch/read/path.ts';
import { deniedPath } from '../safety/paths.ts';
import { fence } from '../safety/text.ts';
import type { ManifestEntry } from '../schema/context.ts';
import type { Redactor } from '../schema/redactor.ts';
import { countTokens } from '../tokens/tokens.ts';

const mostFiles = 6;
const mostChars = 40_000;

export type Served = { readonly text: string; readonly entries: readonly ManifestEntry[] };

/** Answers `NEED path[:from-to]`: the text under the same rules as the context, redacted, or why there is none. */
export function serveNeeds(needs: readonly string[], read: (path: string) => string | undefined, redactor: Redactor): Served {
  let left = mostChars;
  const entries: ManifestEntry[] = [];
  const parts = needs.slice(0, mostFiles).map((need) => {
    const range = /^(.*?):L?(\d+)(?:\s*[-–]\s*L?(\d+))?$/.exec(need);
    const path = readPath(range?.[1] ?? need) ?? '';
    const refused = pathProblem(path, read(path) !== undefined)?.message ?? deniedPath(path);
    const text = refused === undefined ? read(path) : undefined;
    if (text === undefined) return `${path}: ${refused ?? 'there is no such text file.'}`;
    const redacted = redactor.redact(text, path);
    if (redacted.withheld !== undefined) return `${path}: not shown, it ${redacted.withheld}.`;
    const lines = redacted.text.split('\n');
    const from = Math.max(1, Number(range?.[2] ?? 1));
    const to = Math.min(lines.length, Number(range?.[3] ?? range?.[2] ?? lines.length));
    const shown = lines
      .slice(from - 1, to)
      .join('\n')
      .slice(0, left);
    left -= shown.length;
    const endLine = from + shown.split('\n').length - 1;
    const block = fence(`${path}:${from}-${endLine}`, shown);
    const sha256 = createHash('sha256').update(block).digest('hex');
    entries.push({ path, startLine: from, endLine, form: 'part', reason: 'asked for with NEED', tokens: countTokens(block), sha256 });
    return block;
  });
  const rest = needs.length > mostFiles ? `\n(${needs.length - mostFiles} more files were asked for and are not shown.)` : '';
  return { text: `The files you asked for:\n\n${parts.join('\n\n')}${rest}`, entries };
}
