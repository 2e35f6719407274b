import type { Span } from './span.ts';

/** Tokens that are known by their own shape. The prefix must start a word; `body` follows it. */
type Shape = { readonly kind: string; readonly prefix: string; readonly body: RegExp };

const shapes: readonly Shape[] = [
  { kind: 'GITHUB', prefix: 'ghp_', body: /[A-Za-z0-9]{30,}/y },
  { kind: 'GITHUB', prefix: 'gho_', body: /[A-Za-z0-9]{30,}/y },
  { kind: 'GITHUB', prefix: 'ghs_', body: /[A-Za-z0-9]{30,}/y },
  { kind: 'GITHUB', prefix: 'github_pat_', body: /\w{40,}/y },
  { kind: 'AWS', prefix: 'AKIA', body: /[A-Z2-7]{16}(?![A-Za-z0-9])/y },
  { kind: 'OPENAI', prefix: 'sk-', body: /[\w-]{20,}/y },
  { kind: 'SLACK', prefix: 'xox', body: /[a-z]-[\w-]{10,}/y },
  { kind: 'GOOGLE', prefix: 'AIza', body: /[\w-]{35}/y },
  { kind: 'JWT', prefix: 'eyJ', body: /[\w-]{10,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?/y },
  { kind: 'NPM', prefix: 'npm_', body: /[A-Za-z0-9]{36}/y },
];

export function shapeSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const { kind, prefix, body } of shapes) {
    for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 1)) {
      if (/[A-Za-z0-9]/.test(text.charAt(at - 1))) continue;
      body.lastIndex = at + prefix.length;
      if (body.test(text)) spans.push({ start: at, end: body.lastIndex, kind });
    }
  }
  return spans;
}
