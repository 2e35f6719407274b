import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { deflateSync } from 'node:zlib';
import { blobId } from './copy.ts';
import type { Git } from './git.ts';

/** Lays out the files of an empty repository; what `git init` would do, without a template from elsewhere. */
export function layEmpty(folder: string, format: Git['objectFormat'], settings = ''): void {
  for (const part of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  const version = format === 'sha256' ? '1\n[extensions]\n\tobjectformat = sha256' : '0';
  writeFileSync(join(folder, 'config'), `[core]\n\tbare = false\n${settings}\trepositoryformatversion = ${version}\n`);
}

/**
 * The repository that the tests see in the worktree: the user's HEAD, branches, tags and staged entries. Objects are borrowed; hooks,
 * remotes and every other setting stay behind. `refs` are lines of "oid refname".
 */
export function layGit(git: Git, path: string, { refs, index }: { readonly refs: string; readonly index: readonly IndexEntry[] }): void {
  const folder = join(path, '.git');
  const own = git.settings.flatMap(([name, value]) =>
    kept.test(name) && /^[\w-]+$/.test(value) ? `\t${name.slice('core.'.length)} = ${value}\n` : [],
  );
  layEmpty(folder, git.objectFormat, own.join(''));
  writeFileSync(join(folder, 'objects', 'info', 'alternates'), `${quoted(join(git.commonDir, 'objects'))}\n`);
  writeFileSync(join(folder, 'packed-refs'), `# pack-refs with: sorted \n${refs}`);
  if (git.branch && git.head) {
    writeFileSync(join(folder, 'HEAD'), `ref: ${git.branch}\n`);
    mkdirSync(join(folder, dirname(git.branch)), { recursive: true });
  } else if (git.head) writeFileSync(join(folder, 'HEAD'), `${git.head}\n`);
  const shallow = join(git.commonDir, 'shallow');
  if (existsSync(shallow)) copyFileSync(shallow, join(folder, 'shallow'));
  layIndex(join(folder, 'index'), index, git.objectFormat);
}

/** Settings that decide what files look like. */
const kept = /^core\.(?:autocrlf|eol|ignorecase|symlinks|filemode|precomposeunicode)$/;

/** An entry of an index. `name` has one character per byte of the path (latin1), which is also its order. */
export type IndexEntry = { readonly mode: string; readonly oid: string; readonly stage: number; readonly name: string };

export function entryOf({ path, mode, oid }: { readonly path: string; readonly mode: string; readonly oid: string }): IndexEntry {
  return { mode, oid, stage: 0, name: Buffer.from(path).toString('latin1') };
}

const statBytes = 40;
const longestName = 0xfff;

/** Writes an index of version 2, as `git update-index --index-info` does: the stat fields are zero, so that git looks at each file anew. */
export function layIndex(path: string, entries: readonly IndexEntry[], format: Git['objectFormat']): void {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.stage - b.stage));
  const head = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(sorted.length, 8);
  const parts = sorted.map(({ mode, oid, stage, name }) => {
    const oidBytes = oid.length / 2;
    const nameAt = statBytes + oidBytes + 2;
    // One NUL at least, and as many as make the length a multiple of eight.
    const bytes = Buffer.alloc(Math.floor((nameAt + name.length) / 8) * 8 + 8);
    bytes.writeUInt32BE(Number.parseInt(mode, 8), 24);
    bytes.write(oid, statBytes, 'hex');
    bytes.writeUInt16BE((stage << 12) | Math.min(name.length, longestName), statBytes + oidBytes);
    bytes.write(name, nameAt, 'latin1');
    return bytes;
  });
  const body = Buffer.concat([head, ...parts]);
  writeFileSync(path, Buffer.concat([body, createHash(format).update(body).digest()]));
}

/** Writes a blob into the objects of a repository and gives its id. */
export function layBlob(folder: string, text: string, format: Git['objectFormat']): string {
  const bytes = Buffer.from(text);
  const oid = blobId(format, bytes);
  const place = join(folder, 'objects', oid.slice(0, 2));
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, oid.slice(2)), deflateSync(Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes])));
  return oid;
}

/** A folder of objects and those that it borrows from, as `git clone --shared` and `--reference` leave them. */
export function objectFolders(folder: string, depth = 0): string[] {
  const file = join(folder, 'info', 'alternates');
  const lines = depth < mostAlternates && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const more = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return [folder, ...more.flatMap((line) => objectFolders(resolve(folder, line), depth + 1))];
}

/** As deep as git itself follows them. */
const mostAlternates = 5;

function quoted(path: string): string {
  return /^["#]|\n/.test(path) ? `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"` : path;
}
