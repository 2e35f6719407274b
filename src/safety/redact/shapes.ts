import { noise } from './randomness.ts';
import { platformRules } from './rules.ts';
import { insideRules, serviceRules, signRules } from './service-rules.ts';
import { asciiTable, codesOf, type Span, step } from './span.ts';
import { isPlaceholder } from './value.ts';

type Shape = { readonly kind: string; readonly part: string; readonly body: RegExp };
/** Where a run ends that holds no such token: another prefix further in the same run is not tried. */
type Dead = Map<Shape, number>;

/** Bodies of one run up to a dot: whether they fit is decided where the run ends. */
const upToDot = /^\[\\w-\]\{\d+,\}\\\./;
const restOfRun = /[\w-]*/y;

const lines = (table: string) =>
  table
    .trim()
    .split('\n')
    .map((line): [string, string, string] => {
      const [kind = '', parts = '', ...body] = line.replaceAll('[0-9a-f', '[0-9a-fA-F').split(' ');
      return [kind, parts, body.join(' ')];
    });

/** Rules by the first two characters of their prefix: one look-up per start of a word, whatever the number of rules. */
const byStart = new Map<string, Shape[]>();
/** Whether a prefix may begin with these characters, by a mix of their codes: asked at every word, so without a string. */
const begins = new Uint8Array(1 << 16);
const shortPrefix = 2;
for (const [kind, parts, body] of [...lines(platformRules), ...lines(serviceRules)]) {
  for (const prefix of parts.split('|')) {
    const part = prefix.replace('\\x20', ' ');
    const known = byStart.get(part.slice(0, 2)) ?? [];
    byStart.set(part.slice(0, 2), [...known, { kind, part, body: new RegExp(body, 'y') }]);
    // One of two characters may be followed by any.
    const [first = 0, second = 0, third] = codesOf(part);
    if (third !== undefined) begins[mix(first, second, third)] = 1;
    else for (let next = 0; next < 128; next++) begins[mix(first, second, next)] = 1;
  }
}
const inside = lines(insideRules).map(([kind, part, body]): Shape => ({ kind, part, body: new RegExp(body, 'y') }));
const signs = lines(signRules).map(([kind, form]) => ({ kind, form: new RegExp(form, 'y') }));

/** `vendor_` or `vendor-live-` in front of one long run: how most makers write tokens now. What such a name says is public is none. */
const vendorForm = /(?<![\w.+/@-])((?:[a-z]{2,16}\d?[_-]|[A-Z]{2,16}\d?[_-]){1,4})([A-Za-z0-9]{20,256})(?![A-Za-z0-9_-]*[A-Za-z0-9])/y;
const anyForm = new RegExp([...signs.map(({ form }) => form), vendorForm].map(({ source }) => `(?:${source})`).join('|'), 'y');
const speaksOfSecrets = /(?:^|[_-])(?:key|apikey|token|secret|sk|api|pat|sat|access|live|prod|sandbox|personal)[_-]/i;
const harmlessVendor =
  /^(?:sha\d|md5|h1|pk|pub|phc|ca|id|chatcmpl|cs_test|cs_live)|(?:^|[_-])(?:pk|pub|public|publishable|id|hash|sha\d*|commit|rev)[_-]/i;
const known = /eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9l|AKIAI44QH8DHBEXAMPLE/;
const tokenChar = /[\w.~+/=:@!-]/;
const furthest = 200;
/** Places that are looked at in one run of token characters, so that a run made of nothing but hits stays cheap. */
const mostTries = 10_000;

const inRun = asciiTable(/[\w.+/=:!|*@-]/);
/** Each of the forms begins with one of these. */
const beginsForm = asciiTable(/[\w*+/-]/);
const inWord = asciiTable(/[A-Za-z0-9]/);
/** None of the forms begins behind one of these. */
const inName = asciiTable(/[\w.-]/);
const shortestRun = 23;

/**
 * Whole runs of the characters that signs, the vendor form and what they look at around them are made of, as long as the shortest of those:
 * most of a text is none, and no expression has to walk it. Base64 lies in such runs too.
 */
export function longRuns(text: string): (readonly [start: number, end: number])[] {
  const codes = codesOf(text);
  const runs: [number, number][] = [];
  for (let start = 0; start + shortestRun <= text.length; ) {
    // A stranger anywhere in the window ends every run that begins before it: the last one is sought first.
    let at = start + shortestRun - 1;
    while (at >= start && inRun[codes[at] ?? 0] === 1) at--;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + shortestRun;
    while (end < text.length && inRun[codes[end] ?? 0] === 1) end++;
    runs.push([start, end]);
    start = end + 1;
  }
  return runs;
}

/** Three characters as one small number; others may have the same. */
function mix(first: number, second: number, third: number): number {
  return ((first << 10) ^ (second << 5) ^ third) & 0xffff;
}

