import type { Range, Source } from './pairs.ts';
import { asciiTable, step } from './span.ts';
import type { Quote } from './syntax.ts';

const longest = 4096;
const mostPieces = 40;

/** A string as it stands in a file: what is between its quotes, one range a line and piece, where it ends, and what it says. */
export type Literal = { readonly ranges: readonly Range[]; readonly end: number; readonly value: string };

/** The string at a place, with the pieces that the language joins to it. Undefined where none stands, or none that ends. */
export function literalAt(source: Source, at: number): Literal | undefined {
  const { text, syntax } = source;
  const ranges: Range[] = [];
  let value = '';
  let end = at;
  for (
    let from: number | undefined = at;
    from !== undefined && ranges.length < mostPieces;
    from = syntax.joint && step(syntax.joint, text, end)
  ) {
    const piece = pieceAt(source, from);
    if (!piece) break;
    ranges.push(...linesOf(text.slice(...piece.inner), piece.inner[0]));
    value += piece.value;
    end = piece.end;
  }
  return end === at ? undefined : { ranges, end, value };
}

/** What a string or a here document of any language begins with. */
const opens = asciiTable(/["'`<%@$r]/);

type Piece = { readonly inner: Range; readonly end: number; readonly value: string };

function pieceAt(source: Source, at: number): Piece | undefined {
  const { text, syntax } = source;
  if (opens[text.charCodeAt(at)] !== 1) return undefined;
  const quote = syntax.quotes.find(({ open }) => text.startsWith(open, at));
  if (!quote) return heredocAt(source, at);
  const start = at + quote.open.length;
  const close = closeOf(text, start, quote);
  if (close === undefined) return undefined;
  const raw = text.slice(start, close);
  return { inner: [start, close], end: close + quote.close.length, value: said(raw, quote, syntax.entities) };
}

/** Where the string that began before `start` ends. */
function closeOf(text: string, start: number, { close, escape: way, lines }: Quote): number | undefined {
  const window = text.slice(start, start + longest + close.length);
  for (let at = window.indexOf(close); at >= 0; at = window.indexOf(close, at + close.length)) {
    if (way === 'slash' && slashesBefore(window, at) % 2 === 1) continue;
    if (way === 'double' && window.startsWith(close, at + close.length)) {
      at += close.length;
      continue;
    }
    return !lines && window.slice(0, at).includes('\n') ? undefined : start + at;
  }
  return undefined;
}

function slashesBefore(text: string, at: number): number {
  let count = 0;
  while (text.charAt(at - 1 - count) === '\\') count++;
  return count;
}

function said(raw: string, { close, escape: way }: Quote, entities: boolean): string {
  if (entities) return raw.replace(/&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,6});/gi, '&');
  if (way === 'slash') return !raw.includes('\\') ? raw : raw.replace(/\\([^\w\s])/g, '$1');
  return way === 'double' ? raw.replaceAll(close + close, close) : raw;
}

function heredocAt({ text, syntax: { heredoc }, open }: Source, at: number): Piece | undefined {
  if (!heredoc) return undefined;
  heredoc.lastIndex = at;
  const mark = heredoc.exec(text)?.[2];
  if (mark === undefined) return undefined;
  const start = heredoc.lastIndex;
  const limit = start + longest;
  const from = Math.max(start, open.get(mark) ?? 0);
  const close = new RegExp(`^[ \\t]{0,80}${mark}\\b`, 'm').exec(text.slice(from, limit));
  if (!close) {
    // The last line may go on behind what was looked at.
    open.set(mark, Math.max(from, text.lastIndexOf('\n', limit) + 1));
    return undefined;
  }
  const inner: Range = [start, from + close.index];
  return { inner, end: inner[1] + close[0].length, value: text.slice(...inner) };
}

/** One range a line, without the blanks around it. */
function linesOf(inner: string, start: number): Range[] {
  const ranges: Range[] = [];
  let at = start;
  for (const line of inner.includes('\n') ? inner.split('\n') : [inner]) {
    const from = at + (line.length - line.trimStart().length);
    if (line.trim()) ranges.push([from, from + line.trim().length]);
    at += line.length + 1;
  }
  return ranges;
}
