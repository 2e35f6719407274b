/**
 * Words of code as 32-bit hashes: identifiers in lower case, and their camelCase, snake_case and kebab-case parts. One routine serves the
 * index and the query, on bytes, because strings would cost ten times the time on a large repository.
 */
const letter = 1;
const upper = 2;
const digit = 3;
const joint = 4;
const classes = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if (byte >= 97 && byte <= 122) classes[byte] = letter;
  else if (byte >= 65 && byte <= 90) classes[byte] = upper;
  else if (byte >= 48 && byte <= 57) classes[byte] = digit;
  else if (byte === 95 || byte === 36) classes[byte] = joint;
  else if (byte >= 128) classes[byte] = letter;
}

const seed = 0x811c9dc5;
const prime = 0x01000193;
const encoder = new TextEncoder();

/** Longer words are data, not names. */
const longest = 64;

/** Where the hashes go. `weights` is 1, or more where the word is being defined. Grown as needed. */
export type WordList = { hashes: Uint32Array; weights: Uint8Array; length: number };

export function makeWordList(): WordList {
  return { hashes: new Uint32Array(1 << 14), weights: new Uint8Array(1 << 14), length: 0 };
}

const definers = new Set(
  'function class def func fn interface type enum struct trait impl module const let var namespace protocol extension record object val fun sub'
    .split(' ')
    .map((word) => hashWord(word)),
);
const definitionWeight = 8;

export function hashWord(word: string): number {
  let hash = seed;
  for (const byte of encoder.encode(word.toLowerCase())) hash = Math.imul(hash ^ byte, prime);
  return hash >>> 0;
}

/** Lists the words of `bytes[0, end)` into `list`, replacing what it held. */
export function listWords(bytes: Uint8Array, end: number, list: WordList): WordList {
  if (list.hashes.length < end + 8) {
    list.hashes = new Uint32Array(end + 8);
    list.weights = new Uint8Array(end + 8);
  }
  const { hashes, weights } = list;
  let count = 0;
  let defining = false;
  let at = 0;
  while (at < end) {
    const kind = classes[bytes[at] ?? 0] ?? 0;
    if (kind === 0 || kind === digit) {
      at++;
      // `func (r *Receiver) Name(`: the receiver stands between the keyword and the name.
      if (defining && bytes[at - 1] === 40) while (at < end && bytes[at] !== 41 && bytes[at] !== 10) at++;
      else if (defining && bytes[at - 1] === 10) defining = false;
      continue;
    }
    const start = at;
    const first = count;
    let whole = seed;
    let part = seed;
    let singular = seed;
    let partLength = 0;
    let parts = 0;
    let previous = 0;
    const weight = defining ? definitionWeight : 1;
    for (; at < end; at++) {
      const byte = bytes[at] ?? 0;
      const current = classes[byte] ?? 0;
      if (current === 0) break;
      const nextIsLower = (classes[bytes[at + 1] ?? 0] ?? 0) === letter && at + 1 < end;
      const boundary = current === joint || (current === upper && previous !== 0 && (previous !== upper || nextIsLower));
      if (boundary && partLength > 0) {
        if (partLength > 1) {
          hashes[count] = (isPlural(bytes, at, partLength) ? singular : part) >>> 0;
          weights[count++] = weight;
        }
        parts++;
        part = seed;
        partLength = 0;
      }
      previous = current === joint ? 0 : current;
      if (current === joint) continue;
      const lower = current === upper ? byte + 32 : byte;
      whole = Math.imul(whole ^ lower, prime);
      singular = part;
      part = Math.imul(part ^ lower, prime);
      partLength++;
    }
    const length = at - start;
    if (length > longest) {
      count = first;
      defining = false;
      continue;
    }
    if (partLength > 1) {
      hashes[count] = (isPlural(bytes, at, partLength) ? singular : part) >>> 0;
      weights[count++] = weight;
    }
    if (parts + (partLength > 0 ? 1 : 0) > 1) {
      hashes[count] = whole >>> 0;
      weights[count++] = weight;
    }
    defining = parts === 0 && definers.has(part >>> 0);
  }
  list.length = count;
  return list;
}

/** Whether the part that ends before `at` is a plural by the look of it: tokens, but not class, is, bus. */
function isPlural(bytes: Uint8Array, at: number, length: number): boolean {
  if (length <= 3 || ((bytes[at - 1] ?? 0) | 32) !== 115) return false;
  const before = (bytes[at - 2] ?? 0) | 32;
  return before !== 115 && before !== 117 && before !== 105;
}

const singularOf = (word: string) => (word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word);

/** The same words as strings, for queries and evidence: `getParams` → get, param, getparams. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [identifier] of text.matchAll(/[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/g)) {
    if (identifier.length > longest) continue;
    const parts = identifier
      .split(/[_$]+|(?<=[a-z\d\u0080-\uffff])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z\u0080-\uffff])/)
      .filter((part) => part.length > 0)
      .map((part) => part.toLowerCase());
    for (const part of parts) if (part.length > 1) words.push(singularOf(part));
    if (parts.length > 1) words.push(parts.join(''));
  }
  return words;
}
