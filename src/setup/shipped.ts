import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashFiles } from './skill-file.ts';
import { readSkill } from './skill-step.ts';

/** A skill folder of this package, with the hash of its files. */
export type Shipped = { readonly skill: string; readonly source: string; readonly hash: string };

/** The skills that this package brings, by name. */
export async function hashSkills(packageRoot: string): Promise<readonly Shipped[]> {
  const folder = join(packageRoot, 'skills');
  const names = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (skill) => ({ skill, source: join(folder, skill), hash: hashFiles(await readSkill(join(folder, skill))) })),
  );
}
