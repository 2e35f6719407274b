import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { GlmError } from '../errors.ts';
import type { Copied } from './copy.ts';
import type { Git } from './git.ts';
import { entryOf, layBlob, layEmpty, layIndex } from './lay.ts';

type Named = Pick<Copied, 'path' | 'mode' | 'oid'>;
type Written = { readonly path: string; readonly mode: '100644' | '100755'; readonly text: string | null };

/**
 * The bookkeeping of a worktree: a bare repository of ours that the tests never see, in which the baseline and each change are git
 * trees, made when the first change asks for them. Objects are written while the user's are out of sight, because git would touch theirs otherwise.
 */
export type Trees = {
  readonly record: (files: readonly Written[]) => Promise<{ diff: string; tree: string }>;
  /** Blobs by id, from here or the user's objects. */
  readonly read: (oids: readonly string[]) => Promise<Map<string, Buffer>>;
};

export async function openTrees(input: {
  readonly git: Git;
  readonly folder: string;
  readonly worktree: string;
  readonly files: readonly Copied[];
  /** Blobs that the user's repository already holds. */
  readonly oids: ReadonlySet<string>;
}): Promise<Trees> {
  const { git, folder, worktree } = input;
  layEmpty(folder, git.objectFormat);
  mkdirSync(join(folder, 'empty'));
  const env = (index: string) => ({
    GIT_DIR: folder,
    GIT_WORK_TREE: join(folder, 'empty'),
    GIT_INDEX_FILE: join(folder, index),
  });
  const borrowed = { GIT_ALTERNATE_OBJECT_DIRECTORIES: quotePath(join(git.commonDir, 'objects')) };
  const inside = (args: readonly string[], index: string, stdin?: string) => git.run(args, { env: env(index), cwd: folder, input: stdin });

  const missing = input.files.filter((file) => file.mode !== '120000' && !input.oids.has(file.oid));
  if (missing.length > 0) await hashFiles(missing.map((file) => join(worktree, file.path)));
  let baseline: Promise<string> | undefined;

  async function hashFiles(paths: readonly string[]): Promise<void> {
    await inside(['hash-object', '-w', '--no-filters', '--stdin-paths'], 'index', lines(paths.map(quoteLine)));
  }

  async function writeTree(index: string, files: readonly Named[]): Promise<string> {
    layIndex(join(folder, index), files.map(entryOf), git.objectFormat);
    return (await inside(['write-tree', '--missing-ok'], index)).toString().trim();
  }

  return {
    record: async (changes) => {
      baseline ??= writeTree('index', input.files);
      const before = await baseline;
      const after = new Map<string, Named>(input.files.map((file) => [file.path, file]));
      for (const { path, mode, text } of changes) {
        if (text === null) after.delete(path);
        else after.set(path, { path, mode, oid: layBlob(folder, text, git.objectFormat) });
      }
      const tree = await writeTree('after', [...after.values()]);
      const diff = await git.run([...diffCommand, before, tree], { env: { ...env('after'), ...borrowed }, cwd: folder });
      return { diff: diff.toString('utf8'), tree };
    },
    read: async (oids) => {
      const found = new Map<string, Buffer>();
      if (oids.length === 0) return found;
      const out = await git.run(['cat-file', '--batch'], { env: { ...env('index'), ...borrowed }, cwd: folder, input: lines(oids) });
      let at = 0;
      while (at < out.length) {
        const end = out.indexOf(10, at);
        const [oid = '', type, size] = out.subarray(at, end).toString().split(' ');
        if (type !== 'blob') throw new GlmError('tree_changed', `Object ${oid} is gone from the repository.`);
        found.set(oid, out.subarray(end + 1, end + 1 + Number(size)));
        at = end + 2 + Number(size);
      }
      return found;
    },
  };
}

/** No renames, so that every file stands whole with both blob ids; `--text` because attributes may call a text file binary. */
const diffCommand = ['diff', '--no-color', '--no-renames', '--full-index', '--text', '--unified=3', '--src-prefix=a/', '--dst-prefix=b/'];

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

/** Paths on a line of their own: git reads a quoted one as a C string. */
function quoteLine(path: string): string {
  return /^"|[\n\r]/.test(path) ? `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"` : path;
}

function quotePath(path: string): string {
  return path.includes(':') || path.startsWith('"') ? `"${path.replace(/["\\]/g, '\\$&')}"` : path;
}
