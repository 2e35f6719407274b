import { createHash } from 'node:crypto';
import type { Redactor } from '../../schema/redactor.ts';
import { chatTokens } from '../text.ts';
import { blockSpans } from './blocks.ts';
import { columnSpans } from './columns.ts';
import { searchWithin } from './deadline.ts';
import { encodedSpans } from './encoded.ts';
import { exactFinder, learnedFinder } from './exact.ts';
import { keyValueSpans } from './key-value.ts';
import { memberSpans } from './members.ts';
import { isOurs, placeholder, placeholderLike } from './placeholder.ts';
import { shapeSpans } from './shapes.ts';
import { joinSpans, type Span, splitLines } from './span.ts';
import { structureSpans } from './structure.ts';

type Known = {
  readonly key: Uint8Array;
  readonly exact: readonly string[];
  readonly words?: readonly string[] | undefined;
  readonly mostCpuMs?: number | undefined;
};

/**
 * `key` is the workspace key, `exact` the values that are secret wherever they stand, `words` those that are only where they stand as a value. The map lives in memory only. A text that takes more
 * than `mostCpuMs` to search is withheld as a whole. What was hidden in a file is hidden in what has no path (output, messages, reports) as well.
 */
export function makeRedactor({ key, exact, words, mostCpuMs = 1_000 }: Known): Redactor {
  const secrets = new Map<string, string>();
  const tokens = new Map<string, Map<string, string>>();
  const byFile = new Map<string, Set<string>>();
  const findExact = exactFinder(exact, words);
  const learned = learnedFinder();

  const hide = (kind: string, secret: string, held: Set<string> | undefined): string => {
    const ofKind = tokens.get(kind) ?? new Map<string, string>();
    if (ofKind.size === 0) tokens.set(kind, ofKind);
    const known = ofKind.get(secret);
    const token = known ?? placeholder(key, kind, secret);
    held?.add(token);
    if (known !== undefined) return token;
    ofKind.set(secret, token);
    secrets.set(token, secret);
    return token;
  };

  return {
    scope: createHash('sha256')
      .update(key)
      .update([...exact, ...(words ?? [])].join('\0'))
      .digest('hex'),
    learned: () => createHash('sha256').update(key).update(learned.all()).digest('hex'),
    redact(text, path) {
      const held = path === undefined ? undefined : (byFile.get(path) ?? new Set<string>());
      if (path !== undefined && held) byFile.set(path, held);
      const { kept, foreign } = placeholderSpans(text, key);
      for (const span of kept) held?.add(text.slice(span.start, span.end));
      const hits = searchWithin(text.length, mostCpuMs, (overdue) => [
        foreign,
        ...findAll(text, path, overdue),
        findExact(text),
        path === undefined ? learned.find(text) : [],
      ]);
      if (!hits) return { text: '', count: 0, withheld: 'took too long to search for secrets' };
      const found = joinSpans(hits);
      let out = '';
      let at = 0;
      let count = 0;
      for (const span of withoutKept(found, kept)) {
        const whole = wholeEscapes(text, span);
        for (const part of oneBlock.has(span.kind) ? [whole] : splitLines(text, whole)) {
          const secret = text.slice(part.start, part.end);
          if (path !== undefined && !apart.has(part.kind)) learned.add(secret, part.kind);
          out +=
            text.slice(at, part.start) +
            hide(part.kind === 'KNOWN' ? (learned.kindOf(secret) ?? part.kind) : part.kind, secret, held) +
            (oneBlock.has(part.kind) ? breaksOf(secret) : '');
          at = part.end;
        }
        if (!apart.has(span.kind)) count++;
      }
      return { text: out + text.slice(at), count };
    },
    restore(text, path) {
      const held = path === undefined ? undefined : byFile.get(path);
      const unknown: string[] = [];
      let restored = '';
      let at = 0;
      for (const { index, 0: token } of text.matchAll(placeholderLike)) {
        const secret = path !== undefined && !held?.has(token) ? undefined : secrets.get(token);
        const after = index + token.length;
        const breaks = breaksOf(secret ?? '');
        const known = secret !== undefined && text.startsWith(breaks, after);
        if (!known) unknown.push(token);
        restored += text.slice(at, index) + (known ? secret : token);
        at = known ? after + breaks.length : after;
      }
      restored += text.slice(at);
      return { text: restored, unknown };
    },
  };
}

type Search = (text: string, path: string | undefined, overdue: () => boolean) => Span[];

const searches: readonly Search[] = [
  markupSpans,
  shapeSpans,
  structureSpans,
  blockSpans,
  encodedSpans,
  columnSpans,
  memberSpans,
  keyValueSpans,
];

/** What all searches find. Once `overdue`, the rest is left out: nothing of such a text is used. */
function findAll(text: string, path: string | undefined, overdue: () => boolean): Span[][] {
  return searches.map((search) => (overdue() ? [] : search(text, path, overdue)));
}

/** Kinds that are one placeholder over all their lines; the lines behind the first are left empty. */
const oneBlock = new Set(['PRIVATE_KEY', 'SEALED', 'SECRET_BLOCK']);

function breaksOf(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]+/g, '');
}

/** Hidden like secrets so that they come back as they were, and not counted as secrets. */
const apart = new Set(['MARKUP', 'LITERAL']);

/** Text that shows otherwise than it reads: direction marks and tag characters. */
const disguise = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]+/gu;

/** In a prompt, text of the repository must hold neither chat-template tokens nor disguised text. */
function markupSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const form of [chatTokens, disguise])
    for (const { index, 0: found } of text.matchAll(form)) spans.push({ start: index, end: index + found.length, kind: 'MARKUP' });
  return spans;
}

/** Never cuts an escape in two, so that strings stay strings. */
function wholeEscapes(text: string, span: Span): Span {
  let { start, end } = span;
  if (text.charAt(start - 1) !== '\\' && text.charAt(end - 1) !== '\\') return span;
  if (slashesBefore(text, start) % 2 === 1) start++;
  if (slashesBefore(text, end) % 2 === 1) end--;
  return { ...span, start, end };
}

function slashesBefore(text: string, at: number): number {
  let count = 0;
  while (count < 64 && text.charAt(at - 1 - count) === '\\') count++;
  return count;
}

/** Placeholders already in the text: ours are kept, foreign ones are hidden like a secret so that they come back as they were. */
function placeholderSpans(text: string, key: Uint8Array): { readonly kept: readonly Span[]; readonly foreign: readonly Span[] } {
  const ours = new Map<string, boolean>();
  const kept: Span[] = [];
  const foreign: Span[] = [];
  for (const { index, 0: token } of text.matchAll(placeholderLike)) {
    const own = ours.get(token) ?? isOurs(key, token);
    ours.set(token, own);
    (own ? kept : foreign).push({ start: index, end: index + token.length, kind: 'LITERAL' });
  }
  return { kept, foreign };
}

/** Cuts our own placeholders out of what is to be hidden; both are in order, and no two of one kind overlap. */
function withoutKept(spans: readonly Span[], kept: readonly Span[]): readonly Span[] {
  if (kept.length === 0) return spans;
  const result: Span[] = [];
  let first = 0;
  for (const span of spans) {
    let start = span.start;
    while (first < kept.length && (kept[first]?.end ?? 0) <= start) first++;
    for (let next = first; next < kept.length; next++) {
      const own = kept[next];
      if (!own || own.start >= span.end) break;
      if (own.start > start) result.push({ ...span, start, end: own.start });
      start = own.end;
    }
    if (start < span.end) result.push({ ...span, start });
  }
  return result;
}
