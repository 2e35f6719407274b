import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** What a program wrote, which may be more than memory holds: line by line, or as one text. */
export type Written = { readonly lines: () => Iterable<string>; readonly text: () => string };

export const writtenText = (text: string): Written => ({ lines: () => text.split('\n'), text: () => text });

/** A file that is read when it is asked for; undefined where there is none. */
export function writtenFile(path: string): Written | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  return { lines: () => linesOf(path), text: () => readFileSync(path, 'utf8') };
}

const chunkBytes = 1 << 18;
/** A line without an end, as a progress bar leaves it, must not grow without end either. */
const longest = 16 << 20;

function* linesOf(path: string): Iterable<string> {
  const file = openSync(path, 'r');
  const decoder = new StringDecoder('utf8');
  const chunk = Buffer.alloc(chunkBytes);
  try {
    let rest = '';
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      const parts = decoder.write(chunk.subarray(0, read)).split('\n');
      parts[0] = rest + (parts[0] ?? '');
      rest = parts.pop() ?? '';
      if (rest.length > longest) rest = rest.slice(0, longest);
      yield* parts;
    }
    yield rest + decoder.end();
  } finally {
    closeSync(file);
  }
}

/** Lines kept before and behind each line of the report. */
const nearby = 150;

/**
 * The lines that belong to a report and those near them, as one text. What tests print in between may be endless, and nothing of it is needed
 * but what stands beside a result.
 */
export function condense(written: Written, isReport: RegExp): string {
  const kept: string[] = [];
  let after: string[] = [];
  let before: string[] = [];
  const flush = () => {
    kept.push(...after, ...before);
    after = [];
    before = [];
  };
  for (const line of written.lines()) {
    if (isReport.test(line)) {
      flush();
      kept.push(line);
    } else if (after.length < nearby) after.push(line);
    else {
      before.push(line);
      if (before.length > 2 * nearby) before = before.slice(-nearby);
    }
  }
  flush();
  return kept.join('\n');
}
