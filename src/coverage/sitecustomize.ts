import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Suite } from '../schema/run.ts';
import functions from '../suite/inside/python/glm_skill_functions.py?raw';
import lines from '../suite/inside/python/glm_skill_lines.py?raw';
import out from '../suite/inside/python/glm_skill_out.py?raw';
import sitecustomize from '../suite/inside/python/sitecustomize.py?raw';

const measures = { lines: ['glm_skill_lines', lines], functions: ['glm_skill_functions', functions] } as const;

/** A suite whose Python processes measure themselves. `place` is what is looked at, a real path: a file for its lines, a folder for its functions. */
export function addSitecustomize(
  suite: Suite,
  { folder, place, measure }: { folder: string; place: string; measure: keyof typeof measures },
): Suite {
  const plugin = `${folder}-python`;
  const [name, source] = measures[measure];
  mkdirSync(plugin, { recursive: true, mode: 0o700 });
  writeFileSync(join(plugin, 'given.json'), JSON.stringify({ out: folder, place, measure: name }));
  writeFileSync(join(plugin, 'sitecustomize.py'), sitecustomize);
  writeFileSync(join(plugin, 'glm_skill_out.py'), out);
  writeFileSync(join(plugin, `${name}.py`), source);
  const paths = [plugin, ...(suite.env.PYTHONPATH === undefined ? [] : [suite.env.PYTHONPATH])];
  return { ...suite, env: { ...suite.env, PYTHONPATH: paths.join(delimiter) } };
}

/** Whoever took the trace function away saw the rest alone. */
export const isLost = (texts: readonly string[]) => texts.every((text) => /^lost$/m.test(text));
