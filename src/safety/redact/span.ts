/** A piece of text that must not leave, [start, end) in UTF-16 units, and what it is. `kind`: A-Z, 0-9 and single underscores. */
export type Span = { readonly start: number; readonly end: number; readonly kind: string };

/**
 * A form around a secret, which stands in the first group that matched (there are three at most, without names, which cost more than all the rest of a match); with `list` it holds cookies. The
 * expression must be linear: bounded parts behind a literal. `needs`: in lower case, parts of which every match holds one; a text without any of them is not searched.
 */
export type Form = {
  readonly kind: string;
  readonly form: RegExp;
  readonly needs: readonly string[];
  readonly list?: boolean;
  readonly least?: number;
  readonly chance?: number;
};

/** For each ASCII character whether the class holds it, by its code: where every character of a text is asked about, many times faster than an expression. */
export function asciiTable(chars: RegExp): Uint8Array {
  return Uint8Array.from({ length: 128 }, (_, code) => Number(chars.test(String.fromCharCode(code))));
}

/** The codes of a text, one read each: where every character is asked about, several times faster than asking the string. */
export function codesOf(text: string): Uint16Array {
  const bytes = Buffer.from(text, 'utf16le');
  return new Uint16Array(bytes.buffer, bytes.byteOffset, text.length);
}

/** Where a sticky rule ends when it fits at a place. */
export function step(rule: RegExp, text: string, at: number): number | undefined {
  rule.lastIndex = at;
  return rule.test(text) ? rule.lastIndex : undefined;
}

/** Where the line at a place ends: at its break, or with the text. */
export function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

/** Overlapping spans joined, in order. The kind is that of the span that starts first (the longer one where both start alike). */
export function joinSpans(lists: readonly (readonly Span[])[]): Span[] {
  const all: Span[] = [];
  for (const list of lists) for (const span of list) all.push(span);
  const joined: Span[] = [];
  for (const span of all.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = joined.at(-1);
    if (span.end <= span.start) continue;
    if (last && span.start < last.end) {
      if (span.end > last.end) joined[joined.length - 1] = { ...last, end: span.end };
    } else joined.push(span);
  }
  return joined;
}

/** One span per line, without the blanks around it, so that no line break is ever replaced. */
export function splitLines(text: string, span: Span): Span[] {
  const parts: Span[] = [];
  if (span.end - span.start === 1) return isBreak(text.charCodeAt(span.start)) || isBlank(text.charCodeAt(span.start)) ? [] : [span];
  let start = span.start;
  while (start < span.end) {
    let end = start;
    while (end < span.end && !isBreak(text.charCodeAt(end))) end++;
    let from = start;
    let to = end;
    while (from < to && isBlank(text.charCodeAt(from))) from++;
    while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
    if (to > from) parts.push({ start: from, end: to, kind: span.kind });
    start = end + 1;
  }
  return parts;
}

function isBreak(code: number): boolean {
  return code === 10 || code === 13 || code === 0x2028 || code === 0x2029;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
