import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { GlmError, messageOf } from '../errors.ts';
import { findBaseUrl, findKey } from '../glm/key.ts';
import { apiRoot } from '../glm/profiles.ts';
import { runProcess } from '../process/run.ts';
import { countLeases } from '../repo/leases.ts';
import { openRoot } from '../repo/root.ts';
import { ownPath, suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { findSandbox, missingSandbox } from '../safety/sandbox/sandbox.ts';
import type { Deps } from '../schema/deps.ts';
import { gatewayEnvironment } from '../settings.ts';
import { type DoctorLine, doctorClients } from '../setup/doctor.ts';
import { detectSuites } from '../suite/detect/detect.ts';

type Looked = Pick<Deps, 'env' | 'folders' | 'signal'> & { readonly baseUrl: string | undefined };
type Check = () => Promise<Omit<DoctorLine, 'topic'>>;

const freeBytes = 500 << 20;
const reachMs = 3_000;

/** Looks at everything the product leans on. Writes nothing; a check that fails is a line, never a throw. */
export async function examine(root: string, offline: boolean, deps: Looked): Promise<readonly DoctorLine[]> {
  const steered = () => ({ ...deps, env: gatewayEnvironment(deps.env, deps.folders) });
  const checks: readonly (readonly [string, Check])[] = [
    ['node', async () => node()],
    ['git', () => git(deps)],
    ['key', async () => key(steered())],
    ...(offline ? [] : [['gateway', () => gateway(steered())] as const]),
    ['runner', () => runner(root, deps)],
    ['sandbox', () => sandbox(deps)],
    ['disk', () => disk(deps)],
    ['worktrees', () => worktrees(deps)],
  ];
  const own = await Promise.all(
    checks.map(async ([topic, check]): Promise<DoctorLine> => {
      try {
        return { topic, ...(await check()) };
      } catch (error) {
        const hint = error instanceof GlmError && error.hint ? ` ${error.hint}` : '';
        return { topic, level: 'fail', message: `${messageOf(error)}${hint}` };
      }
    }),
  );
  const { root: top } = await openRoot(root, deps.folders.home);
  return [...own, ...(await doctorClients({ root: top, env: deps.env, folders: deps.folders, platform: process.platform }, !offline))];
}

function node(): Omit<DoctorLine, 'topic'> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    return { level: 'fail', message: `Node ${process.versions.node} is too old: install 20.19 or newer.` };
  if (major === 20)
    return { level: 'warn', message: `Node ${process.versions.node} works, but is past its end of life: plan for 22 or newer.` };
  return { level: 'ok', message: `Node ${process.versions.node}.` };
}

async function git({ env, signal }: Looked): Promise<Omit<DoctorLine, 'topic'>> {
  const asked = await runProcess({
    argv: ['git', '--version'],
    cwd: '/',
    env: { PATH: ownPath(env.PATH ?? '', undefined) },
    timeoutMs: 5_000,
    signal,
  });
  if (asked.exitCode !== 0)
    return { level: 'fail', message: 'git was not found: find and context work without it, fix does not. Install git.' };
  return { level: 'ok', message: `${asked.stdout.toString().trim()}.` };
}

function key({ env, folders, baseUrl }: Looked): Omit<DoctorLine, 'topic'> {
  const found = findKey(env, folders, baseUrl);
  if (found) return { level: 'ok', message: `A key was found in ${found.source}.` };
  return { level: 'warn', message: 'No key: everything up to the model call works. Set RUNAPI_API_KEY or run glm-skill login.' };
}

async function gateway({ env, folders, baseUrl, signal }: Looked): Promise<Omit<DoctorLine, 'topic'>> {
  const target = findBaseUrl(env, folders, baseUrl);
  const { openTransport } = await import('../glm/wire/transport.ts');
  // Without the key: who answers is not yet known to be the one it is for.
  const transport = await openTransport(apiRoot(target), '', env);
  const limit = AbortSignal.timeout(reachMs);
  try {
    const answer = await transport.get('models', signal ? AbortSignal.any([signal, limit]) : limit);
    const { status } = answer.type === 'reply' ? answer.response : answer.failure;
    return { level: 'ok', message: `${new URL(target).host} answers (HTTP ${status}).` };
  } catch {
    return { level: 'warn', message: `${new URL(target).host} does not answer from here: check the network, the proxy, or --base-url.` };
  } finally {
    await transport.close();
  }
}

async function runner(root: string, { env, signal }: Looked): Promise<Omit<DoctorLine, 'topic'>> {
  const suites = await detectSuites(root, { env: suiteEnvironment(env, { mode: 'own', names: [] }), signal });
  const named = suites.slice(0, 3).map((suite) => `${suite.runner}: ${suite.argv.join(' ')}${suite.cwd ? ` in ${suite.cwd}` : ''}`);
  return { level: 'ok', message: `Tests: ${named.join('; ')}${suites.length > 3 ? ` and ${suites.length - 3} more` : ''}.` };
}

async function sandbox(deps: Looked): Promise<Omit<DoctorLine, 'topic'>> {
  const missing = await missingSandbox(deps);
  if (missing) return { level: 'warn', message: missing };
  const { name } = await findSandbox('auto', deps);
  return {
    level: 'ok',
    message: `Sandbox: ${name}. Before a patch tests reach your files and the network, not other processes or stored keys; with a patch, or --sandbox on, the worktree alone.`,
  };
}

async function disk({ folders }: Looked): Promise<Omit<DoctorLine, 'topic'>> {
  await mkdir(folders.cache, { recursive: true, mode: 0o700 });
  await access(folders.cache, constants.W_OK);
  const { bavail, bsize } = await statfs(folders.cache);
  const free = bavail * bsize;
  const said = `${Math.round(free / (1 << 20))} MiB free for worktrees.`;
  return free < freeBytes ? { level: 'warn', message: `Only ${said} Free some space.` } : { level: 'ok', message: said };
}

async function worktrees({ folders }: Looked): Promise<Omit<DoctorLine, 'topic'>> {
  const { used, left } = await countLeases(folders);
  if (left > 0) return { level: 'warn', message: `${left} left by runs that were killed: the next fix removes them.` };
  return { level: 'ok', message: used > 0 ? `${used} in use, none left over.` : 'None left over.' };
}
