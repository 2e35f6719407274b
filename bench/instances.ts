import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Coverage } from '../src/schema/context.ts';
import { Failure, type Suite } from '../src/schema/run.ts';

/** One real bug: the part of an instance list that localization needs. */
export const Instance = z.object({
  id: z.string(),
  repo: z.string(),
  base_commit: z.string(),
  fix_commit: z.string(),
  test_files_changed: z.array(z.string()),
  gold_files: z.array(z.string()),
  fail_to_pass: z.array(z.string()).default([]),
});
export type Instance = z.infer<typeof Instance>;

export function readInstances(path: string): Instance[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => Instance.parse(JSON.parse(line)));
}

const Lines = z.record(z.string(), z.array(z.number())).transform((ran): Coverage => new Map(Object.entries(ran)));
const Kept = z.object({ failures: z.array(Failure), coverage: Lines.optional(), passing: Lines.optional() });

/** What `bench/detect` kept of an instance, and what `bench/trace` added: `RUNS/<id>.json`. */
export function readKept(folder: string, id: string): z.infer<typeof Kept> | undefined {
  const path = join(folder, `${id}.json`);
  if (!existsSync(path)) return undefined;
  return Kept.parse(JSON.parse(readFileSync(path, 'utf8')));
}

const plain = (name: string) => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();

/** The failures that the fix is known to mend; the lists name tests as the runners do, so names are compared by their letters. */
export function wanted({ fail_to_pass }: Pick<Instance, 'fail_to_pass'>, failures: readonly Failure[]): Failure[] {
  const names = fail_to_pass.map((entry) => plain(entry.slice(entry.indexOf('::') + 2)));
  return failures.filter(({ name, kind, file }) => {
    const own = plain(name);
    return (
      names.some((other) => other.endsWith(own)) ||
      (kind === 'load' && fail_to_pass.some((entry) => file !== undefined && entry.startsWith(file)))
    );
  });
}

/** Suites of packages come before that of the root. */
export const owns = ({ cwd }: Suite, failure: Failure | undefined) => cwd === '' || (failure?.file?.startsWith(`${cwd}/`) ?? false);
