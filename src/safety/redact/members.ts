import { type Literal, literalAt } from './literals.ts';
import { openSource, type Range, type Source } from './pairs.ts';
import { endOfLine, type Span, step } from './span.ts';
import { isSecret } from './value.ts';

/** A mapping whose members are secrets, whatever they are called: opened by a brace, by an indented block, as a section or as a block of HCL. */
const head =
  /(?<![\w.-])["']?(?:[A-Za-z]{1,20}[_-])?(?:secrets|credentials|passwords)["']?[ \t]{0,8}(?:(?:=>|[:=])?[ \t]{0,8}\{|:[ \t]{0,8}(?:#[^\n]{0,80})?\r?\n)|^[ \t]{0,8}\[{1,2}[\w.-]{0,40}?(?:secrets|credentials|passwords)[\w.-]{0,40}\]{1,2}[ \t]{0,8}\r?\n/gim;
const member = /(?<![\w./-])(?:["']([\w./-]{1,60})["']|:?([A-Za-z_][\w./-]{0,60}))[ \t]{0,8}(?:=>|[:=])[ \t]{0,8}/g;
/** Members that say something about a secret. */
const plainMember =
  /(?:^|[_.-])(?:name|names|type|kind|description|id|ids|ref|user|username|login|email|url|uri|host|port|file|path|source|required|external|region|version|provider|scope|env|environment|account|profile|format|driver|default|title|label|helper|database|db_name|schema)$/i;
const longest = 20_000;

/** Values in a mapping called `secrets` or `credentials`. */
export function memberSpans(text: string, path = ''): Span[] {
  const source = openSource(text, path);
  const spans: Span[] = [];
  head.lastIndex = 0;
  for (let match = head.exec(text); match; match = head.exec(text)) {
    const from = match.index + match[0].length;
    const to = endOf(text, match.index, from, match[0]);
    spans.push(...inside(source, [from, to]));
    head.lastIndex = Math.max(head.lastIndex, to);
  }
  return [...spans, ...hostSpans(text)];
}

const hosts = /"(?:[a-z]{1,20}-(?:oauth|token)|bearer)"\s{0,8}:\s{0,8}\{\s{0,80}/g;
const byHost = /"[\w-]{1,60}(?:\.[\w-]{1,60}){1,6}(?::\d{1,5})?"\s{0,8}:\s{0,8}"([^"\n]{8,400})"\s{0,8},?\s{0,80}/dy;

/** `"gitlab-token": { "host": "…" }`, as Composer keeps them. */
function hostSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const { index, 0: opened } of text.matchAll(hosts)) {
    byHost.lastIndex = index + opened.length;
    for (let pair = byHost.exec(text); pair; pair = byHost.exec(text)) {
      const at = pair.indices?.[1];
      if (at && isSecret(pair[1] ?? '', 'password')) spans.push({ start: at[0], end: at[1], kind: 'SECRET_DATA' });
    }
  }
  return spans;
}

/** Where a mapping ends: at its closing brace, before the next section, or where a line is no deeper than the name. */
function endOf(text: string, at: number, from: number, opened: string): number {
  const window = text.slice(from, from + longest);
  if (opened.endsWith('{')) {
    let depth = 1;
    for (const { index, 0: brace } of window.matchAll(/[{}]/g)) {
      depth += brace === '{' ? 1 : -1;
      if (depth === 0) return from + index;
    }
    return from + window.length;
  }
  if (opened.trimStart().startsWith('[')) {
    const next = /^[ \t]*\[/m.exec(window)?.index;
    return from + (next ?? window.length);
  }
  const indent = /[ \t-]*$/.exec(text.slice(Math.max(0, at - 80), at))?.[0].length ?? 0;
  for (let end = from; end < from + window.length; ) {
    const next = endOfLine(text, end);
    const line = text.slice(end, Math.min(next, end + longest));
    if (line.trim() && line.length - line.trimStart().length <= indent) return end;
    end = next + 1;
  }
  return from + window.length;
}

function inside(source: Source, [from, to]: Range): Span[] {
  const spans: Span[] = [];
  // No further than the mapping: the next member of a long text may be far.
  const mapping = source.text.slice(from, to);
  member.lastIndex = 0;
  for (let match = member.exec(mapping); match; match = member.exec(mapping)) {
    const at = from + match.index + match[0].length;
    if (plainMember.test(match[1] ?? match[2] ?? '')) continue;
    const string = literalAt(source, at);
    const found = string ? fromLiteral(string) : bare(source, at);
    if (found.length === 0) continue;
    spans.push(...found);
    member.lastIndex = Math.max(member.lastIndex, (string?.end ?? 0) - from);
  }
  return spans;
}

function fromLiteral({ ranges, value }: Literal): Span[] {
  if (!isSecret(value.trim(), 'password', 'literal')) return [];
  return ranges.map(([start, end]) => ({ start, end, kind: 'SECRET_DATA' }));
}

function bare({ text, syntax: { code, wholeLines } }: Source, at: number): Span[] {
  const end = code ? undefined : step(wholeLines ? /[^\s#"'{[&*!|>][^\s]{0,400}/y : /[^\s"'{}[\],;()]{1,400}/y, text, at);
  if (end === undefined || !isSecret(text.slice(at, end), 'password', 'line')) return [];
  return [{ start: at, end, kind: 'SECRET_DATA' }];
}
