import { languageOf } from '../../context/scan/languages.ts';
import { type Masked, mask } from '../../context/scan/mask.ts';

/** One replacement in a text. */
export type Swap = { readonly from: number; readonly to: number; readonly put: string };

/**
 * An assertion in a test file. `other`: it asks for something else, so that it has to fail. `thrown`: in its place stands what fails by
 * itself; absent where it is not known where the statement begins.
 */
export type Spot = { readonly at: number; readonly other: Swap; readonly thrown: Swap | undefined };

type Part = { readonly from: number; readonly to: number };
type Read = { readonly text: string; readonly masked: Masked; readonly typed: boolean };

const script = /\.(?:[cm]?[jt]sx?)$/;
const typed = /\.(?:[cm]?tsx?)$/;
const python = /\.pyw?$/;

/** What can be turned of the assertions of JavaScript and Python; of other languages nothing is known. */
export function findSpots(path: string, text: string): Spot[] {
  const syntax = languageOf(path)?.syntax;
  if (!syntax || !(script.test(path) || python.test(path))) return [];
  const read = { text, masked: mask(text, syntax), typed: typed.test(path) };
  return (python.test(path) ? inPython(read) : inScript(read)).sort((a, b) => a.at - b.at);
}

/** Of several swaps at one place one is made, of those that overlap the first. */
export function swapAll(text: string, swaps: readonly Swap[]): string {
  let [done, made] = [0, ''];
  for (const { from, to, put } of new Map([...swaps].sort((a, b) => a.from - b.from).map((swap) => [swap.from, swap])).values()) {
    if (from < done) continue;
    made += text.slice(done, from) + put;
    done = to;
  }
  return made + text.slice(done);
}

const told: Readonly<Record<string, string>> = {
  ...named('ok true isTrue isOk truthy', 'false'),
  ...named('false isFalse isNotOk notOk falsy', 'true'),
};
const compared = new Set(
  'equal equals strictEqual deepEqual deepStrictEqual looseEqual is same strictSame eql partialDeepStrictEqual match like include includes lengthOf instanceOf property sameMembers sameDeepMembers closeTo throws rejects isAbove isBelow'.split(
    ' ',
  ),
);
/** Functions of the repository that compare, as their names say, and those that do where they are given a number. */
const compares = /(?:^|\.)\w*(?:same|equal)\w*$/i;
const checks = /(?:^|\.)\w*(?:expect|assert|check|verify|match)\w*$/i;
/** What is shown later counts only where it is waited for; what is kept beside the test is written anew. */
const later = /^(?:resolves|rejects|eventually|rejected|rejectedWith|fulfilled|doesNotReject)$/;
const kept = /snapshot/i;

