import { isUtf8 } from 'node:buffer';
import type { LeftOut, RepoFile } from '../../schema/context.ts';
import { buildPostings, type Postings } from './postings.ts';
import type { Index } from './search.ts';

/** Bytes of a document, good until the next call; undefined: it cannot be read, and `why` says for what reason. */
export type Load = (path: string) => Uint8Array | undefined;

/** The files as they are. With the `stamp` of a listing, and what differs from it, an index of the same stamp need not compare them all. */
export type Files = {
  readonly files: readonly RepoFile[];
  readonly accept: (path: string) => boolean;
  readonly load: Load;
  readonly why?: (path: string) => string;
  readonly drift?: { readonly stamp: string; readonly gone: readonly string[]; readonly fresh: readonly RepoFile[] } | undefined;
};

/** `fresh`: bytes to store for the next time. `leftOut`: documents that cannot be read, or not as they are. */
export type Opened = { readonly index: Index; readonly leftOut: readonly LeftOut[]; readonly fresh?: Uint8Array };

/** A row without a blob id stands for nothing any more. `pending`: paths that differed from the listing of this stamp. */
type Stored = {
  readonly stamp: string;
  readonly postings: Postings;
  readonly paths: readonly string[];
  /** Blob ids in one run, each padded to the width of all. */
  readonly oids: string;
  readonly notes: ReadonlyMap<string, string>;
  readonly pending: readonly string[];
};
type Built = Pick<Stored, 'postings' | 'paths' | 'notes'>;

/** Raised whenever words are split or stored in another way: older files are then rebuilt. */
const version = 4;
const magic = 0x474c4d49;
const headerWords = 6;
const unread = 'unread: ';
const strange = 'not UTF-8: sent with marks where bytes could not be read';
const fewChanges = 50;

/** The index of the files: from `stored` bytes where the blob ids agree, with a small part for what changed since. */
export function openIndex(given: Files, stored: Uint8Array | undefined): Opened {
  const old = stored && decode(stored);
  const { files, accept, drift } = given;
  if (old && drift && old.stamp === drift.stamp) {
    const { alive, changed } = follow(old, given, drift);
    if (changed.length <= enough(old.paths.length)) return join(old, alive, changed, given);
  }
  const documents = files.filter(({ path }) => accept(path));
  const stamp = drift?.stamp ?? '';
  const gone = (drift?.gone ?? []).filter(accept);
  if (old) {
    const { alive, changed } = compare(old, documents);
    if (changed.length <= enough(documents.length)) {
      const same = Uint8Array.from(alive);
      const opened = join(old, alive, changed, given);
      if (stamp === old.stamp) return opened;
      const oids = padded(old.paths.map((_, at) => (same[at] === 1 ? oidAt(old, at) : '')));
      return { ...opened, fresh: encode({ ...old, stamp, oids, pending: [...changed.map(({ path }) => path), ...gone] }) };
    }
  }
  const built = build(documents, given);
  const pending = [...documents.filter(({ oid }) => oid === undefined).map(({ path }) => path), ...gone];
  const oids = padded(documents.map(({ oid }) => oid ?? ''));
  return {
    index: { parts: [{ ...built, alive: readable(built) }] },
    leftOut: leftOutOf(built),
    fresh: encode({ ...built, stamp, oids, pending }),
  };
}

const enough = (documents: number) => Math.max(fewChanges, documents / 10);
const width = ({ oids, paths }: Pick<Stored, 'oids' | 'paths'>) => oids.length / Math.max(1, paths.length);
const oidAt = (stored: Stored, at: number) => stored.oids.slice(at * width(stored), (at + 1) * width(stored)).trimEnd();

function padded(oids: readonly string[]): string {
  const longest = oids.reduce((most, { length }) => Math.max(most, length), 0);
  return oids.map((oid) => oid.padEnd(longest)).join('');
}

function join(old: Stored, alive: Uint8Array, changed: readonly RepoFile[], given: Files): Opened {
  const kept = new Map([...old.notes].filter(([path]) => alive[place(old.paths, path)] === 1));
  for (const path of kept.keys()) if (kept.get(path)?.startsWith(unread)) alive[place(old.paths, path)] = 0;
  const base = { postings: old.postings, paths: old.paths, alive };
  if (changed.length === 0) return { index: { parts: [base] }, leftOut: leftOutOf({ notes: kept }) };
  const built = build(changed, given);
  return {
    index: { parts: [base, { ...built, alive: readable(built) }] },
    leftOut: leftOutOf({ notes: new Map([...kept, ...built.notes]) }),
  };
}

function build(documents: readonly RepoFile[], { load, why }: Files): Built {
  const builder = buildPostings();
  const notes = new Map<string, string>();
  for (const { path } of documents) {
    const bytes = load(path);
    if (!bytes) notes.set(path, `${unread}${why?.(path) ?? 'cannot be read'}`);
    else if (!isUtf8(bytes)) notes.set(path, strange);
    builder.add(bytes ?? new Uint8Array(), bytes?.length ?? 0, bytes ? path : '');
  }
  return { postings: builder.finish(), paths: documents.map(({ path }) => path), notes };
}

