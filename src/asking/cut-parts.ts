import { createHash } from 'node:crypto';
import type { First } from '../context/pack/pack-question.ts';
import { headTokens, renderFile } from '../context/pack/render.ts';
import type { Manifest, ManifestEntry } from '../schema/context.ts';
import { countTokens } from '../tokens/tokens.ts';

/** A stretch of what was handed in that fits one request; every line carries its number. */
export type Part = { readonly text: string; readonly tokens: number; readonly entries: readonly ManifestEntry[] };

/** A line longer than this is shown in pieces that all bear its number. */
const pieceChars = 4_000;

/** Cuts texts between lines so that each part takes `roomTokens` at most; small texts share a part. The texts are redacted already. */
export function cutParts(texts: readonly First[], roomTokens: number): Part[] {
  const parts: Part[] = [];
  let blocks: { text: string; entry: Omit<ManifestEntry, 'tokens' | 'sha256'> }[] = [];
  let left = roomTokens;
  const flush = () => {
    if (blocks.length === 0) return;
    const text = blocks.map((block) => block.text).join('\n\n');
    const entries = blocks.map((block) => ({ ...block.entry, tokens: countTokens(block.text), sha256: sha256(block.text) }));
    parts.push({ text, tokens: countTokens(text), entries });
    blocks = [];
    left = roomTokens;
  };
  for (const { path, text, reason } of texts) {
    const rows = numberedRows(text);
    let open: string[] = [];
    let startLine = rows[0]?.line ?? 1;
    const close = (endLine: number) => {
      if (open.length === 0) return;
      const whole = open.length === rows.length;
      const body = renderFile(path, [{ startLine, endLine, lines: open }], '', whole);
      blocks.push({ text: body, entry: { path, startLine, endLine, form: whole ? 'whole' : 'part', reason } });
      open = [];
    };
    left -= headTokens;
    for (const [at, { line, row }] of rows.entries()) {
      const tokens = countTokens(row) + 1;
      if (tokens > left && (open.length > 0 || blocks.length > 0)) {
        close(rows[at - 1]?.line ?? line);
        flush();
        left -= headTokens;
      }
      if (open.length === 0) startLine = line;
      open.push(row);
      left -= tokens;
    }
    close(rows.at(-1)?.line ?? 1);
  }
  flush();
  return parts;
}

function numberedRows(text: string): { line: number; row: string }[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.flatMap((line, at) => {
    const pieces = line.length <= pieceChars ? [line] : (line.match(new RegExp(`[^]{1,${pieceChars}}`, 'gu')) ?? []);
    return pieces.map((piece) => ({ line: at + 1, row: `${at + 1}| ${piece}` }));
  });
}

/** The manifest of a pack that is sent in parts. */
export function manifestOf(parts: readonly Part[], budgetTokens: number, redactions: number): Manifest {
  return {
    version: 1,
    budgetTokens,
    tokens: parts.reduce((sum, { tokens }) => sum + tokens, 0),
    redactions,
    bundle: sha256(parts.map(({ text }) => text).join('\n\n')),
    entries: parts.flatMap(({ entries }) => entries),
    leftOut: [],
    leftOutCount: 0,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
