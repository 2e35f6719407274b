import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkStopped } from '../../errors.ts';
import { makeTurns } from '../../process/in-turn.ts';
import { runProcess } from '../../process/run.ts';
import { removeTree } from '../../repo/leases.ts';
import { suiteEnvironment } from '../../safety/sandbox/child-env.ts';
import type { Machine } from '../../schema/deps.ts';
import { privateFolder } from '../../store.ts';
import { installCommands, keyOf, listManifests } from './manifests.ts';

/** Packages installed for one state of the manifests. `problem`: why they are not. */
export type Installed = { readonly folder: string; readonly problem?: string | undefined };

/** Packages by what the manifests of a laid-out bug ask for. */
export type Installs = {
  /** The same for two bugs that ask for the same; undefined where one names no packages. `date`: when it was fixed. */
  readonly keyOf: (path: string, date: string) => Promise<string | undefined>;
  /** What was installed, or could not be. */
  readonly known: (key: string) => Installed | undefined;
  readonly install: (path: string, date: string, key: string) => Promise<Installed>;
  /** Ends when nothing is being installed. */
  readonly settled: () => Promise<unknown>;
};

const installMs = 240_000;
/** Several tasks of a worker may want the same. */
const inTurn = makeTurns();
const mostKept = 12;

/** Installs once per state of the manifests, in folders of `home`; the oldest make room. */
export function makeInstalls(home: string, deps: Machine): Installs {
  const begun = new Map<string, Promise<Installed>>();
  const done = new Map<string, Installed>();
  return {
    keyOf: async (path, date) => (existsSync(join(path, 'package.json')) ? keyOf(path, listManifests(path), date) : undefined),
    known: (key) => done.get(key) ?? (existsSync(join(home, key)) ? { folder: join(home, key) } : undefined),
    install: async (path, date, key) => {
      const folder = join(home, key);
      const one = begun.get(key) ?? inTurn(folder, () => install({ path, date, files: listManifests(path), folder }, deps));
      begun.set(key, one);
      const installed = await one;
      done.set(key, installed);
      return installed;
    },
    settled: () => Promise.allSettled(begun.values()),
  };
}

type Order = { readonly path: string; readonly date: string; readonly files: readonly string[]; readonly folder: string };

async function install({ path, date, files, folder }: Order, deps: Machine): Promise<Installed> {
  if (existsSync(folder)) return { folder };
  await makePlace(dirname(folder));
  const making = `${folder}.${process.pid}`;
  const problems: string[] = [];
  let notThere: string | undefined;
  try {
    for (const file of files) {
      await mkdir(dirname(join(making, file)), { recursive: true });
      await cp(join(path, file), join(making, file));
    }
    for (const argv of await installCommands(making, date)) {
      deps.tell({ type: 'progress', message: `Installing what was asked for on ${date.slice(0, 10)}: ${argv.join(' ')}` });
      const env = { ...suiteEnvironment(deps.env, { mode: 'own', names: [] }), HUSKY: '0' };
      const ran = await runProcess({ argv, cwd: making, env, timeoutMs: installMs, signal: deps.signal });
      checkStopped(deps.signal);
      if (ran.end === 'exited' && ran.exitCode === 0) {
        await rename(making, folder).catch((error: unknown) => {
          // Another process was faster.
          if (!existsSync(folder)) throw error;
        });
        return { folder };
      }
      // That a manager is not on this machine counts only where no other way was there.
      if (ran.startError !== undefined) notThere ??= ran.startError;
      else problems.push(ran.end === 'timeout' ? 'it takes too long' : reasonIn(`${ran.stderr}\n${ran.stdout}`));
    }
    return { folder, problem: problems[0] ?? notThere };
  } finally {
    await removeTree(making);
  }
}

async function makePlace(home: string): Promise<void> {
  await privateFolder(home);
  const old = (await readdir(home))
    .map((name) => ({ path: join(home, name), madeMs: statSync(join(home, name)).mtimeMs }))
    .sort((a, b) => b.madeMs - a.madeMs)
    .slice(mostKept);
  for (const { path } of old) await removeTree(path);
}

/** The line of a package manager that says what is wrong. */
function reasonIn(output: string): string {
  const lines = output
    .split('\n')
    .filter((line) => !/^npm (?:warn|notice)\b/i.test(line))
    .map((line) => line.replace(/^(?:npm (?:error|ERR!)|error|\s*ERR_)\s*/i, '').trim());
  const said = lines.find((line) =>
    /ETARGET|E404|ERESOLVE|EUSAGE|notarget|not found|No matching version|lockfile|engine|ENOENT/i.test(line),
  );
  return (said ?? lines.find(Boolean) ?? 'no reason was given').slice(0, 160);
}
