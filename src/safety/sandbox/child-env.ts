import { existsSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type Environment, isSecretName } from '../../config.ts';
import { isSecretValue } from '../redact/secrets.ts';

const quiet = { CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' } as const;
const plain = /^(?:PATH|HOME|TMPDIR|TEMP|TMP|LANG|LANGUAGE|LC_\w+|TZ|TERM|SHELL|USER|LOGNAME|NODE_ENV|SYSTEMROOT|WINDIR|COMSPEC|PATHEXT)$/i;
const ours =
  /^(?:GLM_|RUNAPI_|ZHIPU|ZAI_|OPENAI|ANTHROPIC|AWS_|GITHUB_TOKEN|GH_TOKEN|GITHUB_(?:ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)$|ACTIONS_|SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_AGENT_INFO)/i;

/** What a hook of git or another test runner hands to its children: tests that start from there would act on another repository, or report to it. */
const inherited = new RegExp(
  `^(?:${[
    'GIT_(?:DIR|WORK_TREE|INDEX_FILE|PREFIX|COMMON_DIR|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|NAMESPACE|QUARANTINE_PATH|INTERNAL_\\w+)',
    'NODE_TEST_\\w+|NODE_UNIQUE_ID|NODE_CHANNEL_FD|NODE_V8_COVERAGE',
    'VITEST(?:_\\w+)?|JEST_WORKER_ID|TEST_WORKER_INDEX|TEST_PARALLEL_INDEX|TAP(?:_CHILD_ID)?|BATS_\\w+',
    'PYTEST_(?:CURRENT_TEST|VERSION|XDIST_\\w+)|COV_CORE_\\w+|COVERAGE_PROCESS_START',
  ].join('|')})$`,
);
/** What git itself sets for its hooks beside those: the author of the commit that is being made, and no editor. */
const ofHook = /^GIT_(?:AUTHOR_(?:NAME|EMAIL|DATE)|COMMITTER_DATE|EDITOR|EXEC_PATH|REFLOG_ACTION|PUSH_OPTION_\w+)$/;

/** The variables without those that belong to the process that started us. */
export function withoutInherited(env: Readonly<Record<string, string>>): Record<string, string> {
  const inHook = env.GIT_INDEX_FILE !== undefined || env.GIT_DIR !== undefined;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !inherited.test(name) && !(inHook && ofHook.test(name))));
}

/**
 * The environment of the user's tests. `own`: the user's without secrets, by name and by value. `allow_list`: only what a program needs to start, plus
 * `names`. Names given by the user are passed in both modes, whatever they are called.
 */
export function suiteEnvironment(
  env: Environment,
  { mode, names }: { readonly mode: 'own' | 'allow_list'; readonly names: readonly string[] },
): Record<string, string> {
  const asked = new Set(names);
  const kept: Record<string, string> = {};
  const own = withoutInherited(env);
  for (const [name, value] of Object.entries(env)) {
    const pass = mode === 'own' ? name in own && !isSecretName(name) && !ours.test(name) && !isSecretValue(value) : plain.test(name);
    if (asked.has(name) || pass) kept[name] = value;
  }
  return { ...kept, ...quiet };
}

/**
 * Where programs of our own are looked for: in no folder that a repository fills. npx puts its `node_modules/.bin` first, direnv its `bin`.
 * `folder` lies in the repository that is worked on.
 */
export function ownPath(searchPath: string, folder: string | undefined): string {
  let top = folder;
  while (top !== undefined && !existsSync(join(top, '.git'))) top = top === dirname(top) ? undefined : dirname(top);
  const isOutside = (entry: string) => {
    const way = top === undefined ? '..' : relative(top, entry);
    return way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
  };
  const trusted = searchPath
    .split(delimiter)
    .filter((entry) => isAbsolute(entry) && !entry.split(sep).includes('node_modules') && isOutside(entry));
  return trusted.join(delimiter);
}

/**
 * The environment of git on a repository nobody vouches for: no prompt, no pager, no config but the repository's, no protocol, and no
 * git but that of the system. `folder` lies in the repository.
 */
export function gitEnvironment(env: Environment, folder?: string): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (/^PATH$/i.test(name)) kept[name] = ownPath(value, folder);
    else if (/^(?:HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|COMSPEC|PATHEXT|USERPROFILE)$/i.test(name)) kept[name] = value;
  }
  return {
    ...kept,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: process.platform === 'win32' ? 'NUL' : '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: '/bin/false',
    SSH_ASKPASS: '/bin/false',
    GIT_ALLOW_PROTOCOL: '',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'false',
    GIT_SSH_COMMAND: 'false',
    ...configByEnvironment(hardened),
  };
}

/** Settings that keep a hostile repository from starting programs; `hardened` beats the repository's own config. */
export const hardened: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.pager', 'cat'],
  ['core.editor', 'false'],
  ['core.askPass', ''],
  ['core.sshCommand', 'false'],
  ['core.gitProxy', ''],
  ['core.attributesFile', '/dev/null'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['core.quotePath', 'false'],
  ['credential.helper', ''],
  ['protocol.allow', 'never'],
  ['diff.external', ''],
  ['gpg.program', 'false'],
  ['commit.gpgSign', 'false'],
  ['submodule.recurse', 'false'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
];

/** Config pairs as `GIT_CONFIG_COUNT/KEY_n/VALUE_n`, which git reads as if given by `-c`. */
export function configByEnvironment(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const env: Record<string, string> = { GIT_CONFIG_COUNT: String(pairs.length) };
  pairs.forEach(([name, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = name;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  return env;
}
