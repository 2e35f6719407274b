import { firstShare } from '../context/pack/pack-question.ts';
import { headTokens } from '../context/pack/render.ts';
import { unfit } from '../context/scan/kinds.ts';
import { GlmError } from '../errors.ts';
import type { Ground } from '../packing/gather.ts';
import { type ChangedFile, type Changes, readChanges, readDiff } from '../repo/changes.ts';
import { linesOf } from '../repo/hunks.ts';
import type { Manifest } from '../schema/context.ts';
import { defaults, type ReviewInput } from '../schema/input.ts';
import { countTokens } from '../tokens/tokens.ts';
import { noiseOf, weightOf } from './around.ts';
import type { DiffLines } from './findings.ts';

/** What is reviewed. `applied`: it stands in the work tree as the diff says, so that edits can be tried there. */
export type Diffed = Changes & { readonly applied: boolean; readonly ground: Ground };

/** Finds the diff that was asked for: of the work tree, between two refs, or one that was handed in. Code comes first. */
export async function openDiff({ since: given, head: to, diff }: ReviewInput, ground: Ground): Promise<Diffed> {
  const { git, tree } = ground;
  if (diff !== undefined) {
    const idle = given !== undefined ? 'since' : to !== undefined ? 'head' : undefined;
    if (idle) throw new GlmError('bad_input', `With diff, ${idle} can change nothing: leave one of them out.`);
    return sorted(readDiff(diff, noiseOf), ground);
  }
  if (!git?.head) throw new GlmError('no_git', `${ground.root} is not a git repository with a commit, so there is no diff to review.`);
  const [since, until] = given?.includes('..') ? given.split(/\.{2,3}/) : [given];
  const head = to ?? (until || undefined);
  const changes = await readChanges(git, { since: since || undefined, head, skip: noiseOf }, tree.read);
  if (head === undefined) return sorted(changes, ground);
  const texts = new Map<string, string>();
  for (const { path } of changes.files.slice(0, mostRead)) {
    const bytes = await git.run(['show', `${head}:${path}`], { codes: [0, 128] });
    if (bytes.length > 0 && !bytes.subarray(0, 8_000).includes(0)) texts.set(path, bytes.toString());
  }
  return sorted(changes, { ...ground, tree: { ...tree, read: (path) => texts.get(path) ?? tree.read(path) } }, tree.read);
}

/** Files that are read as they stand in another revision, so that what is shown around a change fits it. */
const mostRead = 100;

function sorted({ files, leftOut }: Changes, ground: Ground, inTree = ground.tree.read): Diffed {
  const why = ({ path }: ChangedFile) => unfit(ground.tree.read(path) ?? '', path);
  const fit = files.filter((file) => why(file) === undefined).sort((a, b) => weightOf(a.path) - weightOf(b.path));
  const unread = files.flatMap((file) => (fit.includes(file) ? [] : [{ path: file.path, reason: why(file) ?? '' }]));
  return { files: fit, leftOut: [...leftOut, ...unread], applied: fit.every((file) => stands(file, inTree(file.path))), ground };
}

function stands({ text, changed }: ChangedFile, now: string | undefined): boolean {
  if (now === undefined) return changed.size === 0;
  const lines = now.split('\n');
  return text.split('\n').every((row) => {
    const [, number, said] = /^[+ ] *(\d+)\| (.*)$/.exec(row) ?? [];
    return number === undefined || lines[Number(number) - 1]?.replace(/\r$/, '') === said;
  });
}

/** The lines that were shown: what had no room is nothing that a finding can speak of. */
export function shownLines(files: readonly ChangedFile[], { entries }: Manifest): DiffLines {
  const rows = new Map(entries.map(({ path, endLine }) => [path, endLine]));
  return new Map(
    files.map(({ path, text, from }) => {
      const shown = text.split('\n').slice(0, rows.get(nameOf(path)) ?? 0);
      return [
        path,
        { ...linesOf(shown), from, last: { changed: lastOf(shown, /^[+ ] *(\d+)\| /), removed: lastOf(shown, /^- *(\d+)\| /) } },
      ];
    }),
  );
}

function lastOf(rows: readonly string[], numbered: RegExp): number {
  return rows.reduce((last, row) => Math.max(last, Number(numbered.exec(row)?.[1] ?? 0)), 0);
}

/** The name under which a file's diff is packed. */
export function nameOf(path: string): string {
  return `diff of ${path}`;
}

/** What a reader of a change looks up beside it: the definitions that it touches and names, their callers and tests. */
const besideTokens = 2_200;

/** The budget where none was named: the diff and what stands around it, and no filler. */
export function leanBudget(files: readonly ChangedFile[]): number {
  const diff = files.reduce((sum, { path, text }) => sum + countTokens(`${nameOf(path)}\n${text}`) + headTokens, 0);
  return Math.min(defaults.budgetTokens, Math.max(diff + besideTokens, Math.ceil(diff / firstShare)));
}

/** At most ten names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
