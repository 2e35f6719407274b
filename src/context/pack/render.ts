import { fence } from '../../safety/text.ts';
import type { Segment } from '../scan/segments.ts';

/** `reason`: why these lines, where it is another than that of the file. */
export type Part = { readonly startLine: number; readonly endLine: number; readonly reason?: string | undefined };
/** Why the imports of a file are shown; where they touch what is shown for its own sake, that reason stands. */
export const importsReason = 'imports of what is shown';

export type TextPart = Part & { readonly lines: readonly string[] };

/** About what the fence, the path and the reason of a block take. */
export const headTokens = 40;

/** One file as it stands in the prompt: its parts under their line numbers, then the signatures of what is not shown. */
export function renderFile(label: string, parts: readonly TextPart[], signatures: string, whole = false): string {
  const pieces = parts.map(({ startLine, endLine, lines }) =>
    whole ? lines.join('\n') : `@@ lines ${startLine}-${endLine} @@\n${lines.join('\n')}`,
  );
  if (signatures !== '') pieces.push(parts.length > 0 ? `@@ not shown @@\n${signatures}` : signatures);
  return fence(label, pieces.join('\n'));
}

/** The line that names a definition, with its number. */
export function signatureOf(lines: readonly string[], segment: Segment): string {
  const line = (lines[segment.nameLine - 1] ?? '').trimEnd().slice(0, 160);
  return `${segment.nameLine}: ${line}`;
}
