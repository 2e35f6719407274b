import type { Edit } from '../../schema/patch.ts';
import type { Base } from './base.ts';
import { findPlaces, type Match } from './match.ts';
import type { Reading, Tagged } from './reading.ts';

type Textual = Extract<Edit, { kind: 'replace' | 'hunk' }>;

/** Is the text already as the hunk would make it, at the line that it names? Lines that stand alone may be wanted twice. */
export function isDone(base: Base, edit: Textual, readings: readonly Reading[]): boolean {
  return edit.kind === 'hunk' && readings.some((reading) => showsOld(reading) && standsWhereNamed(base, edit, madeBy(reading)));
}

export const applied = {
  rule: 'applied',
  message: 'What this edit makes stands in the file already, and what it seeks stands elsewhere: it may have been made before.',
};

/**
 * An edit that has been made before finds no longer what it sought, but perhaps the like of it at a third place. Text that stands there
 * character for character, and where a hunk says, is never in doubt.
 */
export function mayBeApplied(base: Base, edit: Textual, { reading, level, at }: Match): boolean {
  const stated = edit.kind !== 'hunk' || edit.line === undefined || edit.line - 1 === at;
  if (level === 'exact' && stated) return false;
  const made = madeBy(reading);
  const said = made.filter(({ tag, text }) => tag === '+' && text.trim() !== '');
  if (said.length === 0) return false;
  if (edit.kind === 'hunk' && standsWhereNamed(base, edit, made)) return true;
  if (
    made.filter(({ text }) => text.trim() !== '').length < 3 &&
    (edit.kind === 'hunk' || !said.some(({ text }) => text.trim().length > 7))
  )
    return false;
  return findPlaces(base, [{ lines: made.map(({ text, raw }) => ({ tag: '-', text, raw })) }], 'exact').kind !== 'none';
}

function showsOld({ lines }: Reading): boolean {
  return lines.some(({ tag, text }) => tag !== '+' && text.trim() !== '');
}

function madeBy({ lines }: Reading): readonly Tagged[] {
  return lines.filter((line) => line.tag !== '-');
}

function standsWhereNamed({ texts }: Base, { line, newLine }: Extract<Edit, { kind: 'hunk' }>, made: readonly Tagged[]): boolean {
  const adds = made.some(({ tag, text }) => tag === '+' && text.trim() !== '');
  const standsAt = (from: number) => made.every(({ text }, offset) => texts[from + offset] === text);
  return adds && [line, newLine].some((start) => start !== undefined && standsAt(start - 1));
}