function inScript(read: Read): Spot[] {
  const { code } = read.masked;
  const other = read.typed ? "(Symbol('other') as never)" : "Symbol('other')";
  const failing = "(() => { throw new Error('other'); })()";
  const calls = [...code.matchAll(/(?<![.\w$])([A-Za-z_$][\w$]*(?:\s*\.\s*[\w$]+)*)\s*\(/g)];
  return calls.flatMap((call): Spot[] => {
    const open = call.index + call[0].length - 1;
    const close = read.masked.partner[open] ?? -1;
    if (close < 0) return [];
    const name = (call[1] ?? '').replace(/\s/g, '');
    const awaited = /\b(?:await|return)\s*$|=>\s*$/.test(code.slice(Math.max(0, call.index - 20), call.index));
    const spot = (swap: Swap, end: number): Spot => ({
      at: call.index,
      other: swap,
      thrown: { from: call.index, to: end, put: failing },
    });
    if (/^expect(?:\.(?:soft|poll))?$/.test(name)) {
      const chain = chainAfter(read, close + 1);
      const last = chain.at(-1);
      if (chain.some((link) => kept.test(link.name) || (later.test(link.name) && !awaited))) return [];
      return last ? [spot(turn(chain, last, close + 1, other), last.to)] : [];
    }
    if (kept.test(name) || (later.test(name.split('.').at(-1) ?? '') && !awaited)) return [];
    if (/\.should\b/.test(name)) return [{ at: call.index, other: { from: open + 1, to: close, put: other }, thrown: undefined }];
    const args = partsOf(read, open, close);
    const [first, second] = args;
    const method = name.split('.').at(-1) ?? '';
    if (/^(?:assert|t|tap)(?:\.(?:assert|strict))?(?:\.\w+)?$/.test(name)) {
      const instead = name === 'assert' ? 'false' : told[method];
      if (instead !== undefined && first) return [spot({ ...first, put: instead }, close + 1)];
      return compared.has(method) && second ? [spot({ ...second, put: other }, close + 1)] : [];
    }
    const alone = /(?:^|[;{}\n]|=>|\bawait|\breturn)\s*$/.test(code.slice(Math.max(0, call.index - 30), call.index));
    const last = args.at(-1);
    return alone && last && args.length > 1 && isHelper(name, read.text.slice(last.from, last.to))
      ? [spot({ ...last, put: other }, close + 1)]
      : [];
  });
}

type Link = Part & { readonly name: string; readonly open: number | undefined };

/** `.to.be.equal(5)` behind `expect(x)`. */
function chainAfter({ masked: { code, partner } }: Read, from: number): Link[] {
  const links: Link[] = [];
  const step = /\s*\.\s*([A-Za-z_$][\w$]*)(\s*\()?/y;
  for (let at = from; ; ) {
    step.lastIndex = at;
    const found = step.exec(code);
    if (!found) return links;
    const open = found[2] === undefined ? undefined : step.lastIndex - 1;
    const to = open === undefined ? step.lastIndex : (partner[open] ?? -1) + 1;
    if (to === 0) return links;
    links.push({ name: found[1] ?? '', from: at, to, open });
    at = to;
  }
}

function turn(chain: readonly Link[], last: Link, begin: number, other: string): Swap {
  const not = chain.find(({ name }) => name === 'not');
  if (not) return { from: not.from, to: not.to, put: '' };
  const given = last.open !== undefined && last.to - 1 > last.open + 1;
  return given ? { from: (last.open ?? 0) + 1, to: last.to - 1, put: other } : { from: begin, to: begin, put: '.not' };
}

function inPython(read: Read): Spot[] {
  const { text, masked } = read;
  const { code, partner } = masked;
  const failing = '(_ for _ in ()).throw(AssertionError("other"))';
  const plain = [...code.matchAll(/^[ \t]*assert\b(?=[ \t("'[{\w-])/gm)].flatMap((found): Spot[] => {
    const from = found.index + found[0].length;
    const whole = statementEnd(read, from);
    const end = outside(read, from, whole, ',')[0] ?? whole;
    const at = found.index + found[0].indexOf('assert');
    const [sign] = outside(read, from, end, '==');
    const joined = ['==', '!=', '<', '>', ' and ', ' or ', ' not ', ' in ', ' is ', ' if '].flatMap((one) => outside(read, from, end, one));
    const other =
      sign !== undefined && joined.length === 1
        ? { from: sign + 2, to: end, put: ' object()' }
        : { from, to: end, put: ` not (${text.slice(from, end).trim()})` };
    return [{ at, other, thrown: { from: at, to: whole, put: 'raise AssertionError("other")' } }];
  });
  const calls = [...code.matchAll(/^[ \t]*((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*)\(/gm)].flatMap((call): Spot[] => {
    const open = call.index + call[0].length - 1;
    const close = partner[open] ?? -1;
    const name = call[1] ?? '';
    const args = close < 0 ? [] : partsOf(read, open, close);
    const [first, second] = args;
    const at = call.index + call[0].indexOf(name);
    const spot = (part: Part, put: string): Spot => ({
      at,
      other: { ...part, put },
      thrown: { from: at, to: close + 1, put: failing },
    });
    const method = /^self\.assert(\w+)$/.exec(name)?.[1];
    if (method === undefined) {
      const last = args.at(-1);
      return last && args.length > 1 && isHelper(name, text.slice(last.from, last.to)) ? [spot(last, 'object()')] : [];
    }
    if (/^(?:Not|Raises|Warns|Logs|NoLogs)/.test(method) || !first) return [];
    if (/^(?:True|False)$/.test(method)) return [spot(first, method === 'True' ? 'False' : 'True')];
    if (/^(?:IsNone|In)$/.test(method)) return [spot(first, 'object()')];
    return second ? [spot(second, 'object()')] : [];
  });
  return [...plain, ...calls];
}

function isHelper(name: string, last: string): boolean {
  return /^-?\d[\d_.]*$/.test(last) ? compares.test(name) || checks.test(name) : compares.test(name) && !/^\w+\s*=(?!=)/.test(last);
}

/** Arguments between two brackets, without the blanks around them. */
function partsOf(read: Read, open: number, close: number): Part[] {
  const commas = outside(read, open + 1, close, ',');
  return [open, ...commas].flatMap((begin, at) => {
    const end = commas[at] ?? close;
    const inner = read.text.slice(begin + 1, end);
    const from = begin + 1 + (inner.length - inner.trimStart().length);
    return inner.trim() === '' ? [] : [{ from, to: from + inner.trim().length }];
  });
}

/** Places of a sign that stand in no bracket of their own. */
function outside({ masked: { code, partner } }: Read, from: number, to: number, sign: string): number[] {
  const found: number[] = [];
  for (let at = from; at < to; at++) {
    const other = partner[at] ?? -1;
    if ('([{'.includes(code[at] ?? ' ') && other > at) at = other;
    else if (code.startsWith(sign, at)) {
      found.push(at);
      at += sign.length - 1;
    }
  }
  return found;
}

/** Where a statement of Python ends: at the end of a line, outside of brackets. */
function statementEnd({ masked: { code, partner } }: Read, from: number): number {
  for (let at = from; at < code.length; at++) {
    const other = partner[at] ?? -1;
    if ('([{'.includes(code[at] ?? ' ') && other > at) at = other;
    else if (code[at] === '\\' && code[at + 1] === '\n') at++;
    else if (code[at] === '\n' || code[at] === ';') return at;
  }
  return code.length;
}

function named(words: string, value: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word) => [word, value]));
}
