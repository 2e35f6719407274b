import { listWords, makeWordList } from './tokenize.ts';

/**
 * An inverted index in flat arrays: words by hash, ascending; for each a run of (document gap, count) varints. It is written to disk as
 * it stands, and is read back without a copy.
 */
export type Postings = {
  readonly hashes: Uint32Array;
  /** Where the run of word i starts in `runs`; one more entry than words. */
  readonly offsets: Uint32Array;
  readonly runs: Uint8Array;
  /** Words per document, weights not counted. */
  readonly lengths: Uint32Array;
};

export type PostingsBuilder = {
  /** Adds the next document: the words of `bytes[0, end)` and of its path. Documents count from 0. */
  readonly add: (bytes: Uint8Array, end: number, path: string) => void;
  readonly finish: () => Postings;
};

const firstSlice = 8;
const pointer = 4;
const heaviest = 255;

/**
 * Builds postings in one arena: every word owns a chain of slices that double in size, so that no word has an object of its own
 * (110,000 files have half a million words).
 */
export function buildPostings(): PostingsBuilder {
  const list = makeWordList();
  const encoder = new TextEncoder();
  let slots = new Int32Array(1 << 16).fill(-1);
  let hashes = new Uint32Array(1 << 15);
  let heads = new Uint32Array(1 << 15);
  let tails = new Uint32Array(1 << 15);
  let ends = new Uint32Array(1 << 15);
  let lastDocument = new Int32Array(1 << 15);
  let sizes = new Uint16Array(1 << 15);
  let counts = new Uint16Array(1 << 15);
  let touched = new Uint32Array(1 << 14);
  let arena = new Uint8Array(1 << 20);
  let lengths = new Uint32Array(1 << 10);
  let used = 0;
  let words = 0;
  let documents = 0;

  const wordOf = (hash: number): number => {
    const mask = slots.length - 1;
    let slot = (Math.imul(hash, 0x9e3779b1) >>> 0) & mask;
    for (let word = slots[slot] ?? -1; word >= 0; word = slots[slot] ?? -1) {
      if (hashes[word] === hash) return word;
      slot = (slot + 1) & mask;
    }
    if (words === hashes.length) growWords();
    slots[slot] = words;
    hashes[words] = hash;
    lastDocument[words] = -1;
    heads[words] = 0xffffffff;
    if (++words * 2 > slots.length) rehash();
    return words - 1;
  };
  const growWords = () => {
    hashes = widen(hashes, Uint32Array);
    heads = widen(heads, Uint32Array);
    tails = widen(tails, Uint32Array);
    ends = widen(ends, Uint32Array);
    lastDocument = widen(lastDocument, Int32Array);
    sizes = widen(sizes, Uint16Array);
    counts = widen(counts, Uint16Array);
  };
  const rehash = () => {
    slots = new Int32Array(slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    for (let word = 0; word < words; word++) {
      let slot = (Math.imul(hashes[word] ?? 0, 0x9e3779b1) >>> 0) & mask;
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      slots[slot] = word;
    }
  };
  const slice = (size: number): number => {
    used += size + pointer;
    while (used > arena.length) arena = widen(arena, Uint8Array);
    return used - size - pointer;
  };
  const start = (word: number, at: number, size: number) => {
    tails[word] = at;
    ends[word] = at + size;
    sizes[word] = size;
  };
  const push = (word: number, byte: number) => {
    if (sizes[word] === 0) {
      heads[word] = slice(firstSlice);
      start(word, heads[word] ?? 0, firstSlice);
    } else if (tails[word] === ends[word]) {
      const size = nextSize(sizes[word] ?? 0);
      const fresh = slice(size);
      writeInt(arena, ends[word] ?? 0, fresh);
      start(word, fresh, size);
    }
    const at = tails[word] ?? 0;
    arena[at] = byte;
    tails[word] = at + 1;
  };
  const pushNumber = (word: number, value: number) => {
    let rest = value;
    while (rest >= 128) {
      push(word, (rest & 127) | 128);
      rest >>>= 7;
    }
    push(word, rest);
  };
  const countList = (seen: number, factor: number): number => {
    let next = seen;
    if (touched.length < next + list.length) touched = widenTo(touched, next + list.length);
    for (let i = 0; i < list.length; i++) {
      const word = wordOf(list.hashes[i] ?? 0);
      const before = counts[word] ?? 0;
      if (before === 0) touched[next++] = word;
      counts[word] = Math.min(0xffff, before + (list.weights[i] ?? 1) * factor);
    }
    return next;
  };

  return {
    add: (bytes, end, path) => {
      listWords(bytes, end, list);
      if (documents === lengths.length) lengths = widen(lengths, Uint32Array);
      lengths[documents] = list.length;
      let seen = countList(0, 1);
      const name = encoder.encode(path);
      listWords(name, name.length, list);
      seen = countList(seen, 3);
      for (let i = 0; i < seen; i++) {
        const word = touched[i] ?? 0;
        pushNumber(word, documents - (lastDocument[word] ?? -1));
        push(word, Math.min(heaviest, counts[word] ?? 0));
        lastDocument[word] = documents;
        counts[word] = 0;
      }
      documents++;
    },
    finish: () => {
      const order = hashes.slice(0, words).sort();
      const offsets = new Uint32Array(words + 1);
      const runs = new Uint8Array(used);
      let written = 0;
      order.forEach((hash, i) => {
        const word = wordOf(hash);
        offsets[i] = written;
        let at = heads[word] ?? 0;
        let size = firstSlice;
        while (at + size !== ends[word]) {
          runs.set(arena.subarray(at, at + size), written);
          written += size;
          at = readInt(arena, at + size);
          size = nextSize(size);
        }
        const tail = tails[word] ?? 0;
        runs.set(arena.subarray(at, tail), written);
        written += tail - at;
      });
      offsets[words] = written;
      return {
        hashes: order,
        offsets,
        runs: runs.subarray(0, written),
        lengths: lengths.slice(0, documents),
      };
    },
  };
}

function nextSize(size: number): number {
  return Math.min(1 << 12, size * 2);
}

function readInt(arena: Uint8Array, at: number): number {
  return ((arena[at] ?? 0) | ((arena[at + 1] ?? 0) << 8) | ((arena[at + 2] ?? 0) << 16) | ((arena[at + 3] ?? 0) << 24)) >>> 0;
}

function writeInt(arena: Uint8Array, at: number, value: number): void {
  arena[at] = value;
  arena[at + 1] = value >>> 8;
  arena[at + 2] = value >>> 16;
  arena[at + 3] = value >>> 24;
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array;
type Maker<T> = new (length: number) => T;

function widen<T extends Numbers>(from: T, Maker: Maker<T>): T {
  const wider = new Maker(from.length * 2);
  wider.set(from);
  return wider;
}

function widenTo(from: Uint32Array<ArrayBuffer>, length: number): Uint32Array<ArrayBuffer> {
  const wider = new Uint32Array(length * 2);
  wider.set(from);
  return wider;
}
