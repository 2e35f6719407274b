import type { LeftOut, RepoFile } from '../schema/context.ts';

/** What the index lists: files that can be read, sorted by path, and the rest by name. `ignoring`: names of ignore files among them. */
export type Tracked = { readonly files: readonly RepoFile[]; readonly leftOut: readonly LeftOut[]; readonly ignoring: readonly string[] };

/** A line of facts, the blob ids in one run of hexadecimal digits, then the paths: read back with one cut per file. */
export function encodeList({ files, leftOut, ignoring }: Tracked, stamp: string): Uint8Array {
  const oidLength = files[0]?.oid?.length ?? 0;
  const head = JSON.stringify({ stamp, count: files.length, oidLength, leftOut, ignoring });
  return Buffer.from(`${head}\n${files.map(({ oid }) => oid).join('')}\n${files.map(({ path }) => path).join('\0')}`);
}

/** Undefined where the list is of another stamp. */
export function decodeList(bytes: Uint8Array | undefined, stamp: string): Tracked | undefined {
  if (!bytes) return undefined;
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const headEnd = buffer.indexOf(10);
  if (headEnd < 0) return undefined;
  const head: { stamp: string; count: number; oidLength: number; leftOut: LeftOut[]; ignoring: string[] } = JSON.parse(
    buffer.toString('utf8', 0, headEnd),
  );
  if (head.stamp !== stamp) return undefined;
  const { count, oidLength, leftOut, ignoring } = head;
  const pathsAt = headEnd + 2 + count * oidLength;
  const oids = buffer.toString('latin1', headEnd + 1, pathsAt - 1);
  const paths = count === 0 ? [] : buffer.toString('utf8', pathsAt).split('\0');
  if (paths.length !== count) return undefined;
  const files = paths.map((path, at): RepoFile => ({ path, oid: oids.slice(at * oidLength, (at + 1) * oidLength) }));
  return { files, leftOut, ignoring };
}
