import type { Edit } from '../../schema/patch.ts';
import { hasEntity, isRaw, unescapeEntities } from '../read/unwrap.ts';
import { splitText } from './text.ts';

/**
 * Edits whose signs were made entities on their way. They are changed back where not one of the signs is left as it was, and where lines that
 * the edits find stand in their files only so: else an entity is what the code says.
 */
export function settleEntities(edits: readonly Edit[], read: (edit: Edit) => string | undefined): readonly Edit[] {
  // Edit by edit: an answer may hold many lines, and most have no entity.
  if (!edits.some((edit) => textsOf(edit).some(hasEntity)) || edits.some((edit) => textsOf(edit).some(isRaw))) return edits;
  let found = false;
  for (const edit of edits) {
    const old = oldLines(edit).filter(hasEntity);
    const text = old.length > 0 ? read(edit) : undefined;
    if (text === undefined) continue;
    const file = new Set(splitText(text).map((line) => line.text.trim()));
    if (old.some((line) => file.has(line.trim()))) return edits;
    found ||= old.some((line) => file.has(unescapeEntities(line).trim()));
  }
  return found ? edits.map(unescaped) : edits;
}

function textsOf(edit: Edit): readonly string[] {
  if (edit.kind === 'hunk') return edit.lines;
  if (edit.kind === 'replace') return [edit.search, edit.replace];
  return edit.kind === 'write' ? [edit.content] : [];
}

function oldLines(edit: Edit): readonly string[] {
  if (edit.kind === 'hunk') return edit.lines.filter((line) => /^[- ]/.test(line)).map((line) => line.slice(1));
  if (edit.kind === 'replace') return edit.search.split('\n');
  return edit.kind === 'write' ? edit.content.split('\n') : [];
}

function unescaped(edit: Edit): Edit {
  const plain = unescapeEntities;
  if (edit.kind === 'hunk') return { ...edit, lines: edit.lines.map(plain) };
  if (edit.kind === 'write') return { ...edit, content: plain(edit.content) };
  if (edit.kind !== 'replace') return edit;
  const others = edit.others?.map(({ search, replace }) => ({ search: plain(search), replace: plain(replace) }));
  return { ...edit, search: plain(edit.search), replace: plain(edit.replace), others };
}
