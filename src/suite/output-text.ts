import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** What a program wrote, which may be more than memory holds: line by line, or as one text. */
export type Written = { readonly lines: () => Iterable<string>; readonly text: () => string };

export const writtenText = (text: string): Written => ({ lines: () => text.split('\n'), text: () => text });

/** A file that is read when it is asked for; undefined where there is none. */
export function writtenFile(path: string): Written | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  return { lines: () => linesOf(path), text: () => (sizeOf(path) > most ? head(path) : readFileSync(path, 'utf8')) };
}

/** More than this is not read as one text: what it begins with is left, which no reader takes for whole. */
const most = 256 << 20;
const sizeOf = (path: string) => statSync(path).size;

function head(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(most >> 3);
    return bytes.toString('utf8', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}

const chunkBytes = 1 << 14;
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

/** Lines kept before and behind each line of the report, and their characters. */
const nearby = 150;
const nearbyChars = 1 << 16;
/** Bytes of all that is kept. Beyond the first only results are, what stands behind a failing one, and the end; beyond the second nothing. */
const fullBytes = 4 << 20;
const leanBytes = 32 << 20;

/**
 * The lines that belong to a report and those near them, as one text. What tests print in between may be endless, and nothing of it is needed
 * but what stands beside a result. Where results are lost too, the report is cut: its readers see that its plan is not met.
 */
export function condense(written: Written, isReport: RegExp): string {
  const kept = new Kept();
  const after = new Near();
  let before = new Near();
  let failing = false;
  for (const line of written.lines()) {
    const lean = kept.bytes > fullBytes;
    if (isReport.test(line) && !(lean && /^\s*#/.test(line))) {
      const room = kept.bytes < leanBytes;
      if (!lean || (failing && room)) kept.add(after.lines);
      kept.add(lean ? before.lines.slice(room ? -2 : before.lines.length) : before.lines);
      if (room) kept.add([line]);
      if (/\b(?:ok|FAILED|ignored)\b/.test(line)) failing = /^\s*not ok\b|\bFAILED\b/.test(line);
      after.clear();
      before = new Near();
    } else if (!after.isFull()) after.add(line);
    else before.push(line);
  }
  kept.add(after.lines);
  kept.add(before.lines);
  return kept.text();
}

/** What is kept, as bytes: a line that was cut out of a chunk would hold on to all of the chunk. */
class Kept {
  readonly #parts: Buffer[] = [];
  bytes = 0;

  add(lines: readonly string[]): void {
    if (lines.length === 0) return;
    const part = Buffer.from(`${lines.join('\n')}\n`);
    this.#parts.push(part);
    this.bytes += part.length;
  }

  text(): string {
    return Buffer.concat(this.#parts).toString('utf8', 0, Math.max(this.bytes - 1, 0));
  }
}

/** A few lines, with a limit of lines and characters. */
class Near {
  lines: string[] = [];
  #chars = 0;

  isFull(): boolean {
    return this.lines.length >= nearby || this.#chars >= nearbyChars;
  }

  add(line: string): void {
    const short = line.length > nearbyChars ? Buffer.from(line.slice(0, nearbyChars)).toString() : line;
    this.lines.push(short);
    this.#chars += short.length;
  }

  /** Adds a line at the end and lets go of the first ones, now and then. */
  push(line: string): void {
    this.add(line);
    if (this.lines.length <= 2 * nearby && this.#chars <= 2 * nearbyChars) return;
    const all = this.lines;
    this.clear();
    for (let at = all.length - 1; at >= 0 && !this.isFull(); at--) this.add(all[at] ?? '');
    this.lines.reverse();
  }

  clear(): void {
    this.lines = [];
    this.#chars = 0;
  }
}
