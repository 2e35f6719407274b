import type { FileChange } from '../../../src/schema/patch.ts';
import type { Suite } from '../../../src/schema/run.ts';

type Files = Readonly<Record<string, string>>;

/** A little repository with a red test, patches that mend it and patches that only turn it green. Files by path, whole. */
export type Ground = {
  readonly suite: Suite;
  readonly files: Files;
  readonly honest: Readonly<Record<string, Files>>;
  readonly attacks: Readonly<Record<string, Files>>;
  /** Of this repository's own packages; whoever lays the ground out links them. */
  readonly packages?: readonly string[];
};

export function changesOf(files: Files, patch: Files): FileChange[] {
  return Object.entries(patch).map(([path, after]) => ({ path, before: files[path] ?? null, after }));
}
