import type { Edit } from '../../schema/patch.ts';
import { type Place, readHunks, type Taken } from './diff.ts';
import { readPath } from './path.ts';

const fileLine = /^\*\*\* (Update|Add|Delete) File: (.+?)\s*$/;

export function startsEnvelope(line: string): boolean {
  return line.startsWith('*** ') && (/^\*\*\* Begin Patch\s*$/.test(line) || fileLine.test(line));
}

/** Reads `*** Begin Patch … *** End Patch`, or its file sections without the envelope. */
export function readEnvelope(place: Place): Taken {
  const { lines } = place;
  const edits: Edit[] = [];
  let at = place.at;
  let opened = false;
  let closed = false;
  let path: string | undefined;
  if (/^\*\*\* Begin Patch/.test(lines[at] ?? '')) {
    opened = true;
    at++;
  }
  while (at < lines.length) {
    const line = lines[at] ?? '';
    if (/^\*\*\* End Patch\s*$/.test(line)) {
      closed = true;
      at++;
      break;
    }
    const head = fileLine.exec(line);
    if (!head) {
      if (line.trim() !== '') break;
      at++;
      continue;
    }
    path = place.known.named(head[2] ?? '') ?? readPath(head[2] ?? '') ?? '';
    const section = readSection({ ...place, at: at + 1 }, head[1] ?? '', path);
    edits.push(...section.edits);
    at = section.next;
  }
  const cut =
    opened && !closed
      ? [{ path: path ?? '', rule: 'truncated', message: 'The patch envelope is not closed: the answer was cut off.' }]
      : [];
  return { next: at, edits, problems: cut, path };
}

function readSection(place: Place, verb: string, path: string): { edits: Edit[]; next: number } {
  const { lines } = place;
  let at = place.at;
  if (verb === 'Delete') return { edits: [{ kind: 'delete', path }], next: at };
  if (verb === 'Add') {
    const start = at;
    while (at < lines.length && /^(?:\+|\s*$)/.test(lines[at] ?? '') && !isEnd(lines[at] ?? '')) at++;
    const body = lines.slice(start, at);
    while (body.length > 0 && body.at(-1) === '') body.pop();
    const content = body.map((line) => `${line.replace(/^\+/, '')}\n`).join('');
    return { edits: [{ kind: 'write', path, content, created: true }], next: at };
  }
  const moved = /^\*\*\* Move to: (.+?)\s*$/.exec(lines[at] ?? '');
  const edits: Edit[] = [];
  if (moved) {
    edits.push({ kind: 'rename', path, to: readPath(moved[1] ?? '') ?? '' });
    at++;
  }
  const bare = !(lines[at] ?? '').startsWith('@@');
  const { hunks, next } = readHunks({ ...place, at }, { ends: isEnd, bare });
  for (const hunk of hunks) edits.push({ kind: 'hunk', path, ...hunk });
  let end = next;
  if (/^\*\*\* End of File/.test(lines[end] ?? '')) end++;
  return { edits, next: end };
}

function isEnd(line: string): boolean {
  return line.startsWith('*** ');
}
