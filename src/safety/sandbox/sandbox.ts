import type { Environment, Folders } from '../../config.ts';
import { GlmError } from '../../errors.ts';
import { runProcess } from '../../process/run.ts';
import { bubblewrap, findBwrap } from './bubblewrap.ts';
import type { Reach } from './mounts.ts';
import { remedy } from './remedy.ts';
import { seatbelt } from './seatbelt.ts';

export type SandboxMode = 'auto' | 'on' | 'off';

export type Sandbox = {
  readonly name: 'none' | 'bubblewrap' | 'seatbelt';
  /** Why there is none, and what would give one. */
  readonly reason?: string | undefined;
  readonly remedy?: string | undefined;
  /** The command line that runs `argv` inside. Throws `forbidden_path` where a folder cannot be given safely. */
  readonly wrap: (argv: readonly string[], reach: Reach) => string[];
};

type Needs = { readonly env: Environment; readonly folders: Folders; readonly signal?: AbortSignal | undefined };

/** The sandbox that works on this machine. `auto` falls back to `none` with the reason; `on` throws `bad_input` where there is none. */
export async function findSandbox(mode: SandboxMode, deps: Needs): Promise<Sandbox> {
  if (mode === 'off') return none('switched off');
  const found = await look(deps);
  if (mode === 'on' && found.name === 'none') {
    throw new GlmError('bad_input', `No sandbox works here: ${found.reason}.`, {
      hint: found.remedy ? `Do this: ${found.remedy}. Or pass --sandbox off.` : 'Pass --sandbox off to run without one.',
    });
  }
  return found;
}

function none(reason: string, help?: string): Sandbox {
  return { name: 'none', reason, remedy: help, wrap: (argv) => [...argv] };
}

const exposed = 'tests run with your rights and can read what you can, such as stored keys and the memory of your programs.';

/** The sentence for a run that no sandbox shuts in though one was wanted. */
export async function missingSandbox(deps: Needs): Promise<string | undefined> {
  const { name, reason, remedy: help } = await findSandbox('auto', deps);
  if (name !== 'none') return undefined;
  return `No sandbox (${reason}): ${exposed}${help ? ` To have one: ${help}.` : ''}`;
}

/** What is said where the sandbox was switched off while a key is in use. */
export const switchedOff = `The sandbox is off: ${exposed}`;

async function look(deps: Needs): Promise<Sandbox> {
  if (process.platform === 'darwin') return probe('seatbelt', (argv, reach) => seatbelt(argv, reach, deps.folders.home), deps);
  if (process.platform !== 'linux') return none(`none is known for ${process.platform}`);
  const program = findBwrap(deps.env.PATH);
  if (!program) return none('bubblewrap is not installed', remedy(false));
  const limits = await findLimits(deps);
  return probe('bubblewrap', (argv, reach) => [...limits, ...bubblewrap(program, argv, reach, deps.folders.home)], deps);
}

/** Starts the smallest program inside: a sandbox that is installed need not work (no user namespaces, AppArmor). */
async function probe(name: 'bubblewrap' | 'seatbelt', wrap: Sandbox['wrap'], deps: Needs): Promise<Sandbox> {
  const run = await runProcess({
    argv: wrap(['/bin/sh', '-c', ':'], { cwd: '/', writable: [], readable: [] }),
    cwd: '/',
    env: { PATH: deps.env.PATH ?? '/usr/bin:/bin' },
    timeoutMs: 10_000,
    signal: deps.signal,
  });
  if (run.exitCode === 0) return { name, wrap };
  const said = run.stderr.toString().trim().split('\n').at(-1) ?? '';
  return none(`${name} cannot start (${run.startError ?? (said || run.end)})`, name === 'bubblewrap' ? remedy(true) : undefined);
}

/** Limits on core dumps, the size of a file and, for a user who is not root, the number of processes. Empty where prlimit cannot set them. */
async function findLimits(deps: Needs): Promise<string[]> {
  const limits = ['/usr/bin/prlimit', '--core=0', `--fsize=${4 * 2 ** 30}`, ...(process.getuid?.() === 0 ? [] : ['--nproc=8192']), '--'];
  const run = await runProcess({ argv: [...limits, '/bin/sh', '-c', ':'], cwd: '/', env: {}, timeoutMs: 5_000, signal: deps.signal });
  return run.exitCode === 0 ? limits : [];
}
