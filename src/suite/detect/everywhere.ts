import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseJson } from 'jsonc-parser';
import picomatch from 'picomatch';
import { z } from 'zod';
import type { Suite } from '../../schema/run.ts';
import { type PackageJson, readPackageJson } from '../package-json.ts';
import { programOf } from '../runner.ts';

/** A command that starts scripts in many packages: which scripts, and in which packages (by name or folder; none: in all). */
export type Everywhere = { readonly argv: readonly string[]; readonly scripts: readonly string[]; readonly only: readonly string[] };

/** Flags that choose packages, whose value may be a word of its own. */
const choosing: Readonly<Record<string, RegExp>> = {
  turbo: /^(?:--filter|-F|--scope)$/,
  nx: /^(?:--projects?|-p)$/,
  lerna: /^--scope$/,
  npm: /^(?:--workspace|-w)$/,
  pnpm: /^(?:--filter|-F)$/,
  yarn: /^--include$/,
  bun: /^(?:--filter|-F)$/,
};
/** Flags with another value, and words that are no script. */
const valued = /^(?:--(?:concurrency|parallel|jobs|workspace-concurrency|ignore|exclude|since|base|head|configuration|from)|-[cj])$/;
const verbs = /^(?:run|run-many|run-script|affected|workspaces?|foreach|exec|recursive|multi|m)$/;

/** Reads the arguments of turbo, nx, lerna and of package managers that were told to start a script in many packages. */
export function readEverywhere(argv: readonly string[]): Everywhere {
  const scripts: string[] = [];
  const only: string[] = [];
  const tool = programOf(argv[0]);
  const end = argv.indexOf('--');
  const own = argv.slice(1, end < 0 ? undefined : end);
  for (let at = 0; at < own.length; at++) {
    const word = own[at] ?? '';
    const [flag = '', given] = word.split(/=(.*)/s);
    const value = () => (given ?? own[++at] ?? '').split(',');
    if (tool === 'nx' && /^(?:--targets?|-t)$/.test(flag)) scripts.push(...value());
    else if (choosing[tool]?.test(flag)) only.push(...value());
    else if (word.startsWith('-')) at += valued.test(word) ? 1 : 0;
    else if (tool === 'nx' && /^[^:]+:[^:]+/.test(word)) {
      const [project = '', target = ''] = word.split(':');
      only.push(project);
      scripts.push(target);
    } else if (!verbs.test(word)) scripts.push(word);
  }
  // `nx test cart`, `yarn workspace cart test`.
  if (tool === 'nx' && !/^(?:run-many|affected)$/.test(own[0] ?? '') && scripts.length > 1) only.push(...scripts.splice(1));
  if (own.includes('workspace') && scripts.length > 1) only.push(...scripts.splice(0, 1));
  return { argv, scripts: scripts.length > 0 ? scripts : ['test'], only };
}

/** A package of a workspace, by its folder. */
export type Member = { readonly folder: string; readonly json: PackageJson };