function readable({ paths, notes }: Built): Uint8Array | undefined {
  const none = [...notes].filter(([, note]) => note.startsWith(unread));
  if (none.length === 0) return undefined;
  const alive = new Uint8Array(paths.length).fill(1);
  for (const [path] of none) alive[place(paths, path)] = 0;
  return alive;
}

function leftOutOf({ notes }: Pick<Built, 'notes'>): LeftOut[] {
  return [...notes].map(([path, note]) => ({ path, reason: note.startsWith(unread) ? note.slice(unread.length) : note }));
}

/** The stamp is the same, so only what drifted from the listing, now or when the index was made, can differ. */
function follow(old: Stored, { accept, files }: Files, { gone, fresh }: NonNullable<Files['drift']>) {
  const alive = new Uint8Array(old.paths.length).fill(1);
  const changed = new Map(fresh.filter(({ path }) => accept(path)).map((file) => [file.path, file]));
  for (const path of [...gone, ...changed.keys(), ...old.pending]) {
    const at = place(old.paths, path);
    if (at >= 0) alive[at] = 0;
  }
  for (const path of old.pending) {
    const at = changed.has(path) ? -1 : place(files, path, ({ path: own }) => own);
    const file = files[at];
    if (file) changed.set(path, file);
  }
  return { alive, changed: [...changed.values()] };
}

function place<T>(sorted: readonly T[], path: string, pathOf: (one: T) => string = String): number {
  let low = 0;
  for (let high = sorted.length; low < high; ) {
    const middle = (low + high) >>> 1;
    const one = sorted[middle];
    if (one !== undefined && pathOf(one) < path) low = middle + 1;
    else high = middle;
  }
  const found = sorted[low];
  return found !== undefined && pathOf(found) === path ? low : -1;
}

/** Walks both sorted lists at once. A document without a blob id counts as changed. */
function compare(old: Stored, documents: readonly RepoFile[]): { alive: Uint8Array; changed: RepoFile[] } {
  const alive = new Uint8Array(old.paths.length);
  const changed: RepoFile[] = [];
  let at = 0;
  for (const document of documents) {
    while (at < old.paths.length && (old.paths[at] ?? '') < document.path) at++;
    const same = old.paths[at] === document.path && document.oid !== undefined && oidAt(old, at) === document.oid;
    if (same) alive[at] = 1;
    else changed.push(document);
  }
  return { alive, changed };
}

function encode({ postings, paths, oids, stamp, notes, pending }: Stored): Uint8Array {
  const head = JSON.stringify({ stamp, pending, notes: [...notes], oids: oids.length });
  const names = Buffer.from(`${head}\n${oids}${paths.join('\0')}`);
  const { hashes, offsets, runs, lengths } = postings;
  const arrays = [lengths, hashes, offsets];
  const numbers = arrays.reduce((sum, array) => sum + array.length, headerWords);
  const bytes = new Uint8Array(numbers * 4 + runs.length + names.length);
  const words = new Uint32Array(bytes.buffer, 0, numbers);
  words.set([magic, version, lengths.length, hashes.length, runs.length, names.length]);
  let at = headerWords;
  for (const array of arrays) {
    words.set(array, at);
    at += array.length;
  }
  bytes.set(runs, numbers * 4);
  bytes.set(names, numbers * 4 + runs.length);
  return bytes;
}

/** Undefined where the bytes are not of this version or do not add up. */
function decode(bytes: Uint8Array): Stored | undefined {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Uint8Array.from(bytes);
  const header = new Uint32Array(aligned.buffer, aligned.byteOffset, Math.min(headerWords, aligned.length >> 2));
  const [mark, written, documents = 0, words = 0, runLength = 0, nameLength = 0] = header;
  const numbers = headerWords + documents + words + words + 1;
  if (mark !== magic || written !== version || aligned.length !== numbers * 4 + runLength + nameLength) return undefined;
  const slice = (from: number, length: number) => new Uint32Array(aligned.buffer, aligned.byteOffset + from * 4, length);
  const start = numbers * 4;
  const postings = {
    lengths: slice(headerWords, documents),
    hashes: slice(headerWords + documents, words),
    offsets: slice(headerWords + documents + words, words + 1),
    runs: aligned.subarray(start, start + runLength),
  };
  const names = Buffer.from(aligned.buffer, aligned.byteOffset + start + runLength, nameLength);
  const headEnd = names.indexOf(10);
  if (headEnd < 0) return undefined;
  const head: { stamp: string; pending: string[]; notes: [string, string][]; oids: number } = JSON.parse(
    names.toString('utf8', 0, headEnd),
  );
  const pathsAt = headEnd + 1 + head.oids;
  const paths = documents === 0 ? [] : names.toString('utf8', pathsAt).split('\0');
  if (paths.length !== documents) return undefined;
  return { ...head, postings, paths, oids: names.toString('latin1', headEnd + 1, pathsAt), notes: new Map(head.notes) };
}
