import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Folders } from '../config.ts';
import { writeAtomic } from '../store.ts';
import { version } from '../version.ts';

/** What an evaluation has learnt and paid for, a file each: a run that was stopped goes on from there. */
export type State = {
  readonly get: <Kept extends z.ZodType>(name: string, kept: Kept) => z.infer<Kept> | undefined;
  readonly set: (name: string, value: unknown) => Promise<void>;
  readonly folder: string;
};

/** By repository, and by what the results hang on: this version and this Node. */
export function openState(folders: Folders, root: string): State {
  const key = createHash('sha256').update(`${root}\0${version}\0${process.version}`).digest('hex').slice(0, 16);
  const folder = join(folders.state, 'evaluations', key);
  const place = (name: string) => join(folder, `${name.replace(/[^\w./-]/g, '_')}.json`);
  return {
    folder,
    get: (name, kept) => {
      try {
        return kept.safeParse(JSON.parse(readFileSync(place(name), 'utf8'))).data;
      } catch {
        return undefined;
      }
    },
    set: (name, value) => writeAtomic(place(name), JSON.stringify(value)),
  };
}
