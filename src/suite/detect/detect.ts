import { join } from 'node:path';
import { GlmError } from '../../errors.ts';
import type { Suite } from '../../schema/run.ts';
import { listFiles } from '../list-files.ts';
import { packageManager, readPackageJson } from '../package-json.ts';
import { findRunner } from '../runners/runners.ts';
import { pythonInstall, readPythonTests } from './interpreter.ts';
import { detectNode, joinPosix } from './javascript.ts';
import { detectOthers } from './others.ts';
import { detectPython, toSuite } from './python.ts';
import { readLine, type Step } from './scripts.ts';

export type DetectOptions = {
  /** The user's own command instead of what the repository says. */
  readonly command?: string | undefined;
  /** Folder below the root that was asked for, POSIX; '' for all. */
  readonly within?: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
};

/**
 * How the tests of a repository are started, best first, each with the reason. All suites of the returned list belong to the repository's
 * own test command. Throws `no_runner` with what was looked at, `config_invalid` for a configuration that cannot be read.
 */
export async function detectSuites(root: string, options: DetectOptions): Promise<readonly Suite[]> {
  const within = options.within ?? '';
  if (options.command !== undefined) return fromCommand(options.command, root, within, options);
  const refused: string[] = [];
  for (const cwd of [...new Set([within, ''])]) {
    const suites = await detectFolder(root, cwd, options, refused);
    if (suites.length > 0) return suites;
  }
  const suites = await detectBelow(root, options, refused);
  if (suites.length > 0) return suites;
  throw new GlmError(
    'no_runner',
    refused.length > 0
      ? `No test command could be used: ${refused.join('; ')}.`
      : 'No test runner was found: there is no test script, no pytest or unittest files, no go.mod.',
    {
      hint: 'Give the command with --command, for example --command "npx vitest run".',
    },
  );
}

async function detectFolder(root: string, cwd: string, options: DetectOptions, refused: string[]): Promise<Suite[]> {
  const node = detectNode(root, cwd);
  refused.push(...node.refused);
  const known = [...(node.unclear ? [] : node.suites), ...detectOthers(root, cwd), ...(await detectPython(root, cwd, options))];
  if (known.length > 0) return known;
  if (node.suites.length > 0) return [...node.suites];
  const made = detectMake(root, cwd);
  return made.length > 0 ? made : detectPython(root, cwd, options, true);
}

/** A Makefile with a target `test` or `check`: the runner it starts, else the target as it is. */
function detectMake(root: string, cwd: string): Suite[] {
  const folder = join(root, cwd);
  for (const target of ['test', 'tests', 'check']) {
    const steps = readLine(`make ${target}`, { folder, scripts: {} });
    if (steps.length === 0) continue;
    const why = `target ${target} of the Makefile`;
    const tests = steps.flatMap((step) =>
      step.kind === 'test' ? [{ runner: step.runner, argv: step.argv, cwd, env: step.env, why }] : [],
    );
    return tests.length > 0 ? tests : [{ runner: 'command', argv: ['make', target], cwd, env: {}, why }];
  }
  return [];
}

/** Nothing at the top: every folder below that is a project of its own. */
async function detectBelow(root: string, options: DetectOptions, refused: string[]): Promise<Suite[]> {
  const projects = listFiles(root).filter(
    (file) =>
      /(?:^|\/)(?:package\.json|go\.mod|pyproject\.toml|setup\.py|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|phpunit\.xml(?:\.dist)?|Gemfile|[^/]+\.(?:sln|csproj))$/.test(
        file,
      ) && file.split('/').length <= 4,
  );
  const folders = [...new Set(projects.map((file) => file.split('/').slice(0, -1).join('/')))].filter(Boolean).slice(0, 50);
  const suites: Suite[] = [];
  for (const folder of folders) {
    if (suites.some((suite) => folder.startsWith(`${suite.cwd}/`))) continue;
    suites.push(...(await detectFolder(root, folder, options, refused)));
  }
  return suites;
}

/** The user's command: a runner we know by name is started with our reporter, anything else is run as it is. */
async function fromCommand(command: string, root: string, cwd: string, options: DetectOptions): Promise<Suite[]> {
  const folder = join(root, cwd);
  const scripts = readPackageJson(folder)?.scripts ?? {};
  const steps = readLine(command, { folder, scripts });
  const watch = steps.find((step) => step.kind === 'watch');
  if (watch?.kind === 'watch')
    throw new GlmError('bad_input', `\`${command}\` would never end: ${watch.reason}.`, { hint: 'Give the command without watch mode.' });
  const tests = steps.filter((step): step is Extract<Step, { kind: 'test' }> => step.kind === 'test');
  const before = steps.flatMap((step) => (step.kind === 'build' ? [{ argv: step.argv, cwd: joinPosix(cwd, step.cwd) }] : []));
  const why = `--command ${command}`;
  if (tests.length === 0) {
    if (command.trim() === '') throw new GlmError('bad_input', 'The command is empty.', { hint: 'Give the command that runs the tests.' });
    return [{ runner: 'command', argv: ['sh', '-c', command], cwd, env: {}, why }];
  }
  return Promise.all(
    tests.map(async (step) => {
      if (step.runner === 'pytest' || step.runner === 'unittest') {
        const suite = await toSuite(
          { root, cwd, runner: step.runner, args: [], env: step.env, why },
          readPythonTests(folder).modules.slice(0, 0),
          options,
        );
        return { ...suite, argv: step.argv, install: pythonInstall(folder) };
      }
      const install = findRunner(step.runner)?.install ?? packageManager(root, folder).install;
      return {
        runner: step.runner,
        argv: step.argv,
        cwd: joinPosix(cwd, step.cwd),
        env: step.env,
        why,
        install,
        ...(before.length > 0 && { before }),
      };
    }),
  );
}
