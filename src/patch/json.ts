import { z } from 'zod';
import type { Edit } from '../schema/patch.ts';
import type { Found } from './found.ts';

const pathKeys = ['path', 'file', 'file_path', 'filePath', 'filename', 'target_file'];
const searchKeys = ['search', 'old_string', 'oldString', 'old_str', 'old', 'find', 'original', 'before'];
const replaceKeys = ['replace', 'new_string', 'newString', 'new_str', 'new', 'replacement', 'updated', 'after'];
const contentKeys = ['content', 'contents', 'text', 'code', 'full_content'];
const Fields = z.record(z.string(), z.unknown());

/** An answer that is one JSON value, bare or in a fence. Undefined: it is not. `inner` reads texts that stand inside. */
export function readJson(text: string, inner: (text: string) => Found): Found | undefined {
  const plain = text
    .trim()
    .replace(/^```(?:json)?\s*\n([\s\S]*)\n```$/, '$1')
    .trim();
  if (!/^[[{]/.test(plain) || !/[\]}]$/.test(plain)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(plain);
  } catch {
    return undefined;
  }
  const found: Found = { edits: [], problems: [] };
  visit(value, found, inner);
  if (found.edits.length === 0 && found.problems.length === 0) {
    found.problems.push({ path: '', rule: 'no_edits', message: 'The answer is JSON without an edit in it.' });
  }
  return found;
}

function visit(value: unknown, found: Found, inner: (text: string) => Found): void {
  if (typeof value === 'string') {
    if (!/^(?:diff --git |--- |@@ |<{5,9} ?SEARCH|\*\*\* Begin Patch)/m.test(value)) return;
    const reading = inner(value);
    found.edits.push(...reading.edits);
    found.problems.push(...reading.problems);
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) visit(item, found, inner);
    return;
  }
  const fields = Fields.safeParse(value).data;
  if (!fields) return;
  const edit = editOf(fields);
  if (edit) found.edits.push(edit);
  else for (const item of Object.values(fields)) visit(item, found, inner);
}

function editOf(fields: Readonly<Record<string, unknown>>): Edit | undefined {
  const path = pick(fields, pathKeys);
  if (path === undefined) return undefined;
  const search = pick(fields, searchKeys);
  const replace = pick(fields, replaceKeys);
  if (search !== undefined && replace !== undefined) return { kind: 'replace', path, search: bare(search), replace: bare(replace) };
  const content = pick(fields, contentKeys);
  if (content === undefined || /^(?:diff --git |--- |@@ |<{5,9} ?SEARCH)/m.test(content)) return undefined;
  return { kind: 'write', path, content: content.replace(/\r\n?/g, '\n'), created: false };
}

function pick(fields: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** Blocks end before their last line end; so do these. */
function bare(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
}
