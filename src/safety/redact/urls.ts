import { noise } from './randomness.ts';
import type { Span } from './span.ts';
import { isPlaceholder } from './value.ts';

/** What stands for a password in examples of URLs. */
export const urlDummies =
  /^(?:p|pw|pwd|pass|passwd|password|secret|token|user|username|changeme|postgres|mysql|root|admin|guest|test|example|foo|bar|x+|\*+|\.+|<.*>|\[.*\]|port|host|\d{1,5})$/i;
const authority = /[^\s/"'`<>\\?#|,]{1,600}/y;
/** A password with `/`, `#` and the like as they are, up to the `@` in front of a host. */
const raw = /[\w.%+-]{1,80}:[^\s"'`<>\\@:]{6,200}@(?=[\w.-]{1,200}(?::\d{2,5})?(?:[/?"'`\s,;)]|$)|[{$%])/y;
/** What is filled in later, whole. */
const gaps =
  /\$\{[^{}]{0,200}\}|\$\([^()]{0,200}\)|\{\{[^{}]{0,200}\}\}|\{[A-Za-z_][\w.[\]]{0,80}\}|#\{[^{}]{0,200}\}|%\(\w{1,80}\)s|%[sdvq](?!\w)|^\$[A-Za-z_]\w{0,80}$/g;
const expression = /\[\^|\(\?|\\[wdsS]|(?:^|\()\.[*+]/;
/** The key in the address of Sentry is made to be shown. */
const sentry = /^@[\w.-]*\bsentry\b[\w.-]*(?::\d+)?\/\d+/i;

/** `scheme://user:password@host` and `scheme://token@host`. */
export function urlSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    if (!/[a-z0-9+.-]/i.test(text.charAt(at - 1))) continue;
    const start = at + 3;
    const found = userAt(text, start);
    if (!found) continue;
    const colon = found.indexOf(':');
    const password = found.slice(colon + 1);
    const name = colon < 0 ? '' : found.slice(0, colon);
    if (expression.test(password) || urlDummies.test(password) || password === name || isGap(password)) continue;
    const end = start + found.length;
    if (colon < 0 ? password.length < 16 || noise(password) < 0.8 : password.length < 3 || isPlaceholder(password)) continue;
    if (/^[0-9a-f]{32}$/i.test(password) && colon < 0 && sentry.test(text.slice(end, end + 200))) continue;
    spans.push({ start: start + colon + 1, end, kind: 'URL_PASSWORD' });
    if (colon > 0 && name.length >= 8 && /\d/.test(name) && noise(name) > 0.8)
      spans.push({ start, end: start + colon, kind: 'URL_PASSWORD' });
  }
  return spans;
}

/** What stands before the `@` of the host. */
function userAt(text: string, start: number): string | undefined {
  authority.lastIndex = start;
  const usual = authority.exec(text)?.[0] ?? '';
  const mark = usual.lastIndexOf('@');
  if (mark >= 1) return usual.slice(0, mark);
  raw.lastIndex = start;
  const found = raw.exec(text)?.[0].slice(0, -1);
  const password = found?.slice(found.indexOf(':') + 1) ?? '';
  // `host:8080/path/@scope` has a port where the password would be.
  return /^\d{1,5}(?:[/?#]|$)/.test(password) || !/\d/.test(password) || noise(password) < 0.5 ? undefined : found;
}

/** Nothing of its own beside what is filled in. */
function isGap(password: string): boolean {
  const rest = password.replace(gaps, '');
  return rest !== password && (rest.length < 8 || noise(rest) < 0.5);
}
