import type { RepoFile } from '../schema/context.ts';
import { buildPostings, type Postings } from './postings.ts';
import type { Index } from './search.ts';

/** Bytes of a document, good until the next call; undefined: it cannot be read. */
export type Load = (path: string) => Uint8Array | undefined;

type Stored = { readonly postings: Postings; readonly paths: readonly string[]; readonly oids: readonly string[] };

/** Raised whenever words are split or stored in another way: older files are then rebuilt. */
const version = 3;
const magic = 0x474c4d49;
const headerWords = 6;

/**
 * The index of `documents`, sorted by path: from `stored` bytes where the blob ids agree, with a small part for what changed since.
 * `fresh` are bytes to store anew, when so much changed that the old ones no longer pay.
 */
export function openIndex(
  documents: readonly RepoFile[],
  stored: Uint8Array | undefined,
  load: Load,
): { index: Index; fresh?: Uint8Array } {
  const old = stored && decode(stored);
  if (old) {
    const { alive, changed } = compare(old, documents);
    if (changed.length <= Math.max(50, documents.length / 10)) {
      const base = { postings: old.postings, paths: old.paths, alive };
      return { index: { parts: changed.length === 0 ? [base] : [base, build(changed, load)] } };
    }
  }
  const whole = build(documents, load);
  const oids = new Map(documents.map(({ path, oid }) => [path, oid ?? '']));
  return { index: { parts: [whole] }, fresh: encode({ ...whole, oids: whole.paths.map((path) => oids.get(path) ?? '') }) };
}

function build(documents: readonly RepoFile[], load: Load): { postings: Postings; paths: string[] } {
  const builder = buildPostings();
  const paths: string[] = [];
  for (const { path } of documents) {
    const bytes = load(path);
    if (!bytes) continue;
    builder.add(bytes, bytes.length, path);
    paths.push(path);
  }
  return { postings: builder.finish(), paths };
}

/** Walks both sorted lists at once. A document without a blob id counts as changed. */
function compare(old: Stored, documents: readonly RepoFile[]): { alive: Uint8Array; changed: RepoFile[] } {
  const alive = new Uint8Array(old.paths.length);
  const changed: RepoFile[] = [];
  let at = 0;
  for (const document of documents) {
    while (at < old.paths.length && (old.paths[at] ?? '') < document.path) at++;
    const same = old.paths[at] === document.path && document.oid !== undefined && old.oids[at] === document.oid;
    if (same) alive[at] = 1;
    else changed.push(document);
  }
  return { alive, changed };
}

function encode({ postings, paths, oids }: Stored): Uint8Array {
  const names = Buffer.from(paths.map((path, i) => `${path}\0${oids[i]}`).join('\n'));
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
  const names = Buffer.from(aligned.buffer, aligned.byteOffset + start + runLength, nameLength).toString();
  const paths: string[] = [];
  const oids: string[] = [];
  for (const row of documents === 0 ? [] : names.split('\n')) {
    const split = row.indexOf('\0');
    paths.push(row.slice(0, split));
    oids.push(row.slice(split + 1));
  }
  return paths.length === documents ? { postings, paths, oids } : undefined;
}
