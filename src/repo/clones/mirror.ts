import { createHash } from 'node:crypto';
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Environment } from '../../config.ts';
import { checkStopped, GlmError } from '../../errors.ts';
import { makeTurns } from '../../process/in-turn.ts';
import { type ProcessResult, runProcess } from '../../process/run.ts';
import { configByEnvironment, gitEnvironment } from '../../safety/sandbox/child-env.ts';
import type { Machine } from '../../schema/deps.ts';
import { privateFolder } from '../../store.ts';
import { makeRoom, takeLease } from '../leases.ts';

/** One fetch at a time in this process; against those of others git has its own locks. */
const inTurn = makeTurns();

/** A clone of our own, which goes when `remove` is called, or with the next lease where we are killed. */
export type Checkout = { readonly root: string; readonly commit: string; readonly remove: () => Promise<void> };

const networkMs = 600_000;
const locked = /(?:index|shallow|config|packed-refs|refs\/\S*)\.lock|cannot lock ref|shallow file has changed/i;
const lockTries = 8;

/** What may be cloned: a URL of git's own protocols, `user@host:path` or a path. Throws `bad_input`: a secret in a URL would travel with the job. */
export function checkRepo(repo: string): string {
  const refuse = (what: string, hint: string) => new GlmError('bad_input', `${what}.`, { hint });
  if (/[\0\r\n]/.test(repo) || repo.startsWith('-') || /^\w+::/.test(repo))
    throw refuse(`${JSON.stringify(repo.slice(0, 80))} is no repository`, 'Give an https, ssh or file URL, or a path.');
  if (URL.canParse(repo)) {
    const url = new URL(repo);
    if (!/^(?:https?|ssh|git\+ssh|file):$/.test(url.protocol))
      throw refuse(`${url.protocol}// is no protocol that is cloned from`, 'Give an https, ssh or file URL, or a path.');
    if (url.password !== '' || (url.username !== '' && /^https?:$/.test(url.protocol)))
      throw refuse(`The URL of ${url.host}${url.pathname} holds a credential`, 'Take it out; git asks its credential helper.');
    return repo;
  }
  if (/^[\w.-]+@[\w.-]+:[^\s]+$/.test(repo) || isAbsolute(repo)) return repo;
  throw refuse(`${JSON.stringify(repo.slice(0, 80))} is no repository`, 'Give an https, ssh or file URL, or a path.');
}

/**
 * A work tree of a repository at a ref, through a mirror in the cache: one commit is fetched where the server gives one, all history where
 * it does not or its past is wanted, nothing where the commit is there already. Throws `no_git` with what git said.
 */
export async function checkOut(
  repo: string,
  ref: string | undefined,
  deps: Machine,
  { history = false }: { readonly history?: boolean } = {},
): Promise<Checkout> {
  const mirror = join(deps.folders.cache, 'mirrors', `${createHash('sha256').update(repo).digest('hex').slice(0, 24)}.git`);
  const commit = await inTurn(mirror, () => fetchCommit(mirror, repo, { ref, history }, deps));
  checkStopped(deps.signal);
  const lease = await takeLease(deps.folders);
  try {
    const root = await makeRoom(lease);
    await layOut(root, mirror, { repo, commit }, deps);
    return { root, commit, remove: lease.release };
  } catch (error) {
    await lease.release();
    throw error;
  }
}

type Sought = { readonly ref: string | undefined; readonly history: boolean };

async function fetchCommit(mirror: string, repo: string, { ref, history }: Sought, deps: Machine): Promise<string> {
  await privateFolder(join(mirror, '..'));
  if (!(await stat(join(mirror, 'HEAD')).catch(() => undefined)))
    await must(['init', '-q', '--bare', '--template=', mirror], deps, mirror, repo);
  const has = async (name: string) => {
    const found = await ask(['rev-parse', '-q', '--verify', '--end-of-options', `${name}^{commit}`], deps, mirror);
    return found.exitCode === 0 ? found.stdout.toString().trim() : undefined;
  };
  const whole = ref !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(ref);
  const cut = async () => (await stat(join(mirror, 'shallow')).catch(() => undefined)) !== undefined;
  const kept = whole ? await has(ref) : undefined;
  if (kept !== undefined && !(history && (await cut()))) return kept;
  deps.tell({ type: 'stage', stage: 'checkout', message: `fetching ${repo}${ref ? ` at ${ref}` : ''}` });
  const name = `refs/glm/${createHash('sha256')
    .update(ref ?? '')
    .digest('hex')
    .slice(0, 24)}`;
  if (!history || ref === undefined) {
    const one = await ask(['fetch', '-q', '--no-tags', '--depth=1', '--end-of-options', repo, `+${ref ?? 'HEAD'}:${name}`], deps, mirror);
    const fetched = one.exitCode === 0 ? await has(name) : undefined;
    if (fetched !== undefined) return fetched;
    checkStopped(deps.signal);
    if (ref === undefined) throw refused(one, repo);
  }
  // A server that does not give a single commit by its name, or a name such as main~3 that only git on this side can read.
  const all = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  await must(['fetch', '-q', ...((await cut()) ? ['--unshallow'] : []), '--end-of-options', repo, ...all], deps, mirror, repo);
  const found = (await has(ref)) ?? (await has(`refs/heads/${ref}`));
  if (found !== undefined) return found;
  throw new GlmError('no_git', `${repo} has no branch, tag or commit ${ref}.`, { hint: 'Look with git ls-remote.' });
}

