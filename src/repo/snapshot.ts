import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { type Copied, changedAt, copyFiles, walk } from './copy.ts';
import { isCache, isReferenced, type Link, linkModules } from './dependencies.ts';
import type { Git } from './git.ts';
import { layGit, objectFolders } from './lay.ts';
import { bringOutside, type Outside } from './outside.ts';
import { copyLocal, plugFolders } from './plug.ts';
import type { Survey } from './survey.ts';

/** An entry that a reset brings back: a file by its blob, a link by its target, a git-ignored file from the user's tree, an empty folder. */
export type Kept =
  | { readonly kind: 'folder'; readonly path: string; readonly ctimeMs: undefined }
  | { readonly kind: 'file'; readonly path: string; readonly oid: string; readonly mode: Copied['mode']; readonly ctimeMs: number }
  | { readonly kind: 'link'; readonly path: string; readonly target: string; readonly ctimeMs: number }
  | { readonly kind: 'local'; readonly path: string; readonly ctimeMs: number };

export type Snapshot = {
  /** Tracked and untracked files, without the ignored ones. */
  readonly files: readonly Copied[];
  readonly kept: readonly Kept[];
  /** Blobs that are in the user's objects for sure. */
  readonly oids: ReadonlySet<string>;
  readonly submodules: readonly string[];
  /** Folders outside the worktree that its dependencies are read from. */
  readonly packages: readonly string[];
  /** Folders of the objects that the user's repository reads, its own alternates included. */
  readonly objects: readonly string[];
  readonly outside: Outside;
  readonly notes: readonly string[];
};

const maxLocalBytes = 256 << 20;
const maxLocalFiles = 20_000;

/** Fills `path` with the user's files and their dependencies, and lays a repository over them that looks like the user's. */
export async function takeSnapshot(input: {
  readonly git: Git;
  readonly survey: Survey;
  readonly path: string;
  readonly signal?: AbortSignal | undefined;
}): Promise<Snapshot> {
  const { git, survey, path, signal } = input;
  const { tracked, submodules } = survey;
  const notes = [...survey.notes];
  const loose = split(git.root, survey.untracked);
  const job = { from: git.root, to: path, format: git.objectFormat, signal };

  const files = await copyFiles(job, [...tracked, ...loose.files]);
  const hollow = survey.folders.filter((at) => at.endsWith('/') && !loose.folders.some((apart) => at.startsWith(apart)));
  const local = gatherLocal(git.root, path, [...survey.ignored, ...loose.folders, ...submodules.map((at) => `${at}/`)], notes);
  const copies = await copyFiles(job, local.files, copyLocal);
  const links = makeLinks(path, local.links);
  const empty = makeFolders(git.root, path, [...local.empty, ...emptyBelow(git.root, hollow)]);
  layGit(git, path, survey);
  const outside = bringOutside(git.root, path, tracked);
  notes.push(...outside.notes, ...absences({ root: git.root, tracked, files, submodules }));
  const kept: Kept[] = [
    ...files.map(({ path: at, oid, mode, ctimeMs }) =>
      mode === '120000'
        ? { kind: 'link' as const, path: at, target: readlinkSync(join(path, at)), ctimeMs }
        : { kind: 'file' as const, path: at, oid, mode, ctimeMs },
    ),
    ...copies.map(({ path: at, ctimeMs }) => ({ kind: 'local' as const, path: at, ctimeMs })),
    ...links,
    ...empty,
  ];
  const linked = local.links.map((link) => placeOf(link.target));
  const packages = [...outside.links.map(({ target }) => target), ...linked, ...plugFolders(git.root, local.files)];
  return {
    files,
    kept,
    oids: new Set(survey.index.map(({ oid }) => oid)),
    submodules,
    packages: [...new Set(packages)].filter((place) => !place.startsWith(path)),
    objects: objectFolders(join(git.commonDir, 'objects')),
    outside,
    notes,
  };
}

/** Untracked files, and the folders among them that are dependencies although nothing ignores them. */
function split(root: string, untracked: readonly string[]): { files: string[]; folders: string[] } {
  const folders = untracked.filter((path) => path.endsWith('/'));
  const environments = untracked.filter((path) => path.endsWith('/pyvenv.cfg')).map((path) => `${dirname(path)}/`);
  const apart = [...folders, ...environments.filter((path) => isReferenced(root, path.slice(0, -1)))];
  return { files: untracked.filter((path) => !apart.some((folder) => path.startsWith(folder))), folders: apart };
}

/**
 * What git ignores and the tests may need: dependencies become links, built files, fixtures and `.env` files are copied and stay on this
 * machine, caches are left out. `paths` end in "/" where they name a folder.
 */
