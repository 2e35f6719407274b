import { shapeSpans } from './shapes.ts';
import type { Span } from './span.ts';

const shortest = 24;
const longest = 64_000;

/** Runs of base64 that hold a private key, a token or a URL with a password when decoded. One level deep. */
export function encodedSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g)) {
    const run = match[0];
    if (run.length < shortest || !isText(run.slice(0, 16))) continue;
    const decoded = Buffer.from(run.slice(0, longest), 'base64').toString('latin1');
    if (
      /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/.test(decoded) ||
      /:\/\/[^\s/:@]{0,80}:[^\s/:@]{6,200}@/.test(decoded) ||
      shapeSpans(decoded).length > 0
    ) {
      spans.push({ start: match.index, end: match.index + run.length, kind: 'ENCODED' });
    }
  }
  return spans;
}

function isText(head: string): boolean {
  return /^[\t\n\r\x20-\x7e]+$/.test(Buffer.from(head, 'base64').toString('latin1'));
}
