import { chatTokens } from '../text.ts';
import { blockSpans } from './blocks.ts';
import { columnSpans } from './columns.ts';
import { encodedSpans } from './encoded.ts';
import { exactFinder } from './exact.ts';
import { keyValueSpans } from './key-value.ts';
import { isOurs, placeholder, placeholderLike } from './placeholder.ts';
import { shapeSpans } from './shapes.ts';
import { joinSpans, type Span, splitLines } from './span.ts';
import { structureSpans } from './structure.ts';

export type Redactor = {
  /** Replaces every secret, and every token of a chat template, by its placeholder. Same line count; JSON stays JSON; redacting twice changes nothing. `count` = secrets found. */
  readonly redact: (text: string, path?: string) => { readonly text: string; readonly count: number };
  /**
   * Puts the secrets back. `unknown` holds placeholders that stand for nothing this redactor has seen, and, with a path, those that
   * the file at `path` never held: text with unknown ones must be refused.
   */
  readonly restore: (text: string, path?: string) => { readonly text: string; readonly unknown: string[] };
};

/** `key` is the workspace key, `exact` the values that are secret wherever they stand. The map lives in memory only. */
export function makeRedactor({ key, exact }: { key: Uint8Array; exact: readonly string[] }): Redactor {
  const secrets = new Map<string, string>();
  const tokens = new Map<string, string>();
  const byFile = new Map<string, Set<string>>();
  const findExact = exactFinder(exact);

  const hide = (kind: string, secret: string, held: Set<string> | undefined): string => {
    const name = `${kind} ${secret}`;
    const token = tokens.get(name) ?? placeholder(key, kind, secret);
    tokens.set(name, token);
    secrets.set(token, secret);
    held?.add(token);
    return token;
  };

  return {
    redact(text, path) {
      const held = path === undefined ? undefined : (byFile.get(path) ?? new Set<string>());
      if (path !== undefined && held) byFile.set(path, held);
      const already = ownSpans(text, key);
      for (const span of already) if (!span.kind) held?.add(text.slice(span.start, span.end));
      const found = joinSpans([
        ...already.filter((span) => span.kind),
        ...markupSpans(text),
        ...findExact(text),
        ...shapeSpans(text),
        ...structureSpans(text),
        ...blockSpans(text, path),
        ...encodedSpans(text),
        ...columnSpans(text, path),
        ...keyValueSpans(text, path),
      ]);
      const kept = already.filter((span) => !span.kind);
      let out = '';
      let at = 0;
      let count = 0;
      for (const span of withoutKept(found, kept)) {
        for (const part of splitLines(text, wholeEscapes(text, span))) {
          out += text.slice(at, part.start) + hide(part.kind, text.slice(part.start, part.end), held);
          at = part.end;
        }
        if (!apart.has(span.kind)) count++;
      }
      return { text: out + text.slice(at), count };
    },
    restore(text, path) {
      const held = path === undefined ? undefined : byFile.get(path);
      const unknown: string[] = [];
      const restored = text.replace(placeholderLike, (token) => {
        const secret = path !== undefined && !held?.has(token) ? undefined : secrets.get(token);
        if (secret === undefined) unknown.push(token);
        return secret ?? token;
      });
      return { text: restored, unknown };
    },
  };
}

/** Hidden like secrets so that they come back as they were, and not counted as secrets. */
const apart = new Set(['MARKUP', 'LITERAL']);

/** Text that shows otherwise than it reads: direction marks and tag characters. */
const disguise = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]+/gu;

/** In a prompt, text of the repository must hold neither chat-template tokens nor disguised text. */
function markupSpans(text: string): Span[] {
  return [...text.matchAll(chatTokens), ...text.matchAll(disguise)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    kind: 'MARKUP',
  }));
}

/** Never cuts an escape in two, so that strings stay strings. */
function wholeEscapes(text: string, span: Span): Span {
  let { start, end } = span;
  if (slashesBefore(text, start) % 2 === 1) start++;
  if (slashesBefore(text, end) % 2 === 1) end--;
  return { ...span, start, end };
}

function slashesBefore(text: string, at: number): number {
  let count = 0;
  while (count < 64 && text.charAt(at - 1 - count) === '\\') count++;
  return count;
}

/** Placeholders already in the text: ours (empty kind) are left alone, foreign ones are hidden like a secret so that they come back as they were. */
function ownSpans(text: string, key: Uint8Array): Span[] {
  return [...text.matchAll(placeholderLike)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    kind: isOurs(key, match[0]) ? '' : 'LITERAL',
  }));
}

/** Cuts our own placeholders out of what is to be hidden. */
function withoutKept(spans: readonly Span[], kept: readonly Span[]): Span[] {
  if (kept.length === 0) return [...spans];
  const result: Span[] = [];
  for (const span of spans) {
    let start = span.start;
    for (const own of kept) {
      if (own.end <= start || own.start >= span.end) continue;
      if (own.start > start) result.push({ ...span, start, end: own.start });
      start = own.end;
    }
    if (start < span.end) result.push({ ...span, start });
  }
  return result;
}
