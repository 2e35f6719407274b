import { z } from 'zod';
import type { Edit } from '../../schema/patch.ts';
import type { Found } from './read-result.ts';

export const pathKeys: readonly string[] = ['path', 'file', 'file_path', 'filePath', 'filename', 'target_file'];
export const searchKeys: readonly string[] = 'search old_string oldString old_str old_text oldText old find original before'.split(' ');
export const replaceKeys: readonly string[] = 'replace new_string newString new_str new_text newText new replacement updated after'.split(
  ' ',
);
export const contentKeys: readonly string[] = ['content', 'contents', 'file_text', 'text', 'code', 'full_content'];
const lineKeys = /^(?:insert_?line|(?:start|end|from|to|first|last)?_?lines?(?:_?(?:start|end|number|no|range))?|range|view_range)$/i;
const diffStart = /^(?:diff --git |--- |@@ |<{5,9} ?SEARCH|\*\*\* Begin Patch)/m;
const Fields = z.record(z.string(), z.unknown());

/** An answer that is JSON, bare or in a fence, one value or one on each line. Undefined: it is not. `inner` reads texts that stand inside. */
export function readJson(text: string, inner: (text: string) => Found): Found | undefined {
  if (!/^\s*(?:[[{]|```)/.test(text) || !']}`'.includes(text.trimEnd().at(-1) ?? ' ')) return undefined;
  const plain = text
    .trim()
    .replace(/^```(?:json[lc5]?)?\s*\n([\s\S]*)\n```$/, '$1')
    .trim();
  if (!/^[[{]/.test(plain) || !/[\]}]$/.test(plain)) return undefined;
  const lines = plain.split('\n').filter((line) => line.trim() !== '');
  const value = parse(plain) ?? (lines.every((line) => /^\{.*\}$/.test(line.trim())) ? lines.map(parse) : undefined);
  if (value === undefined || (Array.isArray(value) && value.includes(undefined))) return undefined;
  const found: Found = { edits: [], problems: [] };
  visit(value, undefined, found, inner);
  if (found.edits.length === 0 && found.problems.length === 0) {
    found.problems.push({ path: '', rule: 'no_edits', message: 'The answer is JSON without an edit in it.' });
  }
  return found;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `above`: the file that an object around this value names. */
function visit(value: unknown, above: string | undefined, found: Found, inner: (text: string) => Found): void {
  if (typeof value === 'string') {
    // Arguments of a call are JSON in a string.
    const nested = /^\s*\{[\s\S]*\}\s*$/.test(value) ? parse(value) : undefined;
    if (nested !== undefined) visit(nested, above, found, inner);
    else if (diffStart.test(value)) {
      const reading = inner(value);
      found.edits.push(...reading.edits);
      found.problems.push(...reading.problems);
    }
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) visit(item, above, found, inner);
    return;
  }
  const fields = Fields.safeParse(value).data;
  if (!fields) return;
  const path = pick(fields, pathKeys) ?? above;
  const edit = path === undefined ? undefined : editOf(fields, path);
  if (edit && 'kind' in edit) found.edits.push(edit);
  else if (edit) found.problems.push({ path: path ?? '', ...edit });
  else for (const [key, item] of Object.entries(fields)) if (!isText(key)) visit(item, path, found, inner);
}

function isText(key: string): boolean {
  return pathKeys.includes(key) || searchKeys.includes(key) || replaceKeys.includes(key);
}

function editOf(fields: Readonly<Record<string, unknown>>, path: string): Edit | { rule: string; message: string } | undefined {
  const search = pick(fields, searchKeys);
  const replace = pick(fields, replaceKeys);
  if (search !== undefined && replace !== undefined) return toReplace(path, search, replace);
  const content = pick(fields, contentKeys);
  const byLine = Object.keys(fields).some((key) => lineKeys.test(key));
  if (replace !== undefined || (content !== undefined && byLine))
    return {
      rule: 'malformed_block',
      message: 'An edit says what to put there and not what to find: give the text that stands there now.',
    };
  // What stands beside a list is said about it.
  if (content === undefined || diffStart.test(content) || Object.values(fields).some(Array.isArray)) return undefined;
  return { kind: 'write', path, content: content.replace(/\r\n?/g, '\n'), created: fields.command === 'create' };
}

function pick(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/**
 * Text to find and text to put there, as tools take them: a line end at the end of both is the last line's own. Where only the text to find
 * has one, it was forgotten in the other, or it stands for a blank line: both are tried, and must not both fit. Where only the other has
 * one, it is one more. A line end at the beginning is that of the line above, and one that is all the new text is a blank line: neither can
 * be said in whole lines, so they are told as they stand.
 */
export function toReplace(path: string, found: string, made: string): Edit {
  const clean = (text: string) => text.replace(/\r\n?/g, '\n');
  const [search, replace] = [clean(found), clean(made)];
  const [before, after] = [search.endsWith('\n'), replace.endsWith('\n')];
  const apart = search.trim() !== '' && (search.startsWith('\n') || (before && replace === '\n'));
  const literal = apart ? ([search, replace] as const) : undefined;
  if (after && !before) return { kind: 'replace', path, search, replace, literal };
  const trimmed = (text: string) => text.replace(/\n$/, '');
  const plain: Edit = { kind: 'replace', path, search: trimmed(search), replace: trimmed(replace), literal };
  if (!before || after || plain.search === '' || made === '') return plain;
  return { ...plain, others: [{ search, replace }] };
}
