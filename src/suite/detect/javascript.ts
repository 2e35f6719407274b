import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite } from '../../schema/run.ts';
import { listFiles } from '../list-files.ts';
import { dependsOn, type PackageJson, packageManager, readPackageJson, tooOld } from '../package-json.ts';
import { runners } from '../runners/runners.ts';
import { buildsOf, chosenBy, hasOwnTarget, type Member, membersIn } from './everywhere.ts';
import { readScript, type Step } from './scripts.ts';
import { workspaceFolders } from './workspaces.ts';

/** What detection of one folder came to: suites, and why a script that is there was not used. */
export type Detected = {
  readonly suites: readonly Suite[];
  readonly refused: readonly string[];
  /** Nothing but a script that only a shell understands. */
  readonly unclear?: true;
};

const avoided = /watch|cov(?:erage)?$|coverage|debug|update|bench|lint|types?$|typings|browser|(?:^|:)ui$|snapshot|ci$|all$/;

/** Where a package.json lies: at the top, in a workspace, or in one whose command starts this script in its packages. */
type Place = 'top' | 'package' | { readonly script: string };

/** Suites of a package.json: its `test` script, else the scripts named like it, else a runner it depends on; in a workspace those of its packages. */
export function detectNode(root: string, cwd: string, place: Place = 'top'): Detected {
  const folder = join(root, cwd);
  const json = readPackageJson(folder);
  if (!json) return { suites: [], refused: [] };
  const refused: string[] = [];
  const home = { folder, scripts: json.scripts };
  const asked = typeof place === 'object' ? place.script : undefined;
  // A package without the script is passed over by the tool that runs the script everywhere.
  if (asked !== undefined && !(asked in json.scripts)) return { suites: [], refused };
  for (const name of asked === undefined ? scriptNames(Object.keys(json.scripts)) : [asked]) {
    const steps = readScript(name, home);
    for (const step of steps) if (step.kind === 'watch') refused.push(`script "${name}" runs \`${step.argv.join(' ')}\`: ${step.reason}`);
    const inner = place === 'top' ? detectEverywhere(steps, root, json) : undefined;
    if (inner?.unclear) return { suites: unclearSuites(root, cwd, home, name), refused };
    if (inner && inner.suites.length > 0)
      return { suites: [...inner.suites, ...toSuites(steps, name, root, { cwd, json })], refused: [...refused, ...inner.refused] };
    const suites = toSuites(steps, name, root, { cwd, json });
    if (suites.length > 0) return { suites, refused };
  }
  const bare = asked === undefined ? bareSuites(root, cwd) : [];
  if (bare.length > 0) return { suites: bare, refused };
  if (place === 'top') {
    const inner = workspaceFolders(root, json).map((below) => detectNode(root, below, 'package'));
    const suites = inner.flatMap((one) => one.suites);
    if (suites.length > 0) return { suites, refused: [...refused, ...inner.flatMap((one) => one.refused)] };
  }
  return { suites: refused.length > 0 ? [] : unclearSuites(root, cwd, home, asked), refused, unclear: true };
}

/** The suites of all packages in which a step starts a script. Unclear where only the tool knows how one of them is tested. */
function detectEverywhere(steps: readonly Step[], root: string, json: PackageJson): Detected {
  const members = membersIn(root, workspaceFolders(root, json));
  const found: Suite[] = [];
  const refused: string[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'packages') continue;
    const chosen = chosenBy(step.asked, members);
    const lacks = (member: Member) => !(step.script in member.json.scripts);
    const projects = members.length > 0 ? chosen.filter(lacks).map(({ folder }) => folder) : projectFolders(root);
    if (projects.some((folder) => hasOwnTarget(root, folder, step.script))) return { suites: [], refused, unclear: true };
    const tested = chosen.filter((member) => !lacks(member));
    const built = [...buildsIn(steps.slice(0, index), ''), ...buildsOf(root, step.asked, step.script, tested, members)];
    const inner = tested.map(({ folder }) => detectNode(root, folder, { script: step.script }));
    found.push(...inner.flatMap((one) => one.suites.map((suite) => withBefore(suite, built))));
    refused.push(...inner.flatMap((one) => one.refused));
  }
  return { suites: found, refused };
}

/** Folders of nx that have no package.json. */
function projectFolders(root: string): string[] {
  if (!existsSync(join(root, 'nx.json'))) return [];
  return listFiles(root, 20_000)
    .filter((file) => file.endsWith('/project.json'))
    .map((file) => file.slice(0, -'/project.json'.length));
}

