import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';

const Range = z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() });
const Process = z.object({ result: z.array(z.object({ url: z.string(), functions: z.array(z.object({ ranges: z.array(Range) })) })) });

/** Which lines of a file ran in the processes that wrote V8 coverage into `folder`; the folder is emptied. Undefined: nothing was written. */
export function readCoverage(folder: string, file: string, text: string): ReadonlySet<number> | undefined {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return undefined;
  }
  const url = pathToFileURL(file).href;
  let ran: Set<number> | undefined;
  for (const name of names) {
    const parsed = Process.safeParse(readJson(join(folder, name)));
    for (const { url: at, functions } of parsed.success ? parsed.data.result : []) {
      const ranges = functions.flatMap((one) => one.ranges);
      // A file that was compiled has other offsets than the one that was written.
      if (at !== url || Math.max(0, ...ranges.map(({ endOffset }) => endOffset)) !== text.length) continue;
      ran ??= new Set();
      for (const line of linesThatRan(text, ranges)) ran.add(line);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return ran;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Inner ranges speak louder than those around them, and come later. */
function linesThatRan(text: string, ranges: readonly z.infer<typeof Range>[]): number[] {
  const dead = new Uint8Array(text.length);
  for (const { startOffset, endOffset, count } of ranges) dead.fill(count === 0 ? 1 : 0, startOffset, endOffset);
  let at = 0;
  return text.split('\n').flatMap((row, line) => {
    const start = at + (row.length - row.trimStart().length);
    at += row.length + 1;
    return isCode(row) && dead[start] === 0 ? [line + 1] : [];
  });
}

/** How many lines hold more than a bracket or a comment. */
export function codeLines(text: string): number {
  return text.split('\n').filter(isCode).length;
}

function isCode(row: string): boolean {
  return /\w/.test(row) && !/^\s*(?:\/\/|\*|\/\*|#)/.test(row);
}
