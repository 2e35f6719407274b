import { loadVocabulary, type RankOf } from './vocabulary.ts';

/** Tokens are counted in the cl100k family, which GLM's vocabulary extends; a factor per variant, learnt from usage, covers the rest. */

let rankOf: RankOf | undefined;

const longRun = /\p{L}{400,}|\s{400,}|[^\s\p{L}\p{N}]{400,}/gu;
/** A run of 400 makes a piece of at least half of that, whichever way it is cut. */
const suspiciousBytes = 130;
const pieceChars = 200;

/**
 * cl100k tokens of `text`, special marks counted as plain text. Merging takes quadratic time on a run without a break: such a run is
 * counted in pieces, at most one token more each.
 */
export function countTokens(text: string): number {
  const count = countPieces(text, suspiciousBytes);
  if (count !== undefined) return count;
  let total = 0;
  let from = 0;
  const whole = (part: string) => countPieces(part, Number.POSITIVE_INFINITY) ?? 0;
  for (const { 0: run, index } of text.matchAll(longRun)) {
    total += whole(text.slice(from, index));
    for (let at = 0; at < run.length; at += pieceChars) total += whole(run.slice(at, at + pieceChars));
    from = index + run.length;
  }
  return total + whole(text.slice(from));
}

/** Undefined where a piece is longer than `mostBytes`. */
function countPieces(text: string, mostBytes: number): number | undefined {
  rankOf ??= loadVocabulary();
  let total = 0;
  for (const { part, isAscii } of cutStretches(text)) {
    const count = isAscii ? countLines(part, mostBytes, rankOf) : countAny(part, mostBytes, rankOf);
    if (count === undefined) return undefined;
    total += count;
  }
  return total;
}

const beyondAscii = /[^\0-\x7f]/g;
/** A break of lines before a character that is no blank: no piece reaches over it, and what is before it is cut as at the end of a text. */
const seam = /\n(?=[!-~])/g;

const isSeam = (text: string, at: number) => text[at - 1] === '\n' && /[!-~]/.test(text[at] ?? '');

/** Most of most texts is ASCII, which is cut faster; lines that hold anything else go for themselves. */
function* cutStretches(text: string): Generator<{ readonly part: string; readonly isAscii: boolean }> {
  for (let from = 0; from < text.length; ) {
    beyondAscii.lastIndex = from;
    const strange = beyondAscii.exec(text)?.index ?? text.length;
    let start = strange;
    if (start < text.length) while (start > from && !isSeam(text, start)) start--;
    if (start > from) yield { part: text.slice(from, start), isAscii: true };
    if (strange === text.length) return;
    seam.lastIndex = strange;
    from = (seam.exec(text)?.index ?? text.length) + 1;
    yield { part: text.slice(start, from), isAscii: false };
  }
}

const split =
  /'(?:[sS]|[dD]|[mM]|[tT]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+$|\s*[\r\n]|\s+(?!\S)|\s/gu;

function countAny(text: string, mostBytes: number, rank: RankOf): number | undefined {
  let total = 0;
  for (const [piece] of text.matchAll(split)) {
    const bytes = Buffer.from(piece);
    if (bytes.length > mostBytes) return undefined;
    total += countPiece(bytes, 0, bytes.length, rank);
  }
  return total;
}

const [other, letter, digit, blank, newline] = [0, 1, 2, 3, 4];
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
  const one = String.fromCharCode(code);
  return /[a-z]/i.test(one) ? letter : /\d/.test(one) ? digit : /[\r\n]/.test(one) ? newline : /\s/.test(one) ? blank : other;
});

/** Counts of lines: a pack is counted by definition, by file, with and without signatures, and as a whole. */
const counted = new Map<string, number>();
const mostCounted = 20_000;

/** By line, with the blank ones below it. What has longer pieces is not remembered, so that the same text has one count. */
function countLines(text: string, mostBytes: number, rank: RankOf): number | undefined {
  let bytes: Buffer | undefined;
  let total = 0;
  for (let from = 0; from < text.length; ) {
    const end = endOfLine(text, from);
    const line = text.slice(from, end);
    let count = counted.get(line);
    if (count === undefined) {
      bytes ??= Buffer.from(text, 'latin1');
      count = countAscii(bytes, from, end, mostBytes, rank);
      if (count === undefined) return undefined;
      if (counted.size === mostCounted) counted.clear();
      if (mostBytes === suspiciousBytes) counted.set(line, count);
    }
    total += count;
    from = end;
  }
  return total;
}

