import { closeSync, openSync, readSync } from 'node:fs';
import type { Tell } from '../../schema/model.ts';
import type { Suite } from '../../schema/run.ts';
import type { Start } from '../runner.ts';

const everyMs = 500;
const mostBytes = 1 << 20;

/** A result as our reporters write it, one a line, when the test ends. */
const ended = /"type": ?"test"/g;

/** How many tests each suite of this process ran last, so that the next run of the same in the same tree knows what it waits for. */
const known = new Map<string, number>();
const mostKnown = 1_000;

type Scope = Pick<Start, 'root' | 'only' | 'files'>;
const keyOf = ({ runner, cwd, argv }: Suite, { root, files }: Scope) => JSON.stringify([root, runner, cwd, argv, files]);

/** Remembers how many tests a run came to. */
export function rememberCount(suite: Suite, scope: Scope, count: number): void {
  if (scope.only) return;
  known.set(keyOf(suite, scope), count);
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
}

/**
 * Tells how many tests have ended while they run, where the runner's reporter is one of ours: those write a line for each. Where the suite
 * ran before, or tests are asked for by name, of how many. Returns what ends it.
 */
export function countTests(report: string | undefined, suite: Suite, scope: Scope, tell: Tell): () => void {
  if (!report?.endsWith('.jsonl')) return () => {};
  const total = scope.only ? undefined : known.get(keyOf(suite, scope));
  const buffer = Buffer.alloc(mostBytes);
  let at = 0;
  let done = 0;
  let rest = '';
  const look = () => {
    const before = done;
    for (let more = mostBytes; more === mostBytes; ) {
      more = readFrom(report, at, buffer);
      at += more;
      const text = rest + buffer.toString('latin1', 0, more);
      const end = text.lastIndexOf('\n') + 1;
      rest = text.slice(end);
      done += text.slice(0, end).match(ended)?.length ?? 0;
    }
    if (done === before) return;
    if (total !== undefined && done <= total) tell({ type: 'progress', message: `${done} of ${total} tests`, done, total });
    else tell({ type: 'progress', message: `${done} ${done === 1 ? 'test' : 'tests'} so far` });
  };
  const timer = setInterval(look, everyMs).unref();
  return () => clearInterval(timer);
}

/** How many bytes there were; none where the file is not there yet. */
function readFrom(path: string, at: number, buffer: Buffer): number {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return readSync(file, buffer, 0, buffer.length, at);
  } catch {
    return 0;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
