import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { openCache } from '../cache/cache.ts';
import { type Environment, folders } from '../config.ts';
import { bindGit } from '../repo/git.ts';
import { digestState, readState } from '../repo/status.ts';
import type { GitFacts, Rests } from '../schema/deps.ts';

/** The words after the verb, what names our own code, and the environment. */
export type Asked = { readonly words: readonly string[]; readonly code: string; readonly env: Environment };

type Kept = {
  readonly git: GitFacts;
  readonly tree: string;
  readonly files: readonly string[];
  readonly stamps: string;
  readonly text: string;
};

/** A file system's clock may lag behind ours. */
const lagMs = 10;
/** Differ from call to call and decide nothing: PATH only where git lies, and its answer is compared. */
const passing = new Set(['_', 'SHLVL', 'OLDPWD', 'PATH']);

/**
 * What `context` printed to the very same words, where nothing that it rests on has changed since: the tree and its index, git's config, the
 * report, settings, keys, prices, environment files and our own code. It loads a tenth of the program, and one process of git is asked.
 */
export async function answerAgain(asked: Asked): Promise<string | undefined> {
  const { env } = asked;
  const places = folders(env);
  const bytes = openCache(places).get(nameOf(asked));
  if (!bytes) return undefined;
  const kept: Kept = JSON.parse(Buffer.from(bytes).toString());
  if (stampsOf(kept, env).text !== kept.stamps) return undefined;
  const git = bindGit(kept.git, { env });
  // Whatever git refuses now is for the whole program to say.
  const state = await readState(git, places).catch(() => undefined);
  return state && digestState(git, state) === kept.tree ? kept.text : undefined;
}

/**
 * Keeps what was printed for the same question. `files` are those that the caller named. Nothing is kept where something changed after
 * `started`, or where git's config includes files that are not looked at.
 */
export function keepAnswer(
  asked: Asked,
  { git, tree, files, text, started }: Rests & { readonly text: string; readonly started: number },
): void {
  const { env } = asked;
  if (git.settings.some(([name]) => /^include(?:if)?\./i.test(name))) return;
  const { text: stamps, newest } = stampsOf({ git, files }, env);
  if (newest > started - lagMs) return;
  const kept: Kept = { git, tree, files, stamps, text };
  openCache(folders(env)).set(nameOf(asked), Buffer.from(JSON.stringify(kept)));
}

function nameOf({ words, code, env }: Asked): string {
  const variables = Object.entries(env)
    .filter(([name]) => !passing.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const { isTTY, columns } = process.stdout;
  const all = JSON.stringify([code, words, process.cwd(), isTTY ? columns : 0, variables]);
  return `answer ${createHash('sha256').update(all).digest('hex')}`;
}

/** Sizes and times of what an answer rests on beside the tree's content, and the newest of those times. */
function stampsOf({ git, files }: Pick<Kept, 'git' | 'files'>, env: Environment): { readonly text: string; readonly newest: number } {
  const { home, config, state, cache } = folders(env);
  let newest = 0;
  const stamp = (path: string, list = false): string => {
    const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
    if (!stat) return `${path} -`;
    if (stat.isDirectory()) return list ? listed(path) : `${path}/`;
    // What was written anew by this run has the content that its name says.
    if (dirname(path) === join(cache, 'packs')) return `${path} ${stat.size}`;
    newest = Math.max(newest, Number(stat.ctimeMs));
    return `${path} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino}`;
  };
  const listed = (folder: string) =>
    readdirSync(folder)
      .sort()
      .map((name) => stamp(join(folder, name)))
      .join('\n');
  const branch = git.branch ?? 'HEAD';
  const ofGit = [
    'HEAD',
    'config',
    'config.worktree',
    'info/exclude',
    'info/grafts',
    'packed-refs',
    'reftable/tables.list',
    'shallow',
    branch,
  ];
  const text = [
    ...[git.root, config, state, join(cache, 'catalogue'), join(home, '.config', 'runapi')].map((path) => stamp(path, true)),
    ...[...new Set([git.gitDir, git.commonDir])].flatMap((folder) => ofGit.map((name) => stamp(join(folder, name)))),
    ...files.map((path) => stamp(resolve(path))),
  ].join('\n');
  return { text, newest };
}
