import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The rank of the token `bytes[start, end)`, -1 where the vocabulary has no such token. */
export type RankOf = (bytes: Uint8Array, start: number, end: number) => number;

const slots = 1 << 18;
/** What a slot takes in the file: the rank of its token and one. */
const slotBytes = 3;
const seed = 0x811c9dc5;
const prime = 0x01000193;
const tokens = 100_256;
const [equals, space, newline] = [61, 32, 10];

/**
 * cl100k as a hash table in flat arrays over the bytes of its tokens, which the build lays beside the bundle: read in a millisecond, where
 * a map of strings takes a hundred. Without a build the table is made anew from the file of its package.
 */
export function loadVocabulary(): RankOf {
  const file = packed();
  const table = tableOf(file);
  const ends = endsOf(file.subarray(slotBytes * slots, slotBytes * slots + tokens));
  const bytes = file.subarray(slotBytes * slots + tokens);
  return (given, from, to) => {
    const length = to - from;
    let slot = slotOf(given, from, to);
    for (let token = table[slot] ?? -1; token >= 0; token = table[slot] ?? -1) {
      const start = token === 0 ? 0 : (ends[token - 1] ?? 0);
      if ((ends[token] ?? 0) - start === length) {
        let same = 0;
        while (same < length && bytes[start + same] === given[from + same]) same++;
        if (same === length) return token;
      }
      slot = (slot + 1) & (slots - 1);
    }
    return -1;
  };
}

/** The token of each slot, -1 where there is none, from three bytes for each. */
function tableOf(file: Uint8Array): Int32Array {
  const table = new Int32Array(slots);
  for (let slot = 0, at = 0; slot < slots; slot++, at += slotBytes)
    table[slot] = ((file[at] ?? 0) | ((file[at + 1] ?? 0) << 8) | ((file[at + 2] ?? 0) << 16)) - 1;
  return table;
}

/** Where each token ends, from how long each is: a byte each beside the bundle in place of four. */
function endsOf(lengths: Uint8Array): Uint32Array {
  const ends = new Uint32Array(tokens);
  for (let token = 0, end = 0; token < tokens; token++) {
    end += lengths[token] ?? 0;
    ends[token] = end;
  }
  return ends;
}

function packed(): Uint8Array {
  try {
    return readFileSync(new URL('./cl100k.bin', import.meta.url));
  } catch {
    return packVocabulary();
  }
}

/** The table, the lengths of the tokens and their bytes, by rank. */
export function packVocabulary(): Uint8Array {
  const { bytes, ends } = readTokens(readFileSync(createRequire(import.meta.url).resolve('gpt-tokenizer/data/cl100k_base.tiktoken')));
  const file = new Uint8Array(slotBytes * slots + tokens + bytes.length);
  const table = new Int32Array(slots).fill(-1);
  for (let token = 0, start = 0; token < tokens; token++) {
    const end = ends[token] ?? 0;
    let slot = slotOf(bytes, start, end);
    while ((table[slot] ?? -1) >= 0) slot = (slot + 1) & (slots - 1);
    table[slot] = token;
    const said = token + 1;
    file.set([said & 255, (said >> 8) & 255, said >> 16], slotBytes * slot);
    file[slotBytes * slots + token] = end - start;
    start = end;
  }
  file.set(bytes, slotBytes * slots + tokens);
  return file;
}

function slotOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = seed;
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), prime);
  return (hash ^ (hash >>> 15)) & (slots - 1);
}

/** Lines of a token in base64 and its rank, which is the number of the line. Decoded by hand: a call for each of 100,000 lines takes longer. */
function readTokens(file: Uint8Array): { readonly bytes: Uint8Array; readonly ends: Uint32Array } {
  const values = new Uint8Array(128);
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].forEach((letter, value) => {
    values[letter.charCodeAt(0)] = value;
  });
  const bytes = new Uint8Array(file.length);
  const ends = new Uint32Array(tokens);
  let length = 0;
  let token = 0;
  for (let at = 0; at < file.length; at++) {
    let bits = 0;
    let held = 0;
    for (let byte = file[at] ?? space; byte !== space; byte = file[++at] ?? space) {
      if (byte === equals) continue;
      held = (held << 6) | (values[byte] ?? 0);
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[length++] = held >> bits;
        held &= (1 << bits) - 1;
      }
    }
    ends[token++] = length;
    while (at < file.length && file[at] !== newline) at++;
  }
  if (token !== tokens) throw new Error(`The vocabulary has ${token} tokens and not ${tokens}.`);
  return { bytes: bytes.slice(0, length), ends };
}
