import type { Edit } from '../../schema/patch.ts';
import type { Base } from './base.ts';

type Replace = Extract<Edit, { kind: 'replace' }>;

const texts = new WeakMap<Base, string>();

function textOf(base: Base): string {
  const known = texts.get(base) ?? `${base.texts.join('\n')}${base.lines.at(-1)?.eol ? '\n' : ''}`;
  texts.set(base, known);
  return known;
}

/** An edit that is told to the character, in the whole lines that it touches. Undefined: it is none, or does not stand at one place alone. */
export function inLines(edit: Replace, base: Base): Replace | undefined {
  if (!edit.literal) return undefined;
  const [search, replace] = edit.literal;
  const text = textOf(base);
  const at = text.indexOf(search);
  if (at < 0 || text.indexOf(search, at + 1) >= 0) return undefined;
  const from = at === 0 ? 0 : text.lastIndexOf('\n', at - 1) + 1;
  // With a line below, so that what is left of the lines is never nothing, which would take the lines away.
  const to = lineEnd(text, lineEnd(text, at + search.length) + 1);
  const found = text.slice(from, to);
  const made = text.slice(from, at) + replace + text.slice(at + search.length, to);
  const ends = found.endsWith('\n') && to === text.length;
  // Whether the file ends its last line is not said in lines.
  if (ends && !made.endsWith('\n')) return undefined;
  const cut = ends ? 1 : 0;
  const lines = { search: found.slice(0, found.length - cut), replace: made.slice(0, made.length - cut) };
  return { ...edit, ...lines, literal: undefined, others: undefined };
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
