import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const home = join(import.meta.dirname, 'runners');
const Recorded = z.record(
  z.string(),
  z.strictObject({ runner: z.string(), counts: z.tuple([z.number(), z.number(), z.number()]), failing: z.array(z.string()) }),
);
const folders = readdirSync(home, { withFileTypes: true }).filter((entry) => entry.isDirectory());
const read = (path: string) => readFileSync(join(home, path), 'utf8');

/** What a runner's folder holds beside its tests. */
export const filesOf = (folder: string) => readdirSync(join(home, folder)).filter((name) => !/\.test\.ts$|^recorded\.json$/.test(name));

/** Recorded from the version in the name, on little projects of ours: `recorded.json` of each runner's folder says what is to be read. */
export const recordings = new Map(
  folders
    .filter(({ name }) => readdirSync(join(home, name)).includes('recorded.json'))
    .flatMap(({ name: folder }) =>
      Object.entries(Recorded.parse(JSON.parse(read(`${folder}/recorded.json`)))).map(
        ([name, said]) => [name, { ...said, folder, text: read(`${folder}/${name}`) }] as const,
      ),
    ),
);

/** The text of a recording. */
export function recorded(name: string): string {
  const recording = recordings.get(name);
  if (!recording) throw new Error(`there is no recording ${name}`);
  return recording.text;
}