/** Behind the break before the next line that shows anything: no piece reaches over it, and blanks at the end of a text are one piece. */
function endOfLine(text: string, from: number): number {
  for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', at + 1)) {
    let next = at + 1;
    while (text.charCodeAt(next) === 32 || text.charCodeAt(next) === 9) next++;
    const code = text.charCodeAt(next);
    if (code > 32 && code < 127) return at + 1;
  }
  return text.length;
}

/** Cuts as `split` does, by hand on bytes: six times as fast. */
function countAscii(bytes: Buffer, from: number, length: number, mostBytes: number, rank: RankOf): number | undefined {
  const kindAt = (at: number) => (at < length ? (kinds[bytes[at] ?? 0] ?? other) : -1);
  let total = 0;
  for (let at = from; at < length; ) {
    const start = at;
    const kind = kindAt(at);
    const next = kindAt(at + 1);
    const short = bytes[at] === 39 ? contraction(bytes, at + 1) : 0;
    if (short > 0) at += 1 + short;
    else if (kind === letter || (next === letter && (kind === blank || kind === other))) {
      at++;
      while (kindAt(at) === letter) at++;
    } else if (kind === digit) {
      at++;
      while (kindAt(at) === digit && at - start < 3) at++;
    } else if (kind === other || (bytes[at] === 32 && next === other)) {
      at++;
      while (kindAt(at) === other) at++;
      while (kindAt(at) === newline) at++;
    } else at = endOfBlanks(length, at, kindAt);
    if (at - start > mostBytes) return undefined;
    total += countPiece(bytes, start, at, rank);
  }
  return total;
}

/** Letters of 's, 'd, 'm, 't, 'll, 've or 're after the apostrophe. */
function contraction(bytes: Uint8Array, at: number): number {
  const one = String.fromCharCode((bytes[at] ?? 0) | 32);
  const two = one + String.fromCharCode((bytes[at + 1] ?? 0) | 32);
  if ('sdmt'.includes(one)) return kinds[bytes[at] ?? 0] === letter ? 1 : 0;
  return (two === 'll' || two === 've' || two === 're') && kinds[bytes[at] ?? 0] === letter && kinds[bytes[at + 1] ?? 0] === letter ? 2 : 0;
}

/** Up to the last line break among blanks, else all of them; the last one goes with what follows. */
function endOfBlanks(length: number, from: number, kindAt: (at: number) => number): number {
  let at = from;
  let afterBreak = from;
  for (let kind = kindAt(at); kind === blank || kind === newline; kind = kindAt(at)) {
    at++;
    if (kind === newline) afterBreak = at;
  }
  if (at === length) return at;
  if (afterBreak > from) return afterBreak;
  return at - from > 1 ? at - 1 : at;
}

let starts = new Int32Array(512);
let ranks = new Int32Array(512);
const never = 0x7fffffff;

/** Counts of pieces that are several tokens, by their bytes: names recur. */
const merged = new Map<string, number>();
const mostMerged = 50_000;

function countPiece(bytes: Buffer, start: number, end: number, rank: RankOf): number {
  if (end - start < 2 || rank(bytes, start, end) >= 0) return end > start ? 1 : 0;
  const key = bytes.toString('latin1', start, end);
  let count = merged.get(key);
  if (count === undefined) {
    count = mergePairs(bytes, start, end, rank);
    if (merged.size === mostMerged) merged.clear();
    merged.set(key, count);
  }
  return count;
}

/** Byte pair encoding of one piece: as long as two neighbours are a token together, those of the lowest rank are joined. */
function mergePairs(bytes: Uint8Array, start: number, end: number, rank: RankOf): number {
  let parts = end - start;
  if (starts.length < parts + 2) {
    starts = new Int32Array(parts * 2);
    ranks = new Int32Array(parts * 2);
  }
  const rankAt = (part: number): number => {
    if (part + 2 > parts) return never;
    const found = rank(bytes, starts[part] ?? 0, starts[part + 2] ?? 0);
    return found < 0 ? never : found;
  };
  for (let part = 0; part <= parts; part++) starts[part] = start + part;
  for (let part = 0; part < parts; part++) ranks[part] = rankAt(part);
  for (;;) {
    let best = 0;
    for (let part = 1; part < parts; part++) if ((ranks[part] ?? never) < (ranks[best] ?? never)) best = part;
    if ((ranks[best] ?? never) === never) return parts;
    starts.copyWithin(best + 1, best + 2, parts + 1);
    ranks.copyWithin(best + 1, best + 2, parts);
    parts--;
    ranks[best] = rankAt(best);
    if (best > 0) ranks[best - 1] = rankAt(best - 1);
  }
}
