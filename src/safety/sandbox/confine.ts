import { join } from 'node:path';
import type { Environment, Folders } from '../../config.ts';
import { runProcess } from '../../process/run.ts';
import { findBwrap, veil } from './bubblewrap.ts';
import { findSandbox, type SandboxMode } from './sandbox.ts';
import { withToolchains } from './toolchains.ts';

/** The command line that runs `argv` shut in. */
export type Wrap = (argv: readonly string[], cwd: string) => string[];

type Needs = {
  readonly env: Environment;
  readonly folders: Folders;
  readonly signal?: AbortSignal | undefined;
  readonly sandbox?: SandboxMode | undefined;
};

/**
 * How the user's own tests are run, before any patch. `on`: in the sandbox, which may write below `writable` alone and reads
 * `readable` and the toolchains. `auto`: with their files
 * and network as they are, but without a view of the processes above, which may hold keys, and of the files that hold ours, and with no
 * way to write to the code that those processes go on to load. `off`, and
 * where no sandbox works: as they are. Throws `bad_input` where `on` cannot be had.
 */
export async function confine(writable: readonly string[], deps: Needs, readable: readonly string[] = []): Promise<Wrap | undefined> {
  const { env, folders, sandbox: mode = 'auto' } = deps;
  if (mode === 'off') return undefined;
  if (mode === 'on') {
    const sandbox = await findSandbox('on', deps);
    return (argv, cwd) => sandbox.wrap(argv, withToolchains({ cwd, writable, readable }, env));
  }
  const program = process.platform === 'linux' ? findBwrap(env.PATH) : undefined;
  if (program === undefined || !(await veils(program))) return undefined;
  const hide = [join(folders.config, 'keys.json'), join(folders.home, '.config', 'runapi', 'config.json')];
  return (argv, cwd) => veil(program, argv, cwd, hide, outside(cwd, writable));
}

/** This program and its Node, unless they are a part of what is tested. */
function outside(cwd: string, writable: readonly string[]): string[] {
  const tested = [cwd, ...writable];
  return [import.meta.dirname, process.execPath].filter((path) => !tested.some((folder) => `${path}/`.startsWith(`${folder}/`)));
}

const known = new Map<string, Promise<boolean>>();

/** Whether the veil works on this machine; tried once. */
function veils(program: string): Promise<boolean> {
  const tried =
    known.get(program) ??
    runProcess({ argv: veil(program, ['/bin/sh', '-c', ':'], '/', []), cwd: '/', env: { PATH: '/usr/bin:/bin' }, timeoutMs: 10_000 }).then(
      ({ exitCode }) => exitCode === 0,
    );
  known.set(program, tried);
  return tried;
}