/** Tokens that are known by their own shape, wherever they stand. */
export function shapeSpans(text: string): Span[] {
  const spans: Span[] = [];
  const dead: Dead = new Map();
  const codes = codesOf(text);
  // A prefix and what follows it are three characters at least; to ask beyond the end costs more than all the rest.
  for (let at = 0; at + shortPrefix < codes.length; at++) {
    if (begins[mix(codes[at] ?? 0, codes[at + 1] ?? 0, codes[at + 2] ?? 0)] !== 1) continue;
    if (at > 0 && inWord[codes[at - 1] ?? 0] === 1 && !afterEscape(text, at)) continue;
    for (const shape of byStart.get(text.slice(at, at + 2)) ?? []) {
      if (!text.startsWith(shape.part, at)) continue;
      const end = match(shape, text, at, at + shape.part.length, dead);
      if (end === undefined) continue;
      spans.push({ start: at, end, kind: shape.kind });
      at = end - 1;
      break;
    }
  }
  const prefixed = [...spans];
  for (const shape of inside) spans.push(...insideSpans(shape, text));
  // The letter of an escape is no part of what follows it.
  const plain = text.includes('\\') ? text.replace(/\\[nrt]/g, '  ') : text;
  let next = 0;
  for (const [index, end] of longRuns(plain)) {
    while ((prefixed[next]?.end ?? end) < end) next++;
    // All of it is known already.
    if ((prefixed[next]?.start ?? end) <= index) continue;
    const run = plain.slice(index, end);
    const codes = codesOf(run);
    for (let at = 0; at < run.length; at++) {
      if (beginsForm[codes[at] ?? 0] !== 1 || (at > 0 && inName[codes[at - 1] ?? 0] === 1)) continue;
      // At most places stands none: that is asked once, not once for each form.
      anyForm.lastIndex = at;
      if (anyForm.test(run))
        spans.push(...signedAt(run, at).map((span) => ({ ...span, start: index + span.start, end: index + span.end })));
    }
  }
  return spans;
}

/** The tokens that begin at a place of a run, known by their signs or by a vendor's name. */
function signedAt(run: string, start: number): Span[] {
  const spans: Span[] = [];
  for (const { kind, form } of signs) {
    const end = step(form, run, start);
    if (end !== undefined && noise(run.slice(start, end)) > 0.8) spans.push({ start, end, kind });
  }
  vendorForm.lastIndex = start;
  const [all = '', prefix = '', body = ''] = vendorForm.exec(run) ?? [];
  if (all && isVendorToken(prefix, body)) spans.push({ start, end: start + all.length, kind: 'TOKEN' });
  return spans;
}

function isVendorToken(prefix: string, body: string): boolean {
  if (harmlessVendor.test(prefix) || isPlaceholder(body)) return false;
  if (speaksOfSecrets.test(prefix)) return noise(body) > 0.9 && /\d/.test(body);
  return body.length >= 30 && noise(body) > 1.2 && /\d/.test(body) && /[a-z]/.test(body) && /[A-Z]/.test(body);
}

function match(shape: Shape, text: string, start: number, from: number, dead: Dead = new Map()): number | undefined {
  if (from < (dead.get(shape) ?? 0)) return undefined;
  shape.body.lastIndex = from;
  if (!shape.body.test(text)) {
    if (upToDot.test(shape.body.source)) {
      restOfRun.lastIndex = from;
      dead.set(shape, from + (restOfRun.exec(text)?.[0].length ?? 0));
    }
    return undefined;
  }
  const end = shape.body.lastIndex;
  const body = text.slice(from, end);
  if (noise(body) < 0.3 || isPlaceholder(body.replace(/A{9,}/, '')) || known.test(text.slice(start, end))) return undefined;
  return end;
}

function insideSpans(shape: Shape, text: string): Span[] {
  const spans: Span[] = [];
  let runStart = 0;
  let seen = 0;
  let tries = 0;
  for (let at = text.indexOf(shape.part); at >= 0; at = text.indexOf(shape.part, at + shape.part.length)) {
    for (; seen < at; seen++) {
      if (tokenChar.test(text.charAt(seen))) continue;
      runStart = seen + 1;
      tries = 0;
    }
    for (let from = Math.max(runStart, at - furthest); from <= at && tries < mostTries; from++) {
      tries++;
      if (from > 0 && /\w/.test(text.charAt(from - 1)) && !afterEscape(text, from)) continue;
      const end = match(shape, text, from, from);
      if (end === undefined) continue;
      spans.push({ start: from, end, kind: shape.kind });
      break;
    }
  }
  return spans;
}

/** `\n`, `\t` or `%3D` right before: the letter there belongs to the escape. */
function afterEscape(text: string, at: number): boolean {
  const last = text.charAt(at - 1);
  if (text.charAt(at - 2) === '\\') return last === 'n' || last === 't' || last === 'r';
  return text.charAt(at - 3) === '%' && /^[0-9A-F]{2}$/i.test(text.slice(at - 2, at));
}
