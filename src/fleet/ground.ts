import { realpath, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GlmError } from '../errors.ts';
import type { Shelf } from '../jobs/queue.ts';
import { makeTurns } from '../process/in-turn.ts';
import { runProcess } from '../process/run.ts';
import { checkOut } from '../repo/clones/mirror.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import { confine } from '../safety/sandbox/confine.ts';
import { dropWorkspaceKey } from '../safety/workspace-key.ts';
import type { BatchOptions, Row } from '../schema/batch.ts';
import type { Machine } from '../schema/deps.ts';
import { makeScratch } from '../store.ts';
import { detectSuites } from '../suite/detect/detect.ts';

/** The tests of a user's own folder run one after the other: two runs in one tree disturb each other. */
const inTurn = makeTurns();

/** Where a row is worked on: its folder, and the log or report as a file of this machine. */
export type Ground = {
  readonly root: string;
  readonly commit: string | undefined;
  readonly log: string | undefined;
  readonly report: string | undefined;
  /** Runs what installs the dependencies. False where nobody knows how, or it was not allowed. */
  readonly install: () => Promise<boolean>;
};

/** A row as it travels: files are named on the shelf, and the commit is fixed once it has been looked at. */
export type Errand = { readonly row: Row; readonly commit?: string | undefined; readonly options: BatchOptions };

const shelfName = 'shelf:';

/** What stands in a file, put where every worker reads it under the file's own name. */
export async function toShelf(name: string, path: string, text: string, shelf: Shelf): Promise<string> {
  const full = `${name}~${basename(path).replace(/[^\w.-]/g, '_')}`;
  await shelf.keep(full, text);
  return `${shelfName}${full}`;
}

/** Opens the ground of a row, hands it down, and removes what was laid out for it, whatever happens. */
export async function onGround<T>(errand: Errand, shelf: Shelf, deps: Machine, work: (ground: Ground) => Promise<T>): Promise<T> {
  const { row, commit, options } = errand;
  const scratch = await makeScratch(deps.folders.temp);
  const fetched = async (name: string | undefined, as: string) => {
    if (!name?.startsWith(shelfName)) return name;
    const text = await shelf.read(name.slice(shelfName.length));
    if (text === undefined)
      throw new GlmError('no_report', `The ${as} of this row is no longer on the shelf.`, { hint: 'Start the batch again.' });
    const path = join(scratch, name.includes('~') ? name.slice(name.lastIndexOf('~') + 1) : as);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  try {
    const given = { log: await fetched(row.log, 'ci.log'), report: await fetched(row.report, 'report') };
    if (row.repo === undefined) {
      const root = await realpath(row.root ?? '').catch(() => undefined);
      if (root === undefined)
        throw new GlmError('no_root', `There is no folder ${row.root} on this machine.`, { hint: 'Rows for other machines name a repo.' });
      return await inTurn(root, () => work({ root, commit: undefined, ...given, install: async () => false }));
    }
    const checkout = await checkOut(row.repo, commit ?? row.ref, deps);
    try {
      const install = () => installIn(checkout.root, { row, options, scratch }, deps);
      return await work({ root: checkout.root, commit: checkout.commit, ...given, install });
    } finally {
      await checkout.remove();
      await dropWorkspaceKey(deps.folders, checkout.root);
    }
  } catch (error) {
    // Where we have put a file is nobody's business: it has the name that its owner gave it.
    if (error instanceof GlmError && error.message.includes(scratch))
      throw new GlmError(error.code, error.message.replaceAll(`${scratch}/`, ''), { hint: error.hint, cause: error });
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const installMs = 900_000;

async function installIn(root: string, { row, options, scratch }: Errand & { readonly scratch: string }, deps: Machine): Promise<boolean> {
  if (!options.install) return false;
  const env = suiteEnvironment(deps.env, { mode: 'own', names: options.env ?? [] });
  const suites = await detectSuites(root, { command: row.command, env, signal: deps.signal });
  // What is installed for the whole machine, or takes a shell, is for its owner to do.
  const own = (install: string) => install !== '' && !/--global|\s-g\s|[;&|<>$`]/.test(install);
  const commands = new Map(
    suites.flatMap(({ install = '', cwd }) => (own(install) ? [[`${cwd}\0${install}`, { install, cwd }] as const] : [])),
  );
  const wrap = await confine([root, scratch], { ...deps, sandbox: 'auto' });
  for (const { install, cwd } of commands.values()) {
    deps.tell({ type: 'stage', stage: 'install', message: install });
    const folder = join(root, cwd);
    const argv = install.split(' ');
    const result = await runProcess({ argv: wrap?.(argv, folder) ?? argv, cwd: folder, env, signal: deps.signal, timeoutMs: installMs });
    if (result.end !== 'exited' || result.exitCode !== 0) {
      const said = result.stderr.toString().trim().split('\n').at(-1) ?? '';
      throw new GlmError('not_installed', `${install} failed${said ? `: ${said.slice(0, 200)}` : ''}.`, {
        hint: 'Try it in a clone of your own.',
      });
    }
  }
  return commands.size > 0;
}
