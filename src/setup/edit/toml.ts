import { isDeepStrictEqual } from 'node:util';
import { parse, TomlError } from 'smol-toml';
import { GlmError } from '../../errors.ts';
import { type Edited, edit, lineEnd, plainData } from './edits.ts';

const opening = '# >>> glm-skill: written by `glm-skill setup`, taken back by `glm-skill remove`';
const closing = '# <<< glm-skill';
const opened = /# >>> glm-skill[^\r\n]*(?:\r\n|\r|\n)[\s\S]*?# <<< glm-skill(?:\r\n|\r|\n)?/y;
/** The value at a path of tables, as plain data. Throws `config_invalid` with line and column when the text is no TOML. */
export function readToml(text: string, path: readonly string[], name: string): unknown {
  let value: unknown;
  try {
    value = parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    const reason = cause.message.split('\n')[0] ?? '';
    throw invalid(name, `is broken at line ${cause.line}, column ${cause.column}: ${reason}`);
  }
  for (const key of path) value = fieldsOf(value).get(key);
  return value;
}

/** Puts a table at the end of the file, between two marks; an earlier block of ours is replaced where it stands. */
export function setToml(edited: Edited, path: readonly string[], table: Readonly<Record<string, unknown>>, name: string): Edited {
  const { text } = edited;
  const eol = lineEnd(text);
  const lines = [opening, `[${path.join('.')}]`, ...Object.entries(table).map(([key, value]) => `${key} = ${printToml(value)}`), closing];
  const ours = findBlock(text, path, name);
  const gap = text === '' || text === '\uFEFF' ? '' : /[\r\n]$/.test(text) ? eol : eol + eol;
  const at = ours?.offset ?? text.length;
  const before = ours ? (/^[\r\n]+/.exec(ours.removed)?.[0] ?? '') : gap;
  const result = edit(edited, { offset: at, removed: ours?.removed ?? '', inserted: before + lines.join(eol) + eol });
  let held: unknown;
  try {
    held = readToml(result.text, path, name);
  } catch {
    // As good as another value.
  }
  if (!isDeepStrictEqual(plainData(held), plainData(table))) throw invalid(name, `does not take a table [${path.join('.')}] at its end`);
  return result;
}

/** Takes our block away with the blank line before it. Unchanged where there is none. */
export function removeToml(edited: Edited, path: readonly string[], name: string): Edited {
  const ours = findBlock(edited.text, path, name);
  return ours ? edit(edited, { ...ours, inserted: '' }) : edited;
}

/** The marked block that holds the table at a path and nothing else. What only looks like one stands within a string or a comment. */
function findBlock(text: string, path: readonly string[], name: string): { readonly offset: number; readonly removed: string } | undefined {
  const starts = [...text.matchAll(/# >>> glm-skill/g)].map(({ index }) => index).toReversed();
  if (starts.length === 0) return undefined;
  const others = without(readToml(text, [], name), path);
  for (const start of starts) {
    opened.lastIndex = start;
    const length = opened.exec(text)?.[0].length ?? 0;
    const blank = /(?<=\n)\r?\n$/.exec(text.slice(0, start))?.[0].length ?? 0;
    const removed = text.slice(start - blank, start + length);
    if (length > 0 && isDeepStrictEqual(othersIn(text.slice(0, start - blank) + text.slice(start + length), path, name), others))
      return { offset: start - blank, removed };
  }
  return undefined;
}

function othersIn(text: string, path: readonly string[], name: string): unknown {
  try {
    return without(readToml(text, [], name), path);
  } catch {
    return undefined;
  }
}

/** A value without what stands at a path, and without the tables above it that are then empty. */
function without(value: unknown, [key, ...deeper]: readonly string[]): unknown {
  if (key === undefined) return undefined;
  const fields = fieldsOf(value);
  const left = without(fields.get(key), deeper);
  fields.delete(key);
  if (left !== undefined) fields.set(key, left);
  return fields.size === 0 ? undefined : fields;
}

function fieldsOf(value: unknown): Map<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

function printToml(value: unknown): string {
  return Array.isArray(value) ? `[${value.map(printToml).join(', ')}]` : JSON.stringify(value);
}

function invalid(name: string, what: string, cause?: unknown): GlmError {
  return new GlmError('config_invalid', `${name} ${what}. It was left as it is.`, {
    hint: 'Mend the file, then run the same command again.',
    cause,
  });
}
