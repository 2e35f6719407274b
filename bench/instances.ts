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
  full_suite: z.object({ fail_both: z.array(z.string()).catch([]) }).optional(),
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

/** Names as several runners write them, brought to one form: blanks for every joint. */
const plain = (name: string) =>
  name
    .replace(/ > |::|\.(?=[A-Za-z_])|\s+/g, ' ')
    .replaceAll('\\n', '\n')
    .replace(/\s+/g, ' ')
    .trim();

/** Is a listed id the failure? By the end of its name, and by its file where the list knows one. A file that cannot load stands for its tests. */
export function covers(listed: string, failure: Pick<Failure, 'name' | 'file' | 'kind'>): boolean {
  const [file = '', name = ''] = listed.split(/ :: (.*)/s);
  if (file !== '' && failure.file !== undefined && failure.file !== file) return false;
  if (failure.kind === 'load' && failure.file === file) return true;
  if (name === '<file>') return failure.name === '<file>';
  return plain(name).endsWith(plain(failure.name)) || plain(failure.name).endsWith(plain(name));
}

/** The failures that the fix is known to mend. */
export function wanted({ fail_to_pass }: Pick<Instance, 'fail_to_pass'>, failures: readonly Failure[]): Failure[] {
  return failures.filter((failure) => fail_to_pass.some((listed) => covers(listed, failure)));
}

/** Suites of packages come before that of the root. */
export const owns = ({ cwd }: Suite, failure: Failure | undefined) => cwd === '' || (failure?.file?.startsWith(`${cwd}/`) ?? false);
