import { z } from 'zod';

/** One change of a text: at `offset` (UTF-16 units in the text before), `removed` gives way to `inserted`. */
export const TextEdit = z.strictObject({ offset: z.number().int(), removed: z.string(), inserted: z.string() });
export type TextEdit = z.infer<typeof TextEdit>;

/** A text with the edits that led to it, in the order they were made: each counts its offset in what the one before left. */
export type Edited = { readonly text: string; readonly edits: readonly TextEdit[] };

export function unedited(text: string): Edited {
  return { text, edits: [] };
}

export function edit({ text, edits }: Edited, change: TextEdit): Edited {
  return {
    text: text.slice(0, change.offset) + change.inserted + text.slice(change.offset + change.removed.length),
    edits: [...edits, change],
  };
}

/** The text before the edits. Undefined when the text is not the one they led to. */
export function undo(text: string, edits: readonly TextEdit[]): string | undefined {
  let result = text;
  for (const { offset, removed, inserted } of edits.toReversed()) {
    if (!result.startsWith(inserted, offset)) return undefined;
    result = result.slice(0, offset) + removed + result.slice(offset + inserted.length);
  }
  return result;
}

/** Line and column of an offset, counting from 1. */
export function position(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/** The file's own line end: that of its first line. */
export function lineEnd(text: string): string {
  return /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
}

/** Parsers give objects without a prototype, which compare as different. */
export function plainData(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