/** The packages that the command chooses. A choice by what changed, or by who depends on whom, is not narrowed: all are taken. */
export function chosenBy({ only }: Everywhere, members: readonly Member[]): readonly Member[] {
  const patterns = only.map((one) => one.replace(/^\{(.*)\}$/, '$1').replace(/^(!?)\.\//, '$1'));
  if (patterns.some((one) => one === '' || /\.\.\.|\^|\[|\.\./.test(one))) return members;
  const matches = (pattern: string) => {
    const is = picomatch(pattern.replace(/^!/, '').replace(/\/$/, ''));
    return ({ folder, json }: Member) =>
      is(folder) || (json.name !== undefined && (is(json.name) || is(json.name.replace(/^@[^/]+\//, ''))));
  };
  const wanted = patterns.filter((one) => !one.startsWith('!')).map(matches);
  const refused = patterns.filter((one) => one.startsWith('!')).map(matches);
  const found = members.filter((member) => (wanted.length === 0 || wanted.some((is) => is(member))) && !refused.some((is) => is(member)));
  // Names that only the tool knows.
  return found.length > 0 ? found : members;
}

const Target = z.looseObject({
  dependsOn: z
    .array(
      z.union([
        z.string(),
        z
          .looseObject({ target: z.string(), dependencies: z.boolean().optional(), projects: z.unknown().optional() })
          .transform(({ target, dependencies, projects }) => (dependencies || projects === 'dependencies' ? `^${target}` : target)),
      ]),
    )
    .catch([]),
});
const Targets = z.record(z.string(), z.unknown()).catch({});
const Config = z.looseObject({
  tasks: Targets,
  pipeline: Targets,
  targetDefaults: Targets,
  targets: Targets,
  name: z.string().optional().catch(undefined),
});

/**
 * What the tool would build before the tests of the packages, by the tool itself: `dependsOn` of turbo.json, nx.json and the packages'
 * own settings. Only tasks that some package has a script for.
 */
export function buildsOf(root: string, { argv }: Everywhere, script: string, chosen: readonly Member[], all: readonly Member[]): Builds {
  const tool = programOf(argv[0]);
  if (!['turbo', 'nx', 'lerna'].includes(tool)) return [];
  const shared = settingsOf(tool).map((name) => readConfig(join(root, name)));
  const needed = new Map<string, Set<Member>>();
  const need = (task: string, member: Member) => needed.set(task, (needed.get(task) ?? new Set()).add(member));
  for (const member of chosen) {
    for (const task of dependsOn(root, tool, script, member, shared)) {
      const [, above, owner, name = ''] = /^(\^?)(?:(.+)#)?([^#]+)$/.exec(task) ?? [];
      if (name === script || name.startsWith('$')) continue;
      if (owner) for (const one of all.filter(({ json }) => json.name === owner)) need(name, one);
      else for (const one of above ? dependenciesOf(member, all) : [member]) need(name, one);
    }
  }
  return [...needed].flatMap(([task, members]) => {
    const names = [...members]
      .filter(({ folder, json }) => task in json.scripts || isProject(root, folder))
      .map((one) => nameOf(root, one));
    return names.length > 0 ? [{ argv: commandOf(tool, argv[0] ?? tool, task, names.sort()), cwd: '' }] : [];
  });
}

type Builds = NonNullable<Suite['before']>;

function commandOf(tool: string, program: string, task: string, names: readonly string[]): readonly string[] {
  if (tool === 'nx') return [program, 'run-many', '-t', task, '-p', names.join(',')];
  return [program, 'run', task, ...names.map((name) => `--${tool === 'turbo' ? 'filter' : 'scope'}=${name}`)];
}

type Settings = z.infer<typeof Config> | undefined;

const settingsOf = (tool: string) => (tool === 'turbo' ? ['turbo.json', 'turbo.jsonc'] : ['nx.json']);

/** The tasks that a test waits for, as the tool's settings say for this package. */
function dependsOn(root: string, tool: string, script: string, { folder, json }: Member, shared: readonly Settings[]): readonly string[] {
  const ofPackage = tool === 'turbo' ? settingsOf(tool) : ['project.json'];
  const own = ofPackage.map((name) => readConfig(join(root, folder, name)));
  const manifest = readConfig(join(root, folder, 'package.json'), 'nx');
  for (const config of [...own, ...(tool === 'turbo' ? [] : [manifest]), ...shared]) {
    for (const targets of [config?.tasks, config?.pipeline, config?.targets, config?.targetDefaults]) {
      const target = targets?.[`${json.name}#${script}`] ?? targets?.[script];
      const found = Target.safeParse(target).data?.dependsOn;
      if (found && found.length > 0) return found;
    }
  }
  return [];
}

function readConfig(path: string, key?: string): Settings {
  if (!existsSync(path)) return undefined;
  const value: unknown = parseJson(readFileSync(path, 'utf8'), [], { allowTrailingComma: true });
  return Config.safeParse(key === undefined ? value : Object(value)[key]).data;
}

const isProject = (root: string, folder: string) => existsSync(join(root, folder, 'project.json'));

/** nx may call a project otherwise than its package. */
const nameOf = (root: string, { folder, json }: Member) => readConfig(join(root, folder, 'project.json'))?.name ?? json.name ?? folder;

/** The packages of the workspace that a package depends on, and theirs. */
function dependenciesOf(from: Member, all: readonly Member[]): readonly Member[] {
  const found = new Set<Member>();
  const visit = ({ json }: Member) => {
    for (const one of all) {
      const name = one.json.name ?? '';
      const named = name in json.dependencies || name in json.devDependencies || name in json.peerDependencies;
      if (!named || one === from || found.has(one)) continue;
      found.add(one);
      visit(one);
    }
  };
  visit(from);
  return [...found];
}

/** Whether the tool knows the task of a package by settings of its own, where the package has no script for it. */
export function hasOwnTarget(root: string, folder: string, task: string): boolean {
  return readConfig(join(root, folder, 'project.json'))?.targets[task] !== undefined;
}

/** The packages of these folders. */
export function membersIn(root: string, folders: readonly string[]): Member[] {
  return folders.flatMap((folder) => {
    const json = readPackageJson(join(root, folder));
    return json ? [{ folder, json }] : [];
  });
}
