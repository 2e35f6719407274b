import { keepHidden } from '../patch/place/hidden.ts';
import { placeEdits } from '../patch/place/place-edits.ts';
import { readEdits } from '../patch/read/edits.ts';
import { openKnown } from '../patch/read/known-paths.ts';
import { deniedPath } from '../safety/paths.ts';
import { foreignPlaceholders, placeholdersIn } from '../safety/redact/placeholder.ts';
import type { FileChange, PlaceFailure, Refusal, TamperFlag } from '../schema/patch.ts';
import type { Redactor } from '../schema/redactor.ts';

/** The files that an answer is about. `paths`: all that there are. */
export type Files = { readonly read: (path: string) => string | undefined; readonly paths: readonly string[] };

export type PlacedAnswer = {
  readonly changes: readonly FileChange[];
  readonly failures: readonly PlaceFailure[];
  readonly refusals: readonly Refusal[];
  readonly flags: readonly TamperFlag[];
};

/**
 * The files as an answer would make them. The model has seen redacted files, so its edits are placed on redacted text and the secrets put
 * back into the whole file afterwards. Whatever it made of a secret in a line that it changed, the secret stands there again, or the edit
 * is refused; so is a placeholder that the file never held.
 */
export function placeAnswer(editsText: string, { read, paths }: Files, redactor: Redactor): PlacedAnswer {
  const known = openKnown(paths);
  const { edits, problems, flags = [] } = readEdits(editsText, known);
  const shown = new Map<string, string | undefined>();
  const seen = (path: string) => {
    if (!shown.has(path)) {
      const text = deniedPath(path) === undefined ? read(path) : undefined;
      const redacted = text === undefined ? undefined : redactor.redact(text, path);
      shown.set(path, redacted?.withheld === undefined ? redacted?.text : undefined);
    }
    return shown.get(path);
  };
  const placed = problems.length > 0 ? { changes: [], failures: problems, flags: [] } : placeEdits(edits, seen, known);
  const refusals: Refusal[] = [];
  const refuse = (path: string, message: string) => refusals.push({ path, rule: 'placeholder', message: `${path} ${message}` });
  const changes = placed.changes.map((change): FileChange => {
    const { path, from } = change;
    const source = from ?? path;
    const before = change.before === null ? null : (read(path) ?? null);
    if (change.after === null) return { ...change, before };
    const kept = keepHidden(seen(source) ?? '', change.after, placeholdersIn);
    if ('lost' in kept) {
      refuse(path, `would lose ${kept.lost}, which stands for a value that you may not see: leave its line as it is, placeholder and all.`);
      return { ...change, before };
    }
    const { text, unknown } = redactor.restore(kept.text, source);
    const foreign = unknown[0] ?? foreignPlaceholders(text, before ?? read(source) ?? '')[0];
    if (foreign !== undefined) refuse(path, `would hold ${foreign}, a placeholder that does not stand for anything in this file.`);
    return { ...change, before, after: text };
  });
  return { changes, failures: placed.failures, refusals, flags: [...flags, ...placed.flags] };
}
