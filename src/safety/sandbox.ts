import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute } from 'node:path';
import type { Environment, Folders } from '../config.ts';
import { GlmError } from '../errors.ts';
import { runProcess } from '../process.ts';

export type SandboxMode = 'auto' | 'on' | 'off';

/** Where a command may write and what it may read beside the system; absolute paths. */
export type Reach = { readonly cwd: string; readonly writable: readonly string[]; readonly readable: readonly string[] };

export type Sandbox = {
  readonly name: 'none' | 'bubblewrap' | 'seatbelt';
  /** Why there is none. */
  readonly reason?: string | undefined;
  readonly wrap: (argv: readonly string[], reach: Reach) => string[];
};

type Needs = { readonly env: Environment; readonly folders: Folders; readonly signal?: AbortSignal | undefined };

/** The sandbox that works on this machine. `auto` falls back to `none` with the reason; `on` throws where there is none. */
export async function findSandbox(mode: SandboxMode, deps: Needs): Promise<Sandbox> {
  if (mode === 'off') return none('switched off');
  const found = process.platform === 'linux' ? await findBubblewrap(deps) : none(`no sandbox for ${process.platform} yet`);
  if (mode === 'on' && found.name === 'none') {
    throw new GlmError('bad_input', `No sandbox: ${found.reason}`, { hint: 'Install bubblewrap, or pass --sandbox off.' });
  }
  return found;
}

function none(reason: string): Sandbox {
  return { name: 'none', reason, wrap: (argv) => [...argv] };
}

async function findBubblewrap(deps: Needs): Promise<Sandbox> {
  const wrap = (argv: readonly string[], reach: Reach) => bubblewrap(argv, reach, deps.env);
  const temp = realpathSync(deps.folders.temp);
  const probe = await runProcess({
    argv: wrap(['true'], { cwd: temp, writable: [], readable: [] }),
    cwd: '/',
    env: { PATH: deps.env.PATH ?? '/usr/bin:/bin' },
    timeoutMs: 10_000,
    signal: deps.signal,
  });
  if (probe.exitCode === 0) return { name: 'bubblewrap', wrap };
  return none(probe.startError ? 'bubblewrap (bwrap) is not installed' : `bubblewrap cannot start: ${probe.stderr.toString().trim()}`);
}

const system = ['/usr', '/bin', '/sbin', '/lib', '/lib64', '/lib32', '/opt'];
const settings = ['passwd', 'group', 'ssl', 'alternatives', 'nsswitch.conf', 'ld.so.cache', 'hosts', 'localtime', 'mime.types'];

/** An allow-list root: the system read-only, an empty home and temp, no network, no view of other processes. */
export function bubblewrap(argv: readonly string[], reach: Reach, env: Environment): string[] {
  const flags = ['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'];
  for (const path of system) flags.push('--ro-bind-try', path, path);
  for (const name of settings) flags.push('--ro-bind-try', `/etc/${name}`, `/etc/${name}`);
  flags.push('--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp', '--tmpfs', '/run');
  if (env.HOME && isAbsolute(env.HOME) && dirname(env.HOME) !== env.HOME) flags.push('--dir', env.HOME);
  for (const path of reach.readable) if (existsSync(path)) flags.push('--ro-bind', realpathSync(path), realpathSync(path));
  for (const path of reach.writable) flags.push('--bind', realpathSync(path), realpathSync(path));
  return ['bwrap', ...flags, '--chdir', reach.cwd, '--', ...argv];
}
