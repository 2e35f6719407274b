import { noise } from './noise.ts';
import type { Span } from './span.ts';
import { isPlaceholder, isReference } from './value.ts';

const longestBlock = 40_000;
/** An escape, or a run of base64. The escape comes first, so that the n of `\n` is not taken for data. */
const run = /\\+[nrt]|([A-Za-z0-9+/=_-]{2,})/dg;

/** Secrets that stand on lines of their own: key blocks, PuTTY files, Kubernetes secrets, password files. */
export function blockSpans(text: string, path = ''): Span[] {
  return [...pemSpans(text), ...puttySpans(text), ...kubernetesSpans(text), ...passwordFileSpans(text, path)];
}

/** The body of every PEM block whose label says private, escaped, indented, quoted or cut off; one span per line. */
function pemSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(/----[- ]BEGIN (?:[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1)[- ]----/g)) {
    const from = match.index + match[0].length;
    const mark = text.indexOf('----', from);
    const limit = mark >= 0 && mark - from < longestBlock ? mark : Math.min(text.length, from + longestBlock);
    const end = /^----[- ]END/.test(text.slice(mark, mark + 8)) ? limit : from + openEnd(text.slice(from, limit));
    spans.push(...dataLines(text, from, end, 'PRIVATE_KEY'));
  }
  return spans;
}

/** How far a block without an end goes: as long as the lines hold base64. */
function openEnd(rest: string): number {
  return (
    /^(?:[ \t"'`+,>|*#/-]{0,20}(?:\\+[nrt]|[A-Za-z0-9+/=]{16,}|[\w-]{1,20}: [^\n]{0,80})*[ \t"'`+,\\]{0,10}\r?\n?)*/.exec(rest)?.[0]
      .length ?? 0
  );
}

/** From the first to the last run of base64 on each line between two places. Header lines (`Proc-Type: …`) stay. */
function dataLines(text: string, from: number, to: number, kind: string): Span[] {
  const spans: Span[] = [];
  let start = from;
  while (start < to) {
    const stop = text.indexOf('\n', start);
    const end = stop < 0 || stop > to ? to : stop;
    const line = text.slice(start, end);
    const runs = /^\s*[\w-]+: /.test(line) ? [] : [...line.matchAll(run)].flatMap((found) => found.indices?.[1] ?? []);
    const bounds = runs.filter((value): value is number => typeof value === 'number');
    const first = bounds[0];
    const last = bounds.at(-1);
    if (first !== undefined && last !== undefined) spans.push({ start: start + first, end: start + last, kind });
    start = end + 1;
  }
  return spans;
}

function puttySpans(text: string): Span[] {
  return [
    ...text.matchAll(
      /^[ \t]*(?:Private-Lines: \d{1,3}\r?\n((?:[A-Za-z0-9+/=]{1,80}(?:\r?\n|$)){1,200})|Private-(?:MAC|Hash): ([0-9a-f]{32,128}))/dgm,
    ),
  ].flatMap((match) => {
    const at = match.indices?.[1] ?? match.indices?.[2];
    return at ? [{ start: at[0], end: at[1], kind: 'PRIVATE_KEY' }] : [];
  });
}

/** Every value under `data` and `stringData` of a Kubernetes secret, in YAML and in JSON. */
function kubernetesSpans(text: string): Span[] {
  if (!/\bkind["']?[ \t]*:[ \t]*["']?Secret\b/.test(text)) return [];
  const spans: Span[] = [];
  const byIndent = new Map<string, RegExp>();
  for (const head of text.matchAll(/^([ \t]{0,80})(?:data|stringData):[ \t]*\r?\n/gm)) {
    const indent = head[1] ?? '';
    const known = byIndent.get(indent);
    const inner =
      known ??
      new RegExp(`${indent}[ \\t]+[\\w.-]+:[ \\t]*(?:[|>][-+]?[ \\t]*\\r?\\n[ \\t]+)?["']?([^\\s"'#][^"'\\n]*)?["']?[ \\t]*\\r?\\n?`, 'dy');
    byIndent.set(indent, inner);
    inner.lastIndex = head.index + head[0].length;
    for (let match = inner.exec(text); match?.[0]; match = inner.exec(text)) spans.push(...held(match[1], match.indices?.[1]));
  }
  for (const head of text.matchAll(/"(?:data|stringData)"\s*:\s*\{([^{}]{1,20000})\}/dg)) {
    const from = head.indices?.[1]?.[0] ?? 0;
    for (const match of (head[1] ?? '').matchAll(/"[\w.-]+"\s*:\s*"([^"\n\\]+)"/dg)) {
      spans.push(...held(match[1], match.indices?.[1]).map((span) => ({ ...span, start: span.start + from, end: span.end + from })));
    }
  }
  return spans;
}

function held(value: string | undefined, at: readonly [number, number] | undefined): Span[] {
  if (!value || !at || value.length < 4 || isPlaceholder(value.trim()) || isReference(value)) return [];
  return [{ start: at[0], end: at[1], kind: 'SECRET_DATA' }];
}

/** Lines of `.pgpass`, `.htpasswd` and `shadow` under any file name. */
function passwordFileSpans(text: string, path: string): Span[] {
  const hashes = [...text.matchAll(/^[\w.@-]{1,64}:(\$(?:apr1|1|2[aby]|5|6|7|y)\$[\w./$=,-]{20,200}|\{SHA\}[\w+/=]{20,60})/dgm)];
  const plain = /\.[a-z]{2,5}$/i.test(path) && !/\.(?:txt|conf|log|md)$/i.test(path) ? [] : [...text.matchAll(pgpass)];
  const wanted = plain.filter((match) => !isPlaceholder(match[1] ?? '') && noise(match[1] ?? '') > -0.5);
  return [...hashes, ...wanted].flatMap((match) => {
    const at = match.indices?.[1];
    return at ? [{ start: at[0], end: at[1], kind: 'PASSWORD' }] : [];
  });
}

const pgpass = /^[\w.*-]{1,200}:(?:\d{4,5}|\*):[\w.*-]{1,80}:[\w.*-]{1,80}:(\S{4,200})$/dgm;
