import type { Span } from './span.ts';
import { isWord } from './value.ts';

const encodedChar = /[A-Za-z0-9+/=_-]/;
const wordChar = /[A-Za-z0-9]/;

type Form = { readonly text: string; readonly encoded: boolean; readonly word: boolean };

/**
 * Finds known values as they are and as they look URL-encoded, JSON-escaped, in hex and inside base64. `words`: values that are words of
 * a language, found only where one stands as a value: between quotes, behind `=` or `:`, in a header, in an address.
 */
export function exactFinder(values: readonly string[], words: readonly string[] = []): (text: string) => Span[] {
  const forms = new Map<string, Form>();
  for (const value of values) {
    if (value.length < 3) continue;
    // A short name such as a user's must stand alone: "ann" is not found in "cannot".
    const word = value.length < 16 && /^[A-Za-z0-9._-]+$|^\//.test(value);
    const add = (text: string, encoded: boolean) => {
      if (!forms.has(text)) forms.set(text, { text, encoded, word: word && !encoded });
    };
    add(value, false);
    add(encodeURIComponent(value), false);
    add(JSON.stringify(value).slice(1, -1), false);
    if (Buffer.byteLength(value) >= 8) for (const text of encodings(value)) add(text, true);
  }
  const all = [...forms.values()].sort((a, b) => b.text.length - a.text.length);
  return (text) => [...all.flatMap((form) => occurrences(text, form)), ...words.flatMap((word) => asValues(text, word))];
}

const shortestLearned = 8;
const mostLearned = 100;

/** Values that were hidden in one text, with what they were called there. */
export type Learned = {
  readonly add: (value: string, kind: string) => void;
  readonly kindOf: (value: string) => string | undefined;
  readonly find: (text: string) => Span[];
  /** All of them, in one text. */
  readonly all: () => string;
};

/** Finds values that were known by their place in one text in others, where nothing around them tells. */
export function learnedFinder(): Learned {
  const values = new Map<string, string>();
  let finder: ((text: string) => Span[]) | undefined;
  return {
    add(value, kind) {
      if (value.length < shortestLearned || values.size >= mostLearned || values.has(value) || isWord(value)) return;
      values.set(value, kind);
      finder = undefined;
    },
    kindOf: (value) => values.get(value),
    find(text) {
      // As a program prints it: without the backslashes of its literal.
      finder ??= exactFinder([...values.keys()].flatMap((value) => [value, value.replace(/\\(.)/g, '$1')]));
      return finder(text);
    },
    all: () => [...values.keys()].sort().join('\0'),
  };
}

function asValues(text: string, word: string): Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf(word); start >= 0; start = text.indexOf(word, start + word.length)) {
    const end = start + word.length;
    const led = /(?:[=:][ \t]{0,8}["'`]?|["'`]|\b(?:Bearer|Basic|Token)[ \t])$/.test(text.slice(Math.max(0, start - 12), start));
    if (led && /^(?:["'`\s,;&@)\]}]|$)/.test(text.slice(end, end + 1))) spans.push({ start, end, kind: 'KNOWN' });
  }
  return spans;
}

/** What stays the same of a value in base64, wherever it starts in the encoded bytes, and its hex forms. */
function encodings(value: string): string[] {
  const found: string[] = [];
  for (let offset = 0; offset < 3; offset++) {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)])
      .toString('base64')
      .replace(/=+$/, '');
    const bytes = offset + Buffer.byteLength(value);
    const core = encoded.slice(offset === 0 ? 0 : offset + 1, bytes % 3 === 0 ? undefined : -1);
    found.push(core, core.replaceAll('+', '-').replaceAll('/', '_'));
  }
  const hex = Buffer.from(value).toString('hex');
  return [...found, hex, hex.toUpperCase()];
}

function occurrences(text: string, form: Form): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(form.text); at >= 0; at = text.indexOf(form.text, at + 1)) {
    let start = at;
    let end = at + form.text.length;
    if (form.word && (wordChar.test(text.charAt(start - 1)) || wordChar.test(text.charAt(end)))) continue;
    if (form.encoded) {
      while (start > at - 4096 && start > 0 && encodedChar.test(text.charAt(start - 1))) start--;
      while (end < at + 4096 && end < text.length && encodedChar.test(text.charAt(end))) end++;
    }
    spans.push({ start, end, kind: 'KNOWN' });
    at = end - 1;
  }
  return spans;
}
