import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { seedGoCache, usersGoCache } from '../cache/go-build.ts';
import type { Case } from '../case.ts';
import { readSurvivors, type Survivor, watchingFor } from '../process/outlived.ts';
import type { Worktree } from '../repo/worktree.ts';
import { suiteEnvironment } from '../safety/sandbox/child-env.ts';
import type { Sandbox } from '../safety/sandbox/sandbox.ts';
import { withToolchains } from '../safety/sandbox/toolchains.ts';
import type { Deps, Machine } from '../schema/deps.ts';
import type { Failure, Suite, TestRun } from '../schema/run.ts';
import type { Builds } from '../suite/run/build.ts';
import { runSuite } from '../suite/run/run.ts';
import { addFlags } from '../suite/runner.ts';
import { findRunner } from '../suite/runners/runners.ts';
import { editablePaths } from './editable.ts';
import { makeWatch, type Seen, type Watch } from './watch/watch.ts';

export type Scope = {
  readonly only?: readonly Failure[] | undefined;
  readonly files?: readonly string[] | undefined;
  /** Where less than usual is enough. */
  readonly timeoutMs?: number | undefined;
  /** Decides the order of the tests, where the runner can do that; else they run as always. */
  readonly seed?: number | undefined;
  /** In the shape of the user's own environment, as far as it holds no secret. */
  readonly asUser?: boolean | undefined;
};

export type WatchedRun = { readonly run: TestRun; readonly seen: Seen };

/** Runs the suite in the worktree, as often as asked, always in the same way. */
export type Workbench = {
  readonly sandbox: Sandbox;
  readonly run: (scope: Scope, signal?: AbortSignal) => Promise<TestRun>;
  /** A run that also tells what became of the assertion library and the runner. */
  readonly watch: (scope: Scope) => Promise<WatchedRun>;
  /** A run that also tells which processes outlived it. */
  readonly outlive: (scope: Scope) => Promise<{ readonly run: TestRun; readonly survivors: readonly Survivor[] }>;
};

export type Setup = Pick<Case, 'root' | 'suite' | 'timeoutMs' | 'envNames'> & {
  readonly worktree: Worktree;
  readonly sandbox: Sandbox;
  readonly builds?: Builds | undefined;
};

/** Where toolchains keep what they need; passed on because a name in PATH alone does not start them. */
const toolchain =
  /^(?:GO(?:PATH|ROOT|MODCACHE|TOOLCHAIN|FLAGS|OS|ARCH|PROXY|SUMDB|PRIVATE|WORK)|CGO_ENABLED|PYENV_(?:ROOT|VERSION)|VIRTUAL_ENV|CONDA_PREFIX|NVM_DIR|VOLTA_HOME|FNM_DIR|ASDF_(?:DIR|DATA_DIR)|MISE_DATA_DIR|JAVA_HOME|RUSTUP_HOME|CARGO_HOME|COREPACK_HOME|UV_PYTHON|UV_PROJECT_ENVIRONMENT|LD_LIBRARY_PATH|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE)$/;

/**
 * The environment is an allow-list, because what runs here was written by a model. Build caches are our own: the user's are not written
 * to.
 */
export async function makeWorkbench(setup: Setup, deps: Machine): Promise<Workbench> {
  const { root, suite, worktree, sandbox } = setup;
  if (sandbox.name === 'none') worktree.guard();
  const scratch = join(dirname(worktree.path), 'scratch');
  const goCache = join(deps.folders.cache, 'go-build');
  await mkdir(scratch, { recursive: true, mode: 0o700 });
  await mkdir(goCache, { recursive: true, mode: 0o700 });
  if (findRunner(suite.runner)?.engine === 'go') await seedGoCache(goCache, deps.env, deps.now());
  const names = [...setup.envNames, ...Object.keys(deps.env).filter((name) => toolchain.test(name))];
  const python = await editablePaths({ root, suite, worktree: worktree.path }, deps);
  const places = {
    ...(isAbsolute(deps.env.GOWORK ?? '') && { GOWORK: resolve(worktree.path, relative(root, deps.env.GOWORK ?? '')) }),
    ...(python.length > 0 && { PYTHONPATH: python.join(delimiter) }),
  };
  const ours = {
    ...suiteEnvironment(deps.env, { mode: 'allow_list', names }),
    PYTHONDONTWRITEBYTECODE: '1',
    TMPDIR: scratch,
    GOCACHE: goCache,
    ...places,
  };
  const boxed = sandbox.name !== 'none';
  // The user's runs have no such variable: in the sandbox the place where Go looks by itself leads to our cache.
  const own = deps.env.GOCACHE === undefined ? {} : { GOCACHE: deps.env.GOCACHE };
  const users = { ...userShape(deps.env, names, boxed), ...(!boxed && { TMPDIR: scratch }), ...own, ...places };
  const goLink = usersGoCache(deps.env);
  const ownReach = {
    cwd: join(worktree.path, suite.cwd),
    // Not the folder above: it holds what the worktree is compared with.
    writable: [worktree.path, scratch, goCache],
    // Not the user's tree: a patched test has no business with what is not in the worktree.
    readable: worktree.borrowed,
    links: [...worktree.neighbours, ...(goLink === '' ? [] : [{ path: goLink, target: goCache }])],
  };
  const reach = withToolchains(ownReach, deps.env);
  const box = boxed ? (argv: readonly string[]) => sandbox.wrap(argv, reach) : undefined;
  const runAs = (one: Suite, { only, files, asUser, seed, timeoutMs = setup.timeoutMs }: Scope, signal = deps.signal, wrap = box) =>
    runSuite(inOrder(one, seed, reach.cwd), {
      root: worktree.path,
      only,
      files,
      timeoutMs: Math.min(timeoutMs, setup.timeoutMs),
      signal,
      tell: deps.tell,
      env: asUser ? users : ours,
      scratch,
      state: deps.folders.state,
      builds: setup.builds,
      ...(wrap && { wrap }),
    });
  let watching: Watch | undefined;
  return {
    sandbox,
    run: (scope, signal) => runAs(suite, scope, signal),
    watch: async (scope) => {
      watching ??= makeWatch(
        suite,
        join(scratch, randomBytes(4).toString('hex')),
        names.includes('NODE_OPTIONS') ? deps.env.NODE_OPTIONS : undefined,
      );
      watching.clear();
      const run = await runAs(watching.suite, scope);
      return { run, seen: watching.read() };
    },
    outlive: async (scope) => {
      const out = join(scratch, randomBytes(4).toString('hex'));
      const around = (argv: readonly string[]) => watchingFor(argv, out);
      const run = await runAs(suite, scope, deps.signal, (argv) => (box ? box(around(argv)) : around(argv)));
      return { run, survivors: readSurvivors(out) };
    },
  };
}

/** The suite in another order than its own. */
function inOrder(suite: Suite, seed: number | undefined, folder: string): Suite {
  const flags = seed === undefined ? undefined : findRunner(suite.runner)?.shuffle?.(seed, folder);
  return flags ? { ...suite, argv: addFlags(suite.argv, flags) } : suite;
}

/** What the runner of a continuous integration sets stays away, unless the user has it too. */
function userShape(env: Deps['env'], names: readonly string[], boxed: boolean): Record<string, string> {
  const { CI, NO_COLOR, FORCE_COLOR, ...rest } = suiteEnvironment(env, { mode: boxed ? 'own' : 'allow_list', names });
  const quiet = Object.entries({ CI, NO_COLOR, FORCE_COLOR }).flatMap(([name]) => (env[name] === undefined ? [] : [[name, env[name]]]));
  return { ...rest, ...Object.fromEntries(quiet) };
}
