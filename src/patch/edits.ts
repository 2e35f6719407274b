import { judge as judgeChanges } from './judge/judge.ts';
import { tamperFlags } from './judge/tamper.ts';
import { placeEdits } from './place/place-edits.ts';
import { readEdits } from './read/edits.ts';

/** A planned file: null = it does not exist. */
export type PlannedFile = { readonly path: string; readonly before: string | null; readonly after: string | null };

/** What is wrong with a patch, or smells of cheating in it. */
export type PatchProblem = { readonly path: string; readonly rule: string; readonly message: string };

export type PlacedPatch = { readonly files: readonly PlannedFile[]; readonly problems: readonly PatchProblem[] };

export type PatchRules = {
  /** Rules that are lifted, by name. */
  readonly allow?: readonly string[] | undefined;
  /** Which files are tests beside those that are called so. */
  readonly isTest?: ((path: string) => boolean) | undefined;
};

/** The paths that a diff, SEARCH/REPLACE blocks or a model's answer wants to change, as written there. */
export function readPatch(text: string): { readonly paths: readonly string[]; readonly problems: readonly PatchProblem[] } {
  const { edits, problems } = readEdits(text);
  return { paths: [...new Set(edits.map(({ path }) => path))], problems: problems.map(plain) };
}

/** Places all edits of a patch on the files as they are, or none. `read` gives a file's text by its path from the root. Writes nothing. */
export function placePatch(text: string, read: (path: string) => string | undefined): PlacedPatch {
  const { edits, problems } = readEdits(text);
  if (problems.length > 0) return { files: [], problems: problems.map(plain) };
  const { changes, failures } = placeEdits(edits, read);
  return failures.length > 0 ? { files: [], problems: failures.map(plain) } : { files: changes, problems: [] };
}

/** `refused`: what the rules forbid, such as changes to tests or lockfiles. `flagged`: what deserves a look. */
export function judgePatch(
  files: readonly PlannedFile[],
  { allow = [], isTest = () => false }: PatchRules = {},
): { readonly refused: readonly PatchProblem[]; readonly flagged: readonly PatchProblem[] } {
  return {
    refused: judgeChanges(files, { allow, isTest }).map(plain),
    flagged: tamperFlags(files, []).map(({ path, flag, message }) => ({ path, rule: flag, message })),
  };
}

const plain = ({ path, rule, message }: PatchProblem): PatchProblem => ({ path, rule, message });
