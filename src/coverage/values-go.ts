import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { z } from 'zod';
import { type Call, limits, makeSpot, shown, type ValuesRequest, type ValueTracer } from './call.ts';
import { findModule } from './go.ts';
import wrapper from './inside/go-values.cjs?raw';
import { recordsIn } from './reached.ts';

/** As many functions are stopped in, each at its start and its ends. */
const mostFunctions = 1_500;

const Place = z.tuple([z.string(), z.number()]);
const GoCall = z.object({ ...shown, file: z.string(), line: z.number(), from: Place.optional() });

/** `go test` starts its binary below delve, where that is installed; else there are no values. */
export function traceGoValues({ suite, root, folder, env }: ValuesRequest): ValueTracer | undefined {
  const [program, verb, ...rest] = suite.argv;
  const module = findModule(root, suite.cwd);
  if (program === undefined || verb !== 'test' || !module || /\s/.test(folder + process.execPath) || !hasDelve(env.PATH)) return undefined;
  const plugin = `${folder}-values`;
  mkdirSync(plugin, { recursive: true, mode: 0o700 });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const script = join(plugin, 'go-values.cjs');
  writeFileSync(script, wrapper);
  // In symbols, dots of a path's last part are written otherwise.
  const name = module.name.replace(/[^/]+$/, (last) => last.replaceAll('.', '%2e'));
  const filter = `^${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}[./]`;
  writeFileSync(join(plugin, 'given.json'), JSON.stringify({ ...limits, filter, functions: mostFunctions, out: folder }));
  // A binary that is kept has what a debugger needs; one package at a time, as the tests of one file are.
  const flags = [`-exec=${process.execPath} ${script}`, `-gcflags=${module.name}/...=-N -l`, `-o=${join(plugin, 'tests')}`];
  const inside = makeSpot(root);
  const read = (record: unknown): Call[] => {
    const found = GoCall.safeParse(record);
    const spot = found.success ? inside(found.data.file, found.data.line) : undefined;
    if (!found.success || !spot) return [];
    const { file: _, from, self, ...call } = found.data;
    return [{ ...call, ...spot, self: self ?? undefined, from: from && inside(...from) }];
  };
  return {
    suite: { ...suite, argv: [program, verb, ...flags, ...rest] },
    read: () => recordsIn(folder).flatMap((records) => records.flatMap(read)),
  };
}

/** Delve is no part of Go: a package of its own in most systems. */
export const hasDelve = (path = '') => path.split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, 'dlv')));
