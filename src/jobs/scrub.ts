import { readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { openMemo } from '../cache/memo.ts';
import type { Environment, Folders } from '../config.ts';
import { makeInside } from '../safety/inside.ts';
import { makeRedactor } from '../safety/redact/redact.ts';
import { exactSecrets, wordSecrets } from '../safety/redact/secrets.ts';
import { disarm, neutralise } from '../safety/text.ts';
import { workspaceKey } from '../safety/workspace-key.ts';
import type { Redactor } from '../schema/redactor.ts';
import type { Report } from '../schema/report.ts';
import { version } from '../version.ts';
import { importedPaths } from './imported.ts';

/** Fields that the caller needs as they are: places that it opens, names that it compares. */
const kept = new Set(['root', 'contextFile', 'job', 'sha256', 'bundle', 'tree', 'next', 'file', 'path', 'status', 'verb']);

/** Files that a report names, and what those import, are searched first: what they hold under a name that says secret is known in all that was printed. */
const mostFiles = 40;
const longestFile = 1 << 20;

const mostNoted = 1 << 20;
/** The name of a bundled file holds a digest of its code and of what it loads. */
const code = `${version} ${basename(import.meta.url)}`;

const ofModel = new Set(['why', 'summary', 'note', 'answer']);

/** Hides secrets in everything a report or an error says. The patch as it was proven is kept apart, in a file of the job. */
export type Scrub = {
  readonly redactor: Redactor;
  readonly text: (text: string) => string;
  readonly report: (report: Report) => Report;
  /** For another machine: places on this one are hidden too. */
  readonly away: (report: Report) => Report;
};

export async function openScrub(
  root: string,
  keys: readonly string[],
  { env, folders }: { env: Environment; folders: Folders },
): Promise<Scrub> {
  const key = await workspaceKey(folders, root);
  const exact = exactSecrets(env, keys, folders, root);
  const words = wordSecrets(env, keys);
  const redactor = makeRedactor({ key, exact, words });
  const memo = openMemo(openCache(folders), `clean ${root}`, mostNoted);
  /** That a text needs no hand is noted by its digest, so that a report that says the same is not searched again. */
  const text = (given: string) => {
    const name = `${code} ${redactor.scope} ${redactor.learned()} ${given}`;
    if (memo.get(name) !== undefined) return given;
    const clean = redactor.redact(shorten(shorten(neutralise(given), root, '', '.'), folders.home, '~/', '~')).text;
    if (clean === given) memo.set(name, '');
    return clean;
  };
  const walk = (value: unknown, key: string, away = false): unknown => {
    if (kept.has(key) && !(away && typeof value === 'string')) return typeof value === 'string' ? neutralise(value) : value;
    // What the model wrote is shown by agents and browsers: nothing in it may fetch or act.
    if (typeof value === 'string' && ofModel.has(key)) return disarm(text(value));
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map((one) => walk(one, key, away));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name, away)]));
  };
  const shown = (away: boolean) => (report: Report) => {
    const searched = new Set<string>();
    const read = readerBelow(root);
    const search = (path: string): string | undefined => {
      const source = searched.has(path) || searched.size >= mostFiles ? undefined : read(path);
      if (source === undefined) return undefined;
      searched.add(path);
      redactor.redact(source, path);
      return source;
    };
    const named = [...filesNamed(report)].flatMap((path) => importedPaths(path, search(path) ?? ''));
    for (const path of named) search(path);
    const scrubbed = { ...report, ...pick(walk(report, '', away)) };
    memo.save();
    return scrubbed;
  };
  return { redactor, text, report: shown(false), away: shown(true) };
}

/** The files that a report speaks of, in their order. */
function filesNamed(value: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    if (found.size >= mostFiles) break;
    if (typeof inner === 'string' && (name === 'file' || name === 'path')) found.add(inner);
    else filesNamed(inner, found);
  }
  return found;
}

/** Reads files below a folder; undefined for what is not there, leads out of it, or is too long. */
function readerBelow(root: string): (path: string) => string | undefined {
  let inside: ReturnType<typeof makeInside> | undefined;
  return (path) => {
    try {
      const file = join(root, path);
      if (statSync(file).size > longestFile) return undefined;
      inside ??= makeInside(realpathSync(root));
      return inside(path) === undefined ? readFileSync(file, 'utf8') : undefined;
    } catch {
      return undefined;
    }
  };
}

/** Shortens what lies below a folder, and the folder itself, where the name ends there. */
function shorten(text: string, folder: string, below: string, itself: string): string {
  if (folder.length < 2 || !text.includes(folder)) return text;
  const pattern = new RegExp(`${folder.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?:(/)|(?![\\w.-]))`, 'g');
  return text.replace(pattern, (_, slash) => (slash ? below : itself));
}

/** What was walked has the shape of what went in. */
function pick(value: unknown): Partial<Report> {
  return typeof value === 'object' && value !== null ? value : {};
}
