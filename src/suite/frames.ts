import type { Frame } from '../schema/run.ts';
import { isForeign, type Relate } from './paths.ts';

const maxFrames = 20;
const v8 = /^\s*at (?:(async )?(.+?) \()?(?:async )?((?:file:\/\/)?[^()\s][^()]*?):(\d+):(\d+)\)?\s*$/;
const arrow = /^\s*(?:❯|at:?)\s+(?:(\S+)\s+\()?((?:file:\/\/)?[^()\s]\S*?):(\d+):(\d+)\)?\s*$/;
/** What Node prints above a syntax error, and PHPUnit below a failure. */
const bare = /^((?:file:\/\/)?(?:\/|[A-Za-z]:\\)[^:\n]+?\.(?:[cm]?[jt]sx?|php)):(\d+)$/;
/** `PHP Fatal error: … in /shop/CartTest.php:2` and `… on line 2`. */
const php = /\bin (\/[^\n]*?\.php)(?::| on line )(\d+)/;
const python = /^\s*File "([^"]+)", line (\d+)(?:, in (.+))?$/;
const pytest = /^(\S.*?\.pyx?):(\d+): (?:in (\S+)|\S+)/;
const go = /^\s*((?:\/[^:]*|\S*?)[\w-]+\.go):(\d+)(?::(\d+))?(?::| |$)/;
const compiler = /^\s*(?:-->\s*)?((?:[A-Za-z]:)?[^\s:()'"]+\.[A-Za-z]{1,5})[:(](\d+)[:,](\d+)\)?/;

/**
 * Frames inside the repository, the innermost first, from the text of a stack in the form of V8, vitest, Python, Go or a compiler.
 * What the user did not write is left out, and so is a frame that repeats the one before it.
 */
export function readFrames(stack: string, relate: Relate): Frame[] {
  const inner: Frame[] = [];
  const traceback: Frame[] = [];
  for (const line of stack.split('\n').slice(0, 2000)) {
    const found = readFrame(line);
    if (!found) continue;
    const file = relate(found.file);
    if (file === undefined || isForeign(file)) continue;
    const frame: Frame = { file, line: found.line, ...(found.column && { column: found.column }), ...(found.name && { name: found.name }) };
    (found.outerFirst ? traceback : inner).push(frame);
  }
  return tidyFrames([...inner, ...traceback.reverse()]);
}

/** Without repeats, at most twenty. */
export function tidyFrames(frames: readonly Frame[]): Frame[] {
  const same = (a: Frame, b: Frame | undefined) => b !== undefined && a.file === b.file && a.line === b.line;
  return frames.filter((frame, index) => !same(frame, frames[index - 1])).slice(0, maxFrames);
}

type Found = { file: string; line: number; column?: number; name?: string; outerFirst?: true };

function readFrame(line: string): Found | undefined {
  if (line.length > 2000) return undefined;
  const js = v8.exec(line);
  if (js?.[3]) return found(js[3], js[4], js[5], js[2]);
  const vitest = arrow.exec(line);
  if (vitest?.[2]) return found(vitest[2], vitest[3], vitest[4], vitest[1]);
  const alone = bare.exec(line);
  if (alone?.[1]) return found(alone[1], alone[2], undefined, undefined);
  const fatal = php.exec(line);
  if (fatal?.[1]) return found(fatal[1], fatal[2], undefined, undefined);
  const py = python.exec(line);
  if (py?.[1]) return { ...found(py[1], py[2], undefined, py[3]), outerFirst: true };
  const short = pytest.exec(line);
  if (short?.[1]) return { ...found(short[1], short[2], undefined, short[3]), outerFirst: true };
  const gopher = go.exec(line);
  if (gopher?.[1]) return found(gopher[1], gopher[2], gopher[3], undefined);
  const built = compiler.exec(line);
  if (built?.[1]) return found(built[1], built[2], built[3], undefined);
  return undefined;
}

function found(file: string, line: string | undefined, column: string | undefined, name: string | undefined): Found {
  const plain = name?.trim();
  return { file, line: Number(line), ...(column && { column: Number(column) }), ...(plain && plain !== '<anonymous>' && { name: plain }) };
}
