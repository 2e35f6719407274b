import { longRuns, shapeSpans } from './shapes.ts';
import type { Span } from './span.ts';

const shortest = 24;
const longest = 64_000;

/** Runs of base64, and URL-encoded ones, that hold a private key, a token or a URL with a password when decoded. One level deep. */
export function encodedSpans(text: string): Span[] {
  const spans = percentSpans(text);
  const runs = longRuns(text).flatMap(([from, to]) =>
    [...text.slice(from, to).matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)].map((found) => ({ run: found[0], start: from + found.index })),
  );
  for (const { run, start } of runs) {
    if (run.length < shortest || !isText(run.slice(0, 16))) continue;
    const decoded = Buffer.from(run.slice(0, longest), 'base64').toString('latin1');
    if (
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(decoded) ||
      /:\/\/[^\s/:@]{0,80}:[^\s/:@]{6,200}@/.test(decoded) ||
      shapeSpans(decoded).length > 0
    ) {
      spans.push({ start, end: start + run.length, kind: 'ENCODED' });
    }
  }
  return spans;
}

const urlChar = /[\w.~%-]/;
const widest = 400;

/** Runs with `%2B` and the like in them that are a token when decoded. */
function percentSpans(text: string): Span[] {
  const spans: Span[] = [];
  let seen = 0;
  for (let at = text.indexOf('%'); at >= 0; at = text.indexOf('%', Math.max(at + 1, seen))) {
    let start = at;
    let end = at;
    while (start > seen && start > at - widest && urlChar.test(text.charAt(start - 1))) start--;
    while (end < at + widest && end < text.length && urlChar.test(text.charAt(end))) end++;
    seen = end;
    const run = text.slice(start, end);
    if (run.length < shortest || !/%(?:2[BF5]|3[AD])/i.test(run)) continue;
    if (shapeSpans(run.replace(/%([0-7][0-9A-F])/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))).length > 0)
      spans.push({ start, end, kind: 'ENCODED' });
  }
  return spans;
}

function isText(head: string): boolean {
  return /^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(head, 'base64').toString('latin1'));
}
