import { collect } from '../context/rank/collect.ts';
import { rank } from '../context/rank/rank.ts';
import type { Call } from '../coverage/call.ts';
import { prepare } from '../packing/make-pack.ts';
import type { Needs, Situation } from './situation.ts';

/** How near the code of a function is to what the failure says: 0 is the nearest. Undefined: it has nothing of it. */
export type Likeness = (call: Pick<Call, 'path' | 'line' | 'name'>) => number | undefined;

/** As the pack ranks definitions: by the words of the failure and its test, the imports and the history. */
export async function likenessTo(it: Situation, deps: Needs): Promise<Likeness> {
  const { input } = await prepare({ ...it, budgetTokens: 0 }, deps);
  const byPath = new Map<string, { readonly from: number; readonly to: number; readonly name: string; readonly at: number }[]>();
  for (const [at, { source, segment }] of rank(collect(input)).segments.entries()) {
    const own = byPath.get(source.path) ?? [];
    byPath.set(source.path, own);
    own.push({ from: segment.startLine, to: segment.endLine, name: segment.name, at });
  }
  return ({ path, line, name }) => {
    const last = name.split(/[ .]/).at(-1);
    // A decorator stands before the line that Python gives, a comment before the one that we do.
    return byPath.get(path)?.find((one) => one.name === last || (one.from <= line + 1 && one.to >= line))?.at;
  };
}
