/** What a language writes that is not code, and how brackets may be read in it. */
export type Syntax = {
  /** Comments, strings and brackets, in one pattern; global. What starts with none of `([{}])` is masked. */
  readonly tokens: RegExp;
  /** A backtick opens a template that holds code in `${}`. */
  readonly templates?: boolean;
  /** `#if … #else … #endif`: each branch starts with the brackets that were open before the first. */
  readonly branches?: boolean;
  /** A block comment may hold others. */
  readonly nested?: boolean;
};

/** A text whose comments are blank and whose strings are quotes, of the same length and lines. */
export type Masked = {
  readonly code: string;
  /** For each bracket the place of its other half, -1 where there is none. Meaningless elsewhere. */
  readonly partner: Int32Array;
  /** For each line the innermost bracket that is open where it starts: its place, -1 for none, -2 inside a string or comment. */
  readonly within: Int32Array;
  /** Where each line starts. */
  readonly starts: Int32Array;
};

const inside = -2;
const hole = -3;
/** So many brackets may have been left open before one that closes. */
const mostSkipped = 50;
const mostBranches = 100;

/** Masks comments and strings and pairs the brackets, in one pass. Brackets that do not match are left without a partner. */
export function mask(text: string, { tokens, templates = false, branches = false, nested = false }: Syntax): Masked {
  const starts = lineStarts(text);
  const within = new Int32Array(starts.length).fill(-1);
  const partner = new Int32Array(text.length).fill(-1);
  const parts: string[] = [];
  const branch: number[][] = [];
  let open: number[] = [];
  let done = 0;
  let line = 0;

  /** Lines up to `at` start inside what is open now. */
  const reach = (at: number, state: number) => {
    while (line + 1 < starts.length && (starts[line + 1] ?? 0) <= at) within[++line] = state;
  };
  const top = () => Math.max(-1, open.at(-1) ?? -1);
  const hide = (from: number, to: number, mark: string) => {
    reach(from, top());
    parts.push(text.slice(done, from), blank(text.slice(from, to), mark));
    reach(to - 1, inside);
    done = to;
  };
  const close = (at: number) => {
    const bracket = text[at];
    const opener = bracket === ')' ? '(' : bracket === ']' ? '[' : '{';
    let found = open.length - 1;
    const lowest = Math.max(0, found - mostSkipped);
    while (found > lowest && (open[found] ?? -1) >= 0 && text[open[found] ?? -1] !== opener) found--;
    const place = open[found];
    if (place === undefined || place < 0 || text[place] !== opener) return;
    open.length = found;
    partner[place] = at;
    partner[at] = place;
  };
  /** The fixed text of a template up to its next hole or its end; returns where code goes on. */
  const template = (from: number): number => {
    let at = from;
    while (at < text.length && text[at] !== '`' && !(text[at] === '$' && text[at + 1] === '{')) at += text[at] === '\\' ? 2 : 1;
    const isHole = text[at] === '$';
    const end = Math.min(text.length, at + (isHole ? 2 : 1));
    hide(from, end, '"');
    if (isHole) open.push(hole);
    return end;
  };

  const pattern = new RegExp(tokens.source, tokens.flags);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const at = match.index;
    const found = match[0];
    const end = nested && found.startsWith('/*') ? endOfNested(text, at) : at + Math.max(1, found.length);
    const first = found[0] ?? '';
    pattern.lastIndex = end;
    if (first === '(' || first === '[' || first === '{') {
      reach(at, top());
      open.push(at);
    } else if (first === '}' && open.at(-1) === hole) {
      open.pop();
      pattern.lastIndex = template(at);
    } else if (first === ')' || first === ']' || first === '}') {
      reach(at, top());
      close(at);
    } else if (templates && first === '`') {
      hide(at, at + 1, '"');
      pattern.lastIndex = template(at + 1);
    } else if (first === '/' && !/^\/[/*]/.test(found) && !mayBePattern(text, at)) pattern.lastIndex = at + 1;
    else {
      const word = branches ? /^[ \t]*#[ \t]*(if|else|elif|endif)/.exec(found)?.[1] : undefined;
      if (word === 'if') branch.push(branch.length < mostBranches ? [...open] : []);
      else if (word === 'endif') branch.pop();
      else if (word) open = [...(branch.at(-1) ?? open)];
      hide(at, end, /^(?:\/[/*]|#|[ \t]*#|--|=begin)/.test(found) ? ' ' : '"');
    }
  }
  reach(text.length, top());
  parts.push(text.slice(done));
  return { code: parts.join(''), partner, within, starts };
}

/** Whether a slash here starts a regular expression and is no division: by what stands in front of it. */
function mayBePattern(text: string, at: number): boolean {
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  const last = before.at(-1);
  if (last === undefined) return true;
  if (/[\w$)\]}"'`<]/.test(last)) return /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|yield|await|void|delete|throw)$/.test(before);
  return true;
}

function endOfNested(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 0;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function blank(text: string, mark: string): string {
  return text.includes('\n') ? text.replace(/[^\n]/g, mark) : mark.repeat(text.length);
}

function lineStarts(text: string): Int32Array {
  let count = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) count++;
  const starts = new Int32Array(count);
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts[line++] = at + 1;
  return starts;
}
