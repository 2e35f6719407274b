import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** A source file: its path below src/, its text and what it imports (resolved below src/, packages by name). */
export type Source = {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
  readonly packages: readonly string[];
};

const lineCap = 250;
const fileCap = 25;

/** The floors from the ground up. A file may import from lower floors and from its own room. */
const floors: readonly RegExp[] = [
  /^(errors|config|version)\.ts$/,
  /^schema\//,
  /^(process|cache|tokens)\/|^(store|settings)\.ts$/,
  /^safety\//,
  /^(repo|suite|context|glm|patch|report|setup)\//,
  /^case\.ts$/,
  /^(packing|coverage|stand-in)\//,
  /^proof\//,
  /^cause\//,
  /^(talk|jobs)\//,
  /^(asking|reviewing|testing|evaluating)\/|^wiring\.ts$/,
  /^uses\//,
  /^verbs\.ts$/,
  /^fleet\//,
  /^(cli|mcp)\//,
  /^cli\.ts$/,
];

/** Which packages may be imported where. */
const vendors: readonly (readonly [RegExp, RegExp])[] = [
  [/^openai($|\/)/, /^glm\//],
  [/^(simple-git|globby)$/, /^repo\//],
  [/^@modelcontextprotocol\/(server|node)/, /^mcp\//],
  [/^@modelcontextprotocol\/sdk/, /^setup\//],
  [/^(@octokit|@gitbeaker)\//, /^fleet\/forge\//],
  [/^(bullmq|ioredis|pg)$/, /^fleet\/engine\//],
  [/^(node:)?child_process$/, /^process\//],
];

export function readSources(folder: string): Source[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.ts'))
    .map((name) => toSource(name.replaceAll('\\', '/'), readFileSync(join(folder, name), 'utf8')));
}

export function toSource(path: string, text: string): Source {
  const specifiers = [
    ...text.matchAll(/(?:^|[\s;}])(?:import|export)\s(?:[^'";]*?\sfrom\s*)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/g),
  ].map((match) => match[1] ?? match[2] ?? '');
  const local = specifiers.filter((one) => one.startsWith('.'));
  return {
    path,
    text,
    imports: local.map((one) => normalize(join(dirname(path), one)).replaceAll('\\', '/')),
    packages: specifiers.filter((one) => !one.startsWith('.')),
  };
}

/** Every fault of the house, one sentence each. */
export function findFaults(sources: readonly Source[]): string[] {
  return [...sources.flatMap(faultsOf), ...crowded(sources), ...circles(sources)];
}

function placeOf(path: string): { floor: number; room: string } | undefined {
  const floor = floors.findIndex((pattern) => pattern.test(path));
  return floor < 0 ? undefined : { floor, room: path.split('/')[0] ?? '' };
}

function faultsOf({ path, text, imports, packages }: Source): string[] {
  const here = placeOf(path);
  if (!here) return [`${path} stands on no floor`];
  const faults: string[] = [];
  for (const target of imports) {
    const there = placeOf(target);
    if (!there) faults.push(`${path} imports ${target}, which stands on no floor`);
    else if (there.floor > here.floor) faults.push(`${path} (floor ${here.floor}) imports up: ${target} (floor ${there.floor})`);
    else if (there.floor === here.floor && there.room !== here.room) faults.push(`${path} imports another room on its floor: ${target}`);
  }
  for (const name of packages) {
    for (const [vendor, allowed] of vendors)
      if (vendor.test(name) && !allowed.test(path)) faults.push(`${path} imports ${name}, which has a room of its own`);
  }
  if (/\bprocess\.env\b/.test(text) && path !== 'config.ts') faults.push(`${path} reads process.env; config.ts does`);
  const lines = text.split('\n').length - 1;
  if (lines > lineCap) faults.push(`${path} has ${lines} lines, more than ${lineCap}`);
  return faults;
}

function crowded(sources: readonly Source[]): string[] {
  const counts = new Map<string, number>();
  for (const { path } of sources) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > fileCap).map(([folder, count]) => `${folder} has ${count} files, more than ${fileCap}`);
}

function circles(sources: readonly Source[]): string[] {
  const imports = new Map(sources.map((source) => [source.path, source.imports]));
  const state = new Map<string, 'open' | 'done'>();
  const faults: string[] = [];
  const visit = (path: string, trail: readonly string[]) => {
    if (state.get(path) === 'done') return;
    if (state.get(path) === 'open') {
      faults.push(`circle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`);
      return;
    }
    state.set(path, 'open');
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    state.set(path, 'done');
  };
  for (const { path } of sources) visit(path, []);
  return faults;
}
