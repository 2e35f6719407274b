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

/** The floor of each room. A file may import from lower floors and from its own room; files of floor 4 are a room each. */
const floors: readonly (readonly [RegExp, number, string])[] = [
  [/^(schema\/|errors\.ts|config\.ts|version\.ts)/, 0, 'ground'],
  [/^(process|proc|store|tokens|vocabulary|notes|settings)\.ts/, 1, 'tools'],
  [/^(safety\/|ledger\.ts|limiter\.ts)/, 1.5, 'safety'],
  [/^(repo|suite|context|glm|patch|report|setup)\//, 2, ''],
  [/^stages\//, 3, 'stages'],
  [/^(find|diagnose|fix|ask|review|write-tests|variants|doctor)\.ts/, 4, 'corridors'],
  [/^jobs\//, 5, 'jobs'],
  [/^(world|verbs|apply|job-list)\.ts/, 5, 'jobs'],
  [/^cli\//, 6, 'cli'],
  [/^mcp\//, 6, 'mcp'],
  [/^cli\.ts/, 7, 'entrance'],
];

/** Which packages may be imported where. */
const vendors: readonly (readonly [RegExp, RegExp])[] = [
  [/^openai($|\/)/, /^glm\//],
  [/^(simple-git|globby)$/, /^repo\//],
  [/^@modelcontextprotocol\/sdk/, /^mcp\//],
  [/^(node:)?child_process$/, /^process\.ts$/],
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
  return [...sources.flatMap(faultsOf), ...circles(sources)];
}

function placeOf(path: string): { floor: number; room: string } | undefined {
  const found = floors.find(([pattern]) => pattern.test(path));
  if (!found) return undefined;
  const [, floor, room] = found;
  return { floor, room: room || (path.split('/')[0] ?? '') };
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
