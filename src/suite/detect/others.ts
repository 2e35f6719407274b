import { join } from 'node:path';
import type { Suite } from '../../schema/run.ts';
import { runners } from '../runners/runners.ts';

/** The suites of one folder whose runners are known by the files that they start from. */
export function detectOthers(root: string, cwd: string): Suite[] {
  return runners.flatMap(({ name, find, install }): Suite[] => {
    const found = find?.(join(root, cwd));
    if (!found) return [];
    const why = cwd ? `${cwd}/${found.why}` : found.why;
    return [{ runner: name, argv: found.argv, cwd, env: {}, why, ...(install !== undefined && { install }) }];
  });
}