type Builds = NonNullable<Suite['before']>;

const buildsIn = (steps: readonly Step[], cwd: string): Builds =>
  steps.flatMap((step) => (step.kind === 'build' ? [{ argv: step.argv, cwd: joinPosix(cwd, step.cwd) }] : []));

const withBefore = (suite: Suite, built: Builds): Suite =>
  built.length > 0 ? { ...suite, before: [...built, ...(suite.before ?? [])] } : suite;

/** `test` first, then what is named like it; coverage, watch and lint variants come last. */
function scriptNames(all: readonly string[]): string[] {
  const like = all.filter((name) => /^(?:test|tests|unit|spec|mocha|jest|vitest|ava)(?:[:_-]|$)/.test(name) && name !== 'test');
  const rank = (name: string) => (avoided.test(name) ? 2 : /unit|only|run|node/.test(name) ? 0 : 1);
  return [...all.filter((name) => name === 'test'), ...like.sort((a, b) => rank(a) - rank(b))];
}

type Package = { readonly cwd: string; readonly json: PackageJson };

function toSuites(steps: readonly Step[], script: string, root: string, { cwd, json }: Package): Suite[] {
  const suites: Suite[] = [];
  const { install } = packageManager(root, join(root, cwd));
  const unread = steps.flatMap((step) => (step.kind === 'unclear' ? [`\`${step.argv.join(' ')}\``] : []));
  const remarks = [
    ...(unread.length > 0 ? [`it also starts ${[...new Set(unread)].slice(0, 5).join(', ')}, which is not run`] : []),
    ...[tooOld(json) ?? []].flat(),
  ];
  for (const [index, step] of steps.entries()) {
    if (step.kind !== 'test') continue;
    const suite: Suite = {
      runner: step.runner,
      argv: step.argv,
      cwd: joinPosix(cwd, step.cwd),
      env: step.env,
      why: [
        `script "${script}" of ${cwd ? `${cwd}/` : ''}package.json runs ${step.runner === 'command' ? step.argv.join(' ') : step.runner}`,
        ...remarks,
      ].join('; '),
      script,
      install,
    };
    const same = suites.some(
      (other) =>
        other.cwd === suite.cwd &&
        other.argv.join('\0') === suite.argv.join('\0') &&
        JSON.stringify(other.env) === JSON.stringify(suite.env),
    );
    if (!same) suites.push(withBefore(suite, buildsIn(steps.slice(0, index), cwd)));
  }
  return suites;
}

/** No script starts a runner: one that is a dependency, or test files of node:test. */
function bareSuites(root: string, cwd: string): Suite[] {
  const folder = join(root, cwd);
  const json = readPackageJson(folder);
  if (!json) return [];
  const { install } = packageManager(root, folder);
  for (const runner of runners) {
    if (!runner.bare || !dependsOn(json, runner.bare.dependency)) continue;
    return [
      {
        runner: runner.name,
        argv: runner.bare.argv,
        cwd,
        env: {},
        why: `${cwd ? `${cwd}/` : ''}package.json depends on ${runner.bare.dependency} and no script starts it`,
        install,
      },
    ];
  }
  const files = listFiles(folder, 5_000).filter((path) =>
    /(?:^|\/)(?:test|tests|__tests__)\/.*\.[cm]?js$|[._-]test\.[cm]?js$|(?:^|\/)test\.[cm]?js$/.test(path),
  );
  const scripts = json.scripts.test;
  if (files.length === 0 || (scripts !== undefined && !/no test specified/.test(scripts))) return [];
  return [
    { runner: 'node:test', argv: ['node', '--test'], cwd, env: {}, why: 'there are test files and no script starts a runner', install },
  ];
}

/** A test script that only a shell understands: run as it is, with our reporters offered by environment. */
function unclearSuites(root: string, cwd: string, home: { readonly scripts: Readonly<Record<string, string>> }, script = 'test'): Suite[] {
  const text = home.scripts[script];
  if (text === undefined || /no test specified/.test(text)) return [];
  const manager = packageManager(root, join(root, cwd));
  return [
    {
      runner: 'command',
      argv: [manager.name, ...(script === 'test' ? [] : ['run']), script],
      cwd,
      env: {},
      why: `script "${script}" (${text.slice(0, 200)}) starts no runner that is known by name, so it is run as it is`,
      script,
      install: manager.install,
    },
  ];
}

export function joinPosix(...parts: readonly string[]): string {
  const kept: string[] = [];
  for (const part of parts.join('/').split('/')) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return kept.join('/');
}
