import type { Masked } from './mask.ts';

/** The languages in which a function is mostly a value or a method without a keyword. */
export const functionStarts: ReadonlySet<string> = new Set(['javascript', 'typescript', 'tsx']);

const modifiers = String.raw`(?:(?:public|private|protected|static|override|readonly|abstract|async|get|set|accessor|declare)\s+)*`;
const member = String.raw`(#?[\w$]+|"+|\[[^\]]+\])`;
const method = new RegExp(String.raw`^\s*${modifiers}\*?\s*${member}\s*(?=[(<])`);
const property = new RegExp(String.raw`^\s*${modifiers}${member}\s*[?!]?\s*(?::|=(?![=>]))\s*`);
const binding = /^\s*(?:(?:export|declare)\s+)*(?:const|let|var)\s+([\w$]+)(?:\s*:(?:[^=]|=>)+?)?\s*=(?![=>])\s*/;
const assignment = /^\s*((?:[\w$]+|\[[^\]]*\])(?:\.[\w$#]+|\[[^\]]*\])+)\s*=(?![=>])\s*/;
/** Patterns for a line that gives something a value, and for one that only names a property. */
const given = [binding, assignment, property];
const named = [property];
const chained = /(?:[\w$]+\.)*[\w$]+\s*=(?![=>])\s*/y;
const keyword = /(?:async\b\s*)?function\b/y;
const generics = /(?:async\b\s*)?<(?:[^<>()]|<[^<>()]*>)*>\s*(?=\()/y;
const plainArrow = /(?:async\b\s*)?[\w$]+\s*=>/y;
const async = /async\b\s*(?=\()/y;
const typeParameters = /<(?:[^<>()]|<[^<>()]*>)*>\s*(?=\()/y;
const methodBlock = /\s*(?::(?:[^{};=]|=>|\{[^{}]*\}(?=\s*[{|&>[]))*)?\{/y;
const arrow = /\s*(?::[^;=]*)?=>/y;

/** A script's function on this line: a method, or a function given to a variable, a property or a member. `at` is where its end is sought from. */
export function findFunction(line: string, start: number, masked: Masked, text: string): { name: string; at: number } | undefined {
  const called = line.includes('(') || line.includes('<') ? method.exec(line) : null;
  if (called) {
    const at = methodBody(masked, start + called[0].length);
    if (at !== undefined) return { name: nameIn(called, start, text), at };
  }
  const gives = line.includes('=');
  if (!gives && !line.includes(':')) return undefined;
  for (const pattern of gives ? given : named) {
    const match = pattern.exec(line);
    if (!match) continue;
    let at = start + match[0].length;
    if (pattern === assignment)
      for (let next = end(chained, masked.code, at); next !== undefined; next = end(chained, masked.code, at)) at = next;
    if (isFunction(masked, at)) return { name: nameIn(match, start, text), at };
  }
  return undefined;
}

/** The name as written: in the masked line a quoted one is only quotes. */
function nameIn(match: RegExpExecArray, start: number, text: string): string {
  const name = match[1] ?? '';
  const from = start + match[0].lastIndexOf(name);
  return text.slice(from, from + name.length).replace(/^['"`]|['"`]$/g, '');
}

function end(pattern: RegExp, code: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(code) ? pattern.lastIndex : undefined;
}

/** Where the parameters start, when a block follows them. */
function methodBody({ code, partner }: Masked, from: number): number | undefined {
  const at = code[from] === '<' ? end(typeParameters, code, from) : from;
  if (at === undefined) return undefined;
  const close = partner[at] ?? -1;
  if (close < 0) return undefined;
  const body = end(methodBlock, code, close + 1);
  return body === undefined ? undefined : at;
}

function isFunction({ code, partner }: Masked, from: number): boolean {
  if (end(keyword, code, from) !== undefined || end(plainArrow, code, from) !== undefined) return true;
  const at = end(generics, code, from) ?? end(async, code, from) ?? from;
  if (code[at] !== '(') return false;
  const close = partner[at] ?? -1;
  return close >= 0 && end(arrow, code, close + 1) !== undefined;
}
