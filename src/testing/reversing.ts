import { languageOf } from '../context/scan/languages.ts';
import { type Masked, mask } from '../context/scan/mask.ts';
import type { FileChange } from '../schema/patch.ts';

type Range = { readonly from: number; readonly to: number };

/** A line that begins a test or a block of tests, in what describes tests by calls. */
const begins = /^[ \t]*(?:await[ \t]+|void[ \t]+)?(?:test|it|specify|describe|context|suite|(?:t|tap|Deno|QUnit)\.test)\b[\w.]*[ \t]*\(/;
const blocks = /^\s*(?:describe|context|suite)\b/;
const scripts: ReadonlySet<string> = new Set(['javascript', 'typescript', 'tsx']);

/**
 * The new tests of files in JavaScript and TypeScript in reverse order, those of each block among themselves; what is no new test stays and
 * comes before them. Undefined where no two tests can change places so.
 */
export function reversed(changes: readonly FileChange[]): FileChange[] | undefined {
  const turned = changes.map((change) => {
    if (change.after === null || !scripts.has(languageOf(change.path)?.name ?? '')) return change;
    return { ...change, after: reverseTests(change.path, change.after, new Set(change.before?.split('\n'))) };
  });
  return turned.some(({ after }, at) => after !== changes[at]?.after) ? turned : undefined;
}

function reverseTests(path: string, text: string, known: ReadonlySet<string>): string {
  const language = languageOf(path);
  if (!language) return text;
  const masked = mask(text, language.syntax);
  const isNew = ({ from }: Range) => !known.has(text.slice(from).split('\n', 1)[0] ?? '');
  const turn = (range: Range): string => {
    const found = testsIn(masked, range);
    const fresh = found.filter(isNew);
    const last = fresh.at(-1);
    let done = range.from;
    let turned = '';
    for (const one of found) {
      turned += text.slice(done, one.from);
      if (one === last) turned += [...fresh].reverse().map(inside).join('\n');
      else if (!fresh.includes(one)) turned += inside(one);
      done = one.to;
    }
    return turned + text.slice(done, range.to);
  };
  /** A test as it is, a block of tests with its own turned. */
  const inside = (one: Range): string => {
    // The steps of one test keep their order.
    const body = blocks.test(text.slice(one.from, one.to))
      ? lastBody(masked, { from: text.indexOf('(', one.from) + 1, to: one.to })
      : undefined;
    return body === undefined ? text.slice(one.from, one.to) : text.slice(one.from, body.from) + turn(body) + text.slice(body.to, one.to);
  };
  return turn({ from: 0, to: text.length });
}

/** Statements of tests that begin with a line of this very block. */
function testsIn({ code, partner, within, starts }: Masked, { from, to }: Range): Range[] {
  const found: Range[] = [];
  const block = from === 0 ? -1 : from - 1;
  for (const [line, start] of starts.entries()) {
    if (start < Math.max(from, found.at(-1)?.to ?? 0) || start >= to || within[line] !== block) continue;
    const call = begins.exec(code.slice(start, code.indexOf('\n', start) < 0 ? undefined : code.indexOf('\n', start)));
    if (!call) continue;
    // What is called at once, as in `test.each(rows)(name, body)`, belongs to it.
    let end = partner[start + call[0].length - 1] ?? -1;
    while (end >= 0 && code[end + 1] === '(') end = partner[end + 1] ?? -1;
    if (end < 0) continue;
    const rest = /^[ \t]*;?[ \t]*(?=\n|$)/.exec(code.slice(end + 1));
    if (rest) found.push({ from: start, to: end + 1 + rest[0].length });
  }
  return found;
}

/** What stands between the braces of the function that a call is given last. */
function lastBody({ code, partner }: Masked, { from, to }: Range): Range | undefined {
  for (let at = from; at < to; at++) {
    const end = partner[at] ?? -1;
    if (end <= at) continue;
    if (code[at] === '{' && /(?:=>|\))[ \t\n]*$/.test(code.slice(Math.max(from, at - 40), at))) return { from: at + 1, to: end };
    if (code[at] === '{' || code[at] === '[') at = end;
  }
  return undefined;
}
