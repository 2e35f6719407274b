import { parse, TomlError } from 'smol-toml';
import { GlmError } from '../errors.ts';
import { type Edited, edit, lineEnd } from './edits.ts';

const opening = '# >>> glm-skill: written by `glm-skill setup`, taken back by `glm-skill remove`';
const closing = '# <<< glm-skill';
const block = /(?:(?<=\n)\r?\n)?# >>> glm-skill[^\r\n]*(?:\r\n|\r|\n)[\s\S]*?# <<< glm-skill(?:\r\n|\r|\n)?/;

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
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(key);
  }
  return value;
}

/** Puts a table at the end of the file, between two marks; an earlier block of ours is replaced where it stands. */
export function setToml(edited: Edited, path: readonly string[], table: Readonly<Record<string, unknown>>, name: string): Edited {
  const { text } = edited;
  const eol = lineEnd(text);
  const lines = [opening, `[${path.join('.')}]`, ...Object.entries(table).map(([key, value]) => `${key} = ${printToml(value)}`), closing];
  const ours = block.exec(text);
  const gap = text === '' || text === '\uFEFF' ? '' : /[\r\n]$/.test(text) ? eol : eol + eol;
  const at = ours?.index ?? text.length;
  const before = ours ? (/^[\r\n]+/.exec(ours[0])?.[0] ?? '') : gap;
  const result = edit(edited, { offset: at, removed: ours?.[0] ?? '', inserted: before + lines.join(eol) + eol });
  try {
    readToml(result.text, path, name);
  } catch (cause) {
    throw invalid(name, `does not take a table [${path.join('.')}] at its end`, cause);
  }
  return result;
}

/** Takes our block away with the blank line before it. Unchanged where there is none. */
export function removeToml(edited: Edited): Edited {
  const ours = block.exec(edited.text);
  return ours ? edit(edited, { offset: ours.index, removed: ours[0], inserted: '' }) : edited;
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