/** A work tree whose objects lie in the mirror. Nothing of the repository's own settings is in it, and no hook. */
async function layOut(root: string, mirror: string, { repo, commit }: { repo: string; commit: string }, deps: Machine): Promise<void> {
  const own = { ...deps, env: {} };
  await must(['init', '-q', '--template=', root], own, root, repo);
  await mkdir(join(root, '.git', 'objects', 'info'), { recursive: true });
  await writeFile(join(root, '.git', 'objects', 'info', 'alternates'), `${join(mirror, 'objects')}\n`);
  await copyFile(join(mirror, 'shallow'), join(root, '.git', 'shallow')).catch(() => rm(join(root, '.git', 'shallow'), { force: true }));
  await must(['config', 'remote.origin.url', repo], own, root, repo);
  const result = await runProcess({
    argv: ['git', 'checkout', '-q', '--force', '--detach', commit],
    cwd: root,
    env: gitEnvironment(deps.env),
    signal: deps.signal,
    timeoutMs: networkMs,
    alone: true,
  });
  if (result.end !== 'exited' || result.exitCode !== 0) throw refused(result, repo);
}

/** git as the user has set it up, so that it finds keys and proxies, but without prompts, hooks and protocols that start programs. */
async function ask(args: readonly string[], { env, signal }: Pick<Machine, 'env' | 'signal'>, cwd: string): Promise<ProcessResult> {
  const folder = await stat(cwd).catch(() => undefined);
  for (let tries = 1; ; tries++) {
    const argv = ['git', ...args];
    const result = await runProcess({ argv, cwd: folder ? cwd : '/', env: cloneEnvironment(env), signal, timeoutMs: networkMs });
    if (result.exitCode === 0 || tries >= lockTries || !locked.test(result.stderr.toString())) return result;
    await sleep(150 * tries, undefined, { signal });
  }
}

async function must(args: readonly string[], deps: Pick<Machine, 'env' | 'signal'>, cwd: string, repo: string): Promise<void> {
  const result = await ask(args, deps, cwd);
  if (result.end !== 'exited' || result.exitCode !== 0) {
    checkStopped(deps.signal);
    throw refused(result, repo);
  }
}

function refused({ stderr, end }: ProcessResult, repo: string): GlmError {
  const lines = stderr.toString().split('\n');
  const said = lines.find((line) => /^(?:fatal|error|remote):/.test(line)) ?? lines.find(Boolean) ?? end;
  const plain = said.replace(/^(?:fatal|error|remote):\s*/, '').replace(/[.\s]+$/, '');
  return new GlmError('no_git', `${repo} cannot be fetched: ${plain}.`, { hint: 'Try git ls-remote with the same URL.' });
}

const cloning = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['protocol.ext.allow', 'never'],
  ['protocol.file.allow', 'always'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['fetch.fsckObjects', 'true'],
] as const;

function cloneEnvironment(env: Environment): Record<string, string> {
  const kept = Object.entries(env).filter(([name]) => !/^GIT_(?!SSH|ASKPASS|CONFIG_GLOBAL$|CONFIG_NOSYSTEM$|PROXY|HTTP_|SSL_)/.test(name));
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...Object.fromEntries(kept),
    ...(env.GIT_SSH_COMMAND ? {} : { GIT_SSH_COMMAND: 'ssh -oBatchMode=yes' }),
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_PAGER: 'cat',
    ...configByEnvironment(cloning),
  };
}
