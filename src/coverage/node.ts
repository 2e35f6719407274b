import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { codeLines, isCode, type Measured, parseJson, textsIn, type Way } from './reached.ts';

const Range = z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() });
const Process = z.object({ result: z.array(z.object({ url: z.string(), functions: z.array(z.object({ ranges: z.array(Range) })) })) });

/** V8's own coverage, from every process of Node. Code that was compiled before it ran is not read. */
export function meterNode({ suite, root, target, folder }: Measured): Way {
  const url = pathToFileURL(join(realpathSync(root), target)).href;
  const read: Way['read'] = (text) => {
    let ran: Set<number> | undefined;
    for (const left of textsIn(folder, '.json')) {
      const parsed = Process.safeParse(parseJson(left));
      for (const { url: at, functions } of parsed.success ? parsed.data.result : []) {
        const ranges = functions.flatMap((one) => one.ranges);
        // A file that was compiled has other offsets than the one that was written.
        if (at !== url || Math.max(0, ...ranges.map(({ endOffset }) => endOffset)) !== text.length) continue;
        ran ??= new Set();
        for (const line of linesThatRan(text, ranges)) ran.add(line);
      }
    }
    return ran && { ran, known: codeLines(text) };
  };
  return { suite: { ...suite, env: { ...suite.env, NODE_V8_COVERAGE: folder } }, read };
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
