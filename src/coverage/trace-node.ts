import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { scanDefinitions } from '../context/scan/scan.ts';
import tracer from '../suite/inside/trace.cjs?raw';
import { isForeign, makeRelate } from '../suite/paths.ts';
import vitestProvider from '../suite/runners/vitest/provider.mjs?raw';
import { openMap } from '../suite/source-map.ts';
import { parseJson, type Traced, type Tracer, textsIn } from './reached.ts';

const Script = z.object({
  file: z.string(),
  same: z.boolean(),
  map: z.string().optional(),
  ran: z.array(z.tuple([z.number(), z.number(), z.string(), z.number()])),
});
type Script = z.infer<typeof Script>;

/** V8's own count of calls, from every process and worker of Node, whichever runner starts it and whatever compiles the code. */
export function traceNode({ suite, root, folder, env }: Traced): Tracer {
  const plugin = `${folder}-node`;
  mkdirSync(plugin, { recursive: true, mode: 0o700 });
  const roots = [...new Set([root, realpathSync(root)])].map((path) => `${path.replaceAll('\\', '/')}/`);
  const preload = join(plugin, 'trace.cjs');
  writeFileSync(preload, tracer);
  writeFileSync(join(plugin, 'given.json'), JSON.stringify({ roots, out: join(folder, '/') }));
  const options = [suite.env.NODE_OPTIONS ?? env.NODE_OPTIONS, `--require ${quote(preload)}`].filter(Boolean).join(' ');
  const traced = { ...suite, env: { ...suite.env, NODE_OPTIONS: options } };
  const read: Tracer['read'] = () => readScripts(root, folder);
  if (suite.runner !== 'vitest') return { suite: traced, read };
  const provider = join(plugin, 'provider.mjs');
  writeFileSync(provider, vitestProvider);
  const flags = ['--coverage.provider=custom', `--coverage.customProviderModule=${provider}`];
  return { suite: { ...traced, argv: [...suite.argv, ...flags], measured: true }, read };
}

/** As NODE_OPTIONS reads it. */
const quote = (path: string) => `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

function readScripts(root: string, folder: string): ReturnType<Tracer['read']> {
  const relate = makeRelate(root, root);
  const ran = new Map<string, Set<number>>();
  const add = (path: string, lines: readonly number[]) => {
    const inside = relate(path);
    if (inside === undefined || isForeign(inside) || !existsSync(path)) return;
    const known = ran.get(inside) ?? new Set();
    for (const line of lines) known.add(line);
    ran.set(inside, known);
  };
  for (const line of textsIn(folder, '.jsonl').flatMap((text) => text.split('\n'))) {
    const script = Script.safeParse(parseJson(line));
    if (script.success) for (const [path, lines] of placesOf(script.data)) add(path, lines);
  }
  return ran.size === 0 ? undefined : ran;
}

/** Where the functions of a script were written: by its map; else as they stand; else, where it was compiled out of sight, by their names. */
function placesOf({ file, same, map, ran }: Script): [string, readonly number[]][] {
  const locate = openMap(file, map);
  if (locate) {
    const places = ran.flatMap(([line, column, , length]) => locate(line + 1, column, length) ?? []);
    const own: [string, readonly number[]] = [file, []];
    return [
      ...(places.some(({ path }) => path !== file) ? [] : [own]),
      ...places.map(({ path, line }): [string, number[]] => [path, [line]]),
    ];
  }
  if (same) return [[file, ran.map(([line]) => line + 1)]];
  const names = new Set(ran.map(([, , name]) => name.split(/[ .]/).at(-1) ?? ''));
  const found = scanDefinitions(file, readFileSync(file, 'utf8')).filter(({ name }) => names.has(name));
  return [[file, found.map(({ line }) => line)]];
}
