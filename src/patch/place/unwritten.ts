import type { Edit } from '../../schema/patch.ts';
import type { Problem } from './addition.ts';
import type { Base } from './base.ts';
import { standsForCode } from './elision.ts';
import { factsOf } from './facts.ts';
import { findPlaces } from './match.ts';
import { readingsOf } from './reading.ts';

type Replace = Extract<Edit, { kind: 'replace' }>;

export const unwritten: Problem = {
  rule: 'unwritten',
  message: 'Code was not written out on both sides, and was left as it is: a change may have been meant there.',
};

/**
 * The same edit with its text written out, where both sides stand for code at the same places ("// ... existing code ...") and the lines
 * around each of them stand at one place of the file alone, in that order. Undefined: it is not such an edit.
 */
export function writeOut(edit: Replace, base: Base): Replace | undefined {
  const [old, made] = [edit.search, edit.replace].map((text) => parted(text.split('\n'), base.texts));
  if (!old || !made || old.length < 2 || old.length !== made.length) return undefined;
  const shown = new Set(edit.search.split('\n').filter((line) => line.trim() !== ''));
  const [search, replace]: [string[], string[]] = [[], []];
  let end: number | undefined;
  for (const [turn, lines] of old.entries()) {
    const fresh = made[turn] ?? [];
    if (isBlank(lines)) {
      if (!isBlank(fresh) || (turn > 0 && turn < old.length - 1)) return undefined;
      continue;
    }
    // What stands on the other side of such a line there was not meant for the same place.
    if (isBlank(fresh) || fresh.some((line) => shown.has(line) && !lines.includes(line))) return undefined;
    const part = { ...edit, search: lines.join('\n'), replace: fresh.join('\n'), others: undefined };
    const found = findPlaces(base, readingsOf(part), 'exact');
    if (found.kind !== 'one' || found.match.reading.trimmed) return undefined;
    const { at } = found.match;
    if (end !== undefined && at < end) return undefined;
    const between = end === undefined ? [] : base.texts.slice(end, at);
    search.push(...between, ...lines);
    replace.push(...between, ...fresh);
    end = at + lines.length;
  }
  return end === undefined ? undefined : { ...edit, search: search.join('\n'), replace: replace.join('\n'), others: undefined };
}

/** What stands between the lines that stand for code. Such a line of the file's own is what it says. */
function parted(lines: readonly string[], file: readonly string[]): string[][] {
  const own = factsOf(file).trimmed;
  const parts: string[][] = [[]];
  for (const line of lines) {
    const text = line.trim();
    if (text !== '' && !own.has(text) && standsForCode(text)) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

const isBlank = (lines: readonly string[]) => lines.every((line) => line.trim() === '');
