import type { Span } from './span.ts';

const pem = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----([^-]{16,20000}?)-----END/g;
const userinfo = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'`<>]{0,200}:([^\s/@"'`<>]{1,500})@/gi;
const authorization = /\b(?:Bearer|Basic)[ \t]+([A-Za-z0-9._~+/=-]{16,4096})/gi;

/** Secrets known by the form around them, whatever they look like themselves. */
export function structureSpans(text: string, _path?: string): Span[] {
  return [...groups(text, pem, 'PRIVATE_KEY'), ...groups(text, userinfo, 'URL_PASSWORD'), ...groups(text, authorization, 'AUTHORIZATION')];
}

function groups(text: string, rule: RegExp, kind: string): Span[] {
  return [...text.matchAll(rule)].flatMap((match) => {
    const value = match[1];
    if (!value) return [];
    const start = match.index + match[0].indexOf(value, match[0].length > value.length ? 1 : 0);
    return [{ start, end: start + value.length, kind }];
  });
}
