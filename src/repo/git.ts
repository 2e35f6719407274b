import { existsSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { SimpleGit } from 'simple-git';
import type { Environment } from '../config.ts';
import { checkStopped, GlmError } from '../errors.ts';
import { type ProcessResult, runProcess } from '../process/run.ts';
import { configByEnvironment, gitEnvironment, hardened } from '../safety/sandbox/child-env.ts';
import type { GitFacts } from '../schema/deps.ts';
import { fetchAll, promisorOf } from './clones/partial.ts';

type Deps = { readonly env: Environment; readonly signal?: AbortSignal | undefined };

export type GitOptions = {
  readonly input?: string | Uint8Array | undefined;
  /** Added to the hardened environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Exit codes that are an answer. Default: 0. */
  readonly codes?: readonly number[] | undefined;
  readonly cwd?: string | undefined;
};

/** A work tree, read by git with every program that its config could start switched off. */
export type Git = GitFacts & {
  /** Stdout of one command, bytes as git wrote them. Throws `GlmError` where git does not end as expected. */
  readonly run: (args: readonly string[], options?: GitOptions) => Promise<Buffer>;
  /** simple-git with the same hardening, for questions whose answer is text. */
  readonly simple: (signal?: AbortSignal) => Promise<SimpleGit>;
};

/** All that `openGit` has to know in one process. The line after the names keeps a file called HEAD from being meant. */
const questions = [
  'rev-parse',
  '--show-toplevel',
  '--absolute-git-dir',
  '--git-common-dir',
  '--show-object-format',
  'HEAD^{commit}',
  'HEAD^@',
  '--symbolic-full-name',
  'HEAD',
  '--',
];
const flags = ['--no-pager', '--literal-pathspecs'];
const maxBytes = 256 << 20;

/** Opens the work tree that `folder` lies in. Undefined: git is not installed, or the folder is not in a work tree. */
export async function openGit(folder: string, { env, signal }: Deps): Promise<Git | undefined> {
  const base = gitEnvironment(env, folder);
  const asked = { cwd: folder, env: base, signal };
  const [answer, config] = await Promise.all([start(questions, asked), start(['config', '--list', '-z'], asked)]);
  checkStopped(signal);
  const [top = '', gitDir = '', common = '', format = '', head, ...rest] = answer.stdout.toString().split('\n');
  const named = rest.findIndex((line) => !/^[0-9a-f]{40,64}$/.test(line));
  const branch = rest[named] ?? '';
  // Before the first commit the last questions have no answer and the exit code says so.
  if (answer.exitCode !== 0 && format === '') return refuseOwnership(answer);
  const born = answer.exitCode === 0;
  const root = await realpath(top);
  refuseRedirect(root, await realpath(folder));
  const facts: GitFacts = {
    root,
    gitDir,
    commonDir: resolve(folder, common),
    head: born ? head : undefined,
    parent: born && named > 0 ? rest[0] : undefined,
    branch: born && branch.startsWith('refs/') ? branch : undefined,
    objectFormat: format === 'sha256' ? 'sha256' : 'sha1',
    settings: readSettings(config.stdout.toString()),
  };
  return bindGit(facts, { env, signal });
}

/** A work tree of which is known what `openGit` asks: nothing is asked again. Whoever kept the facts vouches that its config is as it was. */
export function bindGit(facts: GitFacts, { env, signal }: Deps): Git {
  const { root, gitDir, settings } = facts;
  const base = gitEnvironment(env, root);
  const safe = { ...base, ...configByEnvironment([...hardened, ...silenced(settings.map(([name]) => name))]) };

  const run: Git['run'] = async (args, options = {}) => {
    const result = await start(args, {
      ...options,
      cwd: options.cwd ?? root,
      env: { ...safe, ...options.env },
      signal: options.signal ?? signal,
    });
    if (result.end === 'stopped') checkStopped(AbortSignal.abort());
    if (result.truncated) throw new GlmError('bad_input', `git ${args[0]} answered with more than ${maxBytes >> 20} MiB.`);
    if (result.exitCode !== null && (options.codes ?? [0]).includes(result.exitCode)) return result.stdout;
    if (!existsSync(gitDir)) throw new GlmError('bad_input', `${root} is no repository any more: ${gitDir} went away meanwhile.`);
    const said = result.stderr.toString().trim();
    const remote = /from promisor remote$/m.test(said) ? promisorOf(settings) : undefined;
    if (remote !== undefined)
      throw new GlmError('bad_input', `This is a partial clone, and what git ${args[0]} has to read was never fetched.`, {
        hint: `${fetchAll(remote)} brings it.`,
      });
    const reason = result.startError ?? said.split('\n')[0] ?? '';
    throw new GlmError('bad_input', `git ${args[0]} failed in ${options.cwd ?? root}: ${reason || `exit code ${result.exitCode}`}`);
  };

  return { ...facts, run, simple: (other = signal) => openSimple(root, safe, other) };
}

/** The same repository, whose commands end with this signal. */
export function underSignal(git: Git, signal: AbortSignal | undefined): Git {
  return {
    ...git,
    run: (args, options) => git.run(args, { ...options, signal: options?.signal ?? signal }),
    simple: () => git.simple(signal),
  };
}

type Started = { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly input?: string | Uint8Array | undefined };

function start(args: readonly string[], { cwd, env, input, signal }: Started & { readonly signal?: AbortSignal | undefined }) {
  return runProcess({
    argv: ['git', ...flags, ...withoutDrivers(args)],
    cwd,
    env,
    input,
    signal,
    maxBytes,
    timeoutMs: 120_000,
    alone: true,
  });
}

/** Commands that show differences would start a driver that attributes name, or fail because it is switched off. */
function withoutDrivers([verb = '', ...rest]: readonly string[]): string[] {
  const shows = /^(?:diff|log|show|diff-tree|diff-index|diff-files)$/.test(verb);
  if (verb === 'blame') return [verb, '--no-textconv', ...rest];
  return shows ? [verb, '--no-ext-diff', '--no-textconv', ...rest] : [verb, ...rest];
}

/** A folder that git refuses to read for its owner's sake is not silently "no git". */
function refuseOwnership(result: ProcessResult): undefined {
  const said = result.stderr.toString();
  if (!said.includes('dubious ownership')) return undefined;
  throw new GlmError('no_git', 'git refuses this repository because it belongs to another user.', {
    hint: 'Run as its owner, or mark it as safe: git config --global --add safe.directory PATH.',
  });
}

/** `core.worktree` of a hostile repository may name any folder of the machine. */
function refuseRedirect(root: string, folder: string): void {
  const above = folder === root || folder.startsWith(root.endsWith(sep) ? root : root + sep);
  if (above && existsSync(join(root, '.git'))) return;
  throw new GlmError('no_git', `The repository's own settings put its work tree at ${root}, away from ${folder}.`, {
    hint: 'Remove core.worktree from the repository config.',
  });
}

const starters =
  /^(?:filter\..*\.(?:clean|smudge|process)|diff\..*\.(?:textconv|command)|merge\..*\.driver|alias\..*|trailer\..*\.(?:command|cmd)|submodule\..*\.update|remote\..*\.(?:uploadpack|receivepack|vcs)|gpg\..*\.program)$/is;

/** `config --list -z`: a name and, on the next line, its value, which may have more lines. */
function readSettings(list: string): [string, string][] {
  return list.split('\0').flatMap((one): [string, string][] => {
    const end = one.indexOf('\n');
    return one === '' ? [] : [end < 0 ? [one, 'true'] : [one.slice(0, end), one.slice(end + 1)]];
  });
}

/** Settings of the repository that start a program, each with the value that switches it off. */
function silenced(names: readonly string[]): [string, string][] {
  return [...new Set(names)].flatMap((name): [string, string][] => {
    if (!starters.test(name)) return [];
    if (/^submodule\./i.test(name)) return [[name, 'none']];
    if (!/^filter\./i.test(name)) return [[name, '']];
    return [
      [name, ''],
      [`${name.slice(0, name.lastIndexOf('.'))}.required`, 'false'],
    ];
  });
}

/**
 * simple-git checks what we ask of it against known attacks and drops git's own variables. The hardening consists of such variables, so
 * each is allowed by name, and only those.
 */
async function openSimple(root: string, env: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<SimpleGit> {
  const { simpleGit } = await import('simple-git');
  const git = simpleGit({
    baseDir: root,
    allowEnvironment: Object.keys(env),
    ...(signal && { abort: signal }),
    timeout: { block: 120_000 },
    unsafe: {
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeAskPass: true,
      allowUnsafePager: true,
      allowUnsafeEditor: true,
      allowUnsafeSshCommand: true,
      allowUnsafeProtocolOverride: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeDiffExternal: true,
      allowUnsafeDiffTextConv: true,
      allowUnsafeFilter: true,
      allowUnsafeMergeDriver: true,
      allowUnsafeGpgProgram: true,
      allowUnsafeGitProxy: true,
      allowUnsafeCredentialHelper: true,
      allowUnsafeAlias: true,
      allowUnsafeCommandBinaries: true,
      allowUnsafeSubmodule: true,
      allowUnsafePack: true,
      allowUnsafeUrlRewrite: true,
    },
  });
  return git.env({ ...env });
}
