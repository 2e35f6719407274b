import { mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { scanDefinitions } from '../context/scan/scan.ts';
import { findRunner } from '../suite/runners/runners.ts';
import { openMap } from '../suite/source-map.ts';
import { type Call, limits, makeSpot, type Spot, shown, type ValuesRequest, type ValueTracer } from './call.ts';
import show from './inside/show.cjs?raw';
import nodeTracer from './inside/values.cjs?raw';
import pythonTracer from './inside/values.py?raw';
import { recordsIn } from './reached.ts';
import { traceGoValues } from './values-go.ts';

/** Undefined: what this runner runs shows no values. `folder` is emptied by nobody but its owner. */
export function traceValues({ suite, root, folder, env, tests }: ValuesRequest): ValueTracer | undefined {
  const engine = findRunner(suite.runner)?.engine;
  if (engine === 'go') return traceGoValues({ suite, root, folder, env, tests });
  if (engine !== 'python' && engine !== 'node') return undefined;
  const plugin = `${folder}-values`;
  mkdirSync(plugin, { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const roots = [...new Set([root, realpathSync(root)])].map((path) => `${path.replaceAll('\\', '/')}/`);
  writeFileSync(join(plugin, 'given.json'), JSON.stringify({ ...limits, roots, skip: tests, out: folder }));
  if (engine === 'python') {
    writeFileSync(join(plugin, 'sitecustomize.py'), pythonTracer);
    const paths = [plugin, ...(suite.env.PYTHONPATH === undefined ? [] : [suite.env.PYTHONPATH])];
    // Bytecode of an equal size, written within one second of the source, would be run instead of it.
    const own = { PYTHONPATH: paths.join(delimiter), PYTHONDONTWRITEBYTECODE: '1' };
    return { suite: { ...suite, env: { ...suite.env, ...own } }, read: () => recordsIn(folder).flatMap(readPython) };
  }
  const preload = join(plugin, 'values.cjs');
  writeFileSync(preload, nodeTracer);
  writeFileSync(join(plugin, 'show.cjs'), show);
  const quoted = `"${preload.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  const options = [suite.env.NODE_OPTIONS ?? env.NODE_OPTIONS, `--require ${quoted}`].filter(Boolean).join(' ');
  return { suite: { ...suite, env: { ...suite.env, NODE_OPTIONS: options } }, read: () => recordsIn(folder).flatMap(makeReadNode(root)) };
}

const PythonCall = z.object({ ...shown, path: z.string(), line: z.number(), from: z.tuple([z.string(), z.number()]).optional() });

function readPython(records: readonly unknown[]): Call[] {
  return records.flatMap((record) => {
    const read = PythonCall.safeParse(record);
    if (!read.success) return [];
    const { from, self, ...call } = read.data;
    return [{ ...call, self: self ?? undefined, from: from && { path: from[0], line: from[1] } }];
  });
}

const Place = z.tuple([z.string(), z.number(), z.number()]);
const NodeCall = z.object({ ...shown, at: Place, from: Place.nullish() });
const Script = z.object({ script: z.string(), file: z.string(), map: z.string().optional(), same: z.boolean() });

type Locate = (line: number, column: number, name: string) => Spot | undefined;

function makeReadNode(root: string): (records: readonly unknown[]) => Call[] {
  const inside = makeSpot(root);
  const locator = ({ file, map, same }: z.infer<typeof Script>): Locate => {
    const locate = openMap(file, map);
    if (locate)
      return (line, column) => {
        const place = locate(line + 1, column);
        return place && inside(place.path, place.line);
      };
    if (same) return (line) => inside(file, line + 1);
    const definitions = scanDefinitions(file, readFileSync(file, 'utf8'));
    // Compiled out of sight: by its name.
    return (_line, _column, name) => {
      const found = definitions.find((one) => one.name === name.split(/[ .]/).at(-1));
      return found && inside(file, found.line);
    };
  };
  return (records) => {
    const scripts = new Map<string, Locate>();
    for (const record of records) {
      const script = Script.safeParse(record);
      if (script.success) scripts.set(script.data.script, locator(script.data));
    }
    return records.flatMap((record) => {
      const read = NodeCall.safeParse(record);
      if (!read.success) return [];
      const { at, from, self, ...call } = read.data;
      const spot = scripts.get(at[0])?.(at[1], at[2], call.name);
      if (!spot) return [];
      const caller = from ? scripts.get(from[0])?.(from[1], from[2], '') : undefined;
      return [{ ...call, ...spot, self: self ?? undefined, from: caller }];
    });
  };
}
