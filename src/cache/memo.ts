import { createHash } from 'node:crypto';
import type { Cache } from '../schema/context.ts';

/**
 * What was worked out once, by key, so that it is not worked out again: one file of the cache, which a repeated run reads with one call.
 * What is not there, or is damaged, is undefined. Nothing secret may be noted.
 */
export type Memo = {
  readonly get: (key: string) => string | undefined;
  readonly set: (key: string, value: string) => void;
  /** What was noted as JSON, else what `derive` gives, noted. */
  readonly recall: <T>(key: string, derive: () => T) => T;
  /** Writes what was added; without additions nothing. Memo that were not used for longest go beyond the limit. */
  readonly save: () => void;
};

type Entry = { readonly value: () => string; readonly bytes: number; readonly used: number };
type Stored = { readonly run: number; readonly find: (hash: number) => Entry | undefined; readonly all: () => [number, Entry][] };

const most = 16 << 20;
const entryBytes = 16;

/** Memo under one name of the cache. Whoever notes says in its keys what the values depend on. */
export function openMemo(cache: Cache, name: string, mostBytes = most): Memo {
  const stored = decode(cache.get(`notes 1 ${name}`));
  const fresh = new Map<number, Entry>();
  const used = new Set<number>();
  const look = (hash: number) => fresh.get(hash) ?? stored.find(hash);
  const get = (key: string) => {
    const hash = hashOf(key);
    used.add(hash);
    return look(hash)?.value();
  };
  const set = (key: string, value: string) => {
    fresh.set(hashOf(key), { value: () => value, bytes: Buffer.byteLength(value), used: stored.run });
  };
  return {
    get,
    set,
    recall: (key, derive) => {
      const text = get(key);
      if (text !== undefined) return JSON.parse(text);
      const value = derive();
      set(key, JSON.stringify(value));
      return value;
    },
    save: () => {
      if (fresh.size === 0) return;
      const entries = new Map(stored.all().map(([hash, entry]) => [hash, used.has(hash) ? { ...entry, used: stored.run } : entry]));
      for (const [hash, entry] of fresh) entries.set(hash, entry);
      cache.set(`notes 1 ${name}`, encode(newest(entries, mostBytes), stored.run));
    },
  };
}

function newest(entries: ReadonlyMap<number, Entry>, mostBytes: number): [number, Entry][] {
  const kept: [number, Entry][] = [];
  let left = mostBytes;
  for (const [hash, entry] of [...entries].sort((a, b) => b[1].used - a[1].used || a[0] - b[0])) {
    left -= entry.bytes + entryBytes;
    if (left < 0) break;
    kept.push([hash, entry]);
  }
  return kept.sort((a, b) => a[0] - b[0]);
}

/** 48 bits of a digest: few enough for a number, enough for a hundred thousand notes. */
function hashOf(key: string): number {
  return createHash('sha1').update(key).digest().readUIntBE(0, 6);
}

/** Count and run, the hashes in order, for each the end of its value and the run that used it last, then the values. */
function encode(entries: readonly [number, Entry][], run: number): Uint8Array {
  const values = Buffer.from(entries.map(([, { value }]) => value()).join(''));
  const hashes = Float64Array.from([entries.length, run, ...entries.map(([hash]) => hash)]);
  let end = 0;
  const places = Uint32Array.from(
    entries.flatMap(([, { bytes, used }]) => {
      end += bytes;
      return [end, used];
    }),
  );
  return Buffer.concat([new Uint8Array(hashes.buffer), new Uint8Array(places.buffer), values]);
}

function decode(bytes: Uint8Array | undefined): Stored {
  const none = { run: 1, find: () => undefined, all: () => [] };
  if (!bytes || bytes.length < 16) return none;
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  const [count = 0, run = 0] = new Float64Array(aligned.buffer, aligned.byteOffset, 2);
  const valuesAt = 16 + count * entryBytes;
  if (aligned.length < valuesAt) return none;
  const hashes = new Float64Array(aligned.buffer, aligned.byteOffset + 16, count);
  const places = new Uint32Array(aligned.buffer, aligned.byteOffset + 16 + count * 8, count * 2);
  const values = Buffer.from(aligned.buffer, aligned.byteOffset + valuesAt, aligned.length - valuesAt);
  const entry = (at: number): Entry => {
    const start = at === 0 ? 0 : (places[at * 2 - 2] ?? 0);
    const end = places[at * 2] ?? 0;
    return { value: () => values.toString('utf8', start, end), bytes: end - start, used: places[at * 2 + 1] ?? 0 };
  };
  return {
    run: run + 1,
    all: () => Array.from(hashes, (hash, at) => [hash, entry(at)]),
    find: (hash) => {
      let low = 0;
      for (let high = count; low < high; ) {
        const middle = (low + high) >>> 1;
        if ((hashes[middle] ?? 0) < hash) low = middle + 1;
        else high = middle;
      }
      return hashes[low] === hash ? entry(low) : undefined;
    },
  };
}