function gatherLocal(root: string, worktree: string, paths: readonly string[], notes: string[]) {
  const links: Link[] = [];
  const files: string[] = [];
  const empty: string[] = [];
  const link = (path: string) => {
    const made = linkModules(root, path, worktree);
    links.push(...made.links);
    files.push(...made.files);
  };
  const enter = (path: string): boolean => {
    if (path.endsWith('/node_modules') || path === 'node_modules') link(path);
    else if (isReferenced(root, path)) links.push({ path, target: join(root, path) });
    else return !isCache(root, path);
    return false;
  };
  const found = outermost(paths).flatMap((path) => {
    const bare = path.replace(/\/$/, '');
    if (!existsSync(join(root, bare))) return [];
    if (bare === 'node_modules' || bare.endsWith('/node_modules') || path.endsWith('/'))
      return enter(bare) ? walk(root, bare, enter, (at) => empty.push(at)) : [];
    return isCache(root, bare) ? [] : [bare];
  });
  let bytes = 0;
  const fitting = found.filter((path) => {
    bytes += lstatSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0;
    return bytes <= maxLocalBytes;
  });
  const taken = fitting.slice(0, maxLocalFiles);
  if (taken.length < found.length)
    notes.push(`${found.length - taken.length} git-ignored files are not in the worktree: together they are too large.`);
  return { files: [...files, ...taken], links, empty };
}

/** Without what lies in another one of them: git names a folder of nothing but ignored ones together with those. */
function outermost(paths: readonly string[]): string[] {
  const all = new Set(paths);
  const above = (path: string): boolean => {
    const up = `${dirname(path)}/`;
    return up !== './' && (all.has(up) || above(up));
  };
  return [...all].filter((path) => !above(path));
}

/** Folders that hold nothing, which git does not know and tests write into. */
function emptyBelow(root: string, folders: readonly string[]): string[] {
  const empty: string[] = [];
  for (const folder of folders) {
    const bare = folder.slice(0, -1);
    walk(
      root,
      bare,
      (at) => at !== 'node_modules' && !at.endsWith('/node_modules') && !isCache(root, at),
      (at) => empty.push(at),
    );
  }
  return empty;
}

function makeFolders(root: string, path: string, folders: readonly string[]): Kept[] {
  return folders.flatMap((at): Kept[] => {
    if (!lstatSync(join(root, at), { throwIfNoEntry: false })?.isDirectory()) return [];
    mkdirSync(join(path, at), { recursive: true });
    return [{ kind: 'folder', path: at, ctimeMs: undefined }];
  });
}

export function makeLinks(path: string, links: readonly Link[]): Kept[] {
  const folders = new Set<string>();
  return links.map((link) => {
    const at = join(path, link.path);
    const folder = dirname(at);
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
    folders.add(folder);
    symlinkSync(link.target, at);
    return { kind: 'link', ...link, ctimeMs: changedAt(at) };
  });
}

/** The folder that a dependency lies in: all of `node_modules`, since packages find each other there. */
function placeOf(target: string): string {
  return /^.*?\/node_modules(?=\/|$)/.exec(target.split(sep).join('/'))?.[0] ?? target;
}

/** What the worktree cannot show, in sentences. */
function absences(input: {
  readonly root: string;
  readonly tracked: readonly string[];
  readonly files: readonly Copied[];
  readonly submodules: readonly string[];
}): string[] {
  const { root, tracked, files, submodules } = input;
  const notes: string[] = [];
  const present = new Set(files.map((file) => file.path));
  const absent = tracked.filter((path) => !present.has(path)).length;
  if (absent > 0) notes.push(`${absent} tracked files are not on disk (deleted, or a sparse checkout) and so not in the worktree.`);
  if (submodules.length > 0)
    notes.push(`Submodules are copied as plain folders and cannot be patched: ${submodules.slice(0, 5).join(', ')}.`);
  const attributes = files.filter((file) => file.path === '.gitattributes' || file.path.endsWith('/.gitattributes'));
  if (attributes.some((file) => readFileSync(join(root, file.path), 'utf8').includes('filter=lfs'))) {
    const pointers = files.filter((file) => isPointer(join(root, file.path)));
    if (pointers.length > 0) notes.push(`${pointers.length} files are Git LFS pointers without their content: run git lfs pull.`);
  }
  return notes;
}

function isPointer(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return (
    (stat?.isFile() ?? false) &&
    (stat?.size ?? 0) < 300 &&
    readFileSync(path, 'utf8').startsWith('version https://git-lfs.github.com/spec/')
  );
}
