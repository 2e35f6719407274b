import type { Edit, PlaceFailure } from '../../schema/patch.ts';
import { endsBlock, lostStart, readBlock, readOrder, startsBlock } from './blocks.ts';
import { cutShort, type Said } from './cut.ts';
import { type Place, readDiff, startsDiff, type Taken } from './diff.ts';
import { readEnvelope, startsEnvelope } from './envelope.ts';
import type { Found } from './found.ts';
import { readJson } from './json.ts';
import { isPathLine, pathInTag, readPath } from './path.ts';
import { readTags } from './tags.ts';
import { unwrap } from './unwrap.ts';

const maxChars = 2_000_000;

/**
 * Reads the edits out of a model's answer, in whatever form it wrote them: search/replace blocks, unified diffs, `apply_patch` envelopes,
 * whole files, JSON. Nothing is placed and no path is judged. `problems` are parts that cannot be what they claim to be; with one of
 * them, the answer as a whole must not be used.
 */
export function readEdits(text: string): Found {
  if (text.length > maxChars) return { edits: [], problems: [{ path: '', rule: 'too_large', message: 'The answer is too large.' }] };
  const json = readJson(text, readEdits);
  if (json) return json;
  const lines = unwrap(text);
  const edits: Edit[] = [];
  const problems: PlaceFailure[] = [];
  const files: WholeFile[] = [];
  const headed = new Set<string>();
  const said: Said[] = [];
  let path: string | undefined;
  let fence: Fence | undefined;
  let closed = 0;
  let at = 0;
  const take = (taken: Taken) => {
    edits.push(...taken.edits);
    problems.push(...taken.problems);
    path = taken.path ?? path;
    if (taken.open && path !== undefined) headed.add(path);
    at = Math.max(taken.next, at + 1);
  };
  while (at < lines.length) {
    dedent(lines, at);
    const line = lines[at] ?? '';
    const place: Place = { lines, at, fenced: fence !== undefined, path };
    if (startsBlock(line)) take(readBlock(place));
    else if (startsEnvelope(line)) take(readEnvelope(place));
    else if (startsDiff(lines, at)) take(readDiff(place));
    else if (fence && isClosing(line, fence)) {
      fence = undefined;
      closed++;
      at++;
    } else if (!fence && isFence(line)) {
      const opened = openFence(line);
      const inner = holdsEdits(lines, at + 1, opened);
      const named = pathInInfo(opened.info) ?? pathAbove(lines, at);
      path = named ?? path;
      if (inner) {
        fence = opened;
        at++;
      } else {
        const file = readFile(lines, at, opened, named);
        if (file.file) files.push(file.file);
        said.push({ text: opened.mark, after: edits.length });
        at = file.next;
      }
    } else {
      const order = fence ? undefined : readOrder(line);
      if (order) edits.push(order);
      else if (!fence) said.push({ text: line, after: edits.length });
      const tag = pathInTag(line);
      if (tag !== undefined || isPathLine(line)) path = tag ?? readPath(line);
      else path = pathInHeading(line) ?? path;
      if (endsBlock(lines, at)) problems.push({ path: path ?? '', rule: 'malformed_block', message: lostStart });
      at++;
    }
  }
  const own = new Set(edits.map((edit) => edit.path));
  const unclosed = fence && closed > 0 ? 'The last code fence is not closed: the answer was cut off.' : undefined;
  const cut = edits.length > 0 ? (unclosed ?? cutShort(said, edits.length, own.size)) : undefined;
  if (cut) problems.push({ path: path ?? '', rule: 'truncated', message: cut });
  for (const edit of edits) headed.delete(edit.path);
  for (const one of headed) problems.push({ path: one, rule: 'empty_diff', message: 'The diff names the file and changes nothing in it.' });
  if (edits.length === 0) {
    const tagged = readTags(lines.join('\n'));
    if (tagged) return tagged;
    const calls = files
      .map((file) => (file.path === undefined ? readJson(file.content, readEdits) : undefined))
      .filter((one) => one?.edits.length);
    if (calls.length > 0) return { edits: calls.flatMap((one) => one?.edits ?? []), problems: calls.flatMap((one) => one?.problems ?? []) };
    if (problems.length === 0) return wholeFiles(files.map((file) => ({ ...file, path: file.path ?? file.hint })));
  }
  const beside = wholeFiles(files).edits.filter((file) => !own.has(file.path));
  return { edits: distinct([...edits, ...beside.map((file) => ({ ...file, beside: true }))]), problems };
}

const unreadDiff = 'This form of a diff is not read: write SEARCH/REPLACE blocks.';

type Fence = { readonly mark: string; readonly info: string };
/** `hint`: what its first line names as a file, where that may be any comment. */
type WholeFile = {
  readonly path: string | undefined;
  readonly hint?: string | undefined;
  readonly content: string;
  readonly closed: boolean;
  readonly lang: string;
};

function isFence(line: string): boolean {
  return /^\s{0,3}(?:`{3,}[^`]*|~{3,}.*)$/.test(line);
}

function openFence(line: string): Fence {
  const match = /^\s*(`{3,}|~{3,})\s*(.*)$/.exec(line);
  return { mark: match?.[1] ?? '```', info: match?.[2]?.trim() ?? '' };
}

function isClosing(line: string, fence: Fence): boolean {
  const bare = line.trim();
  return bare.length >= fence.mark.length && bare === (fence.mark[0] ?? '`').repeat(bare.length);
}

/** Does the code inside a fence hold edits, so that it is not a file as a whole? */
function holdsEdits(lines: readonly string[], from: number, fence: Fence): boolean {
  for (let at = from; at < lines.length && !isClosing(lines[at] ?? '', fence); at++) {
    const line = (lines[at] ?? '').trimStart();
    if (startsBlock(line) || startsEnvelope(line)) return true;
    if (startsDiff(lines, at) || /^(?:diff --git |@@ )/.test(line)) {
      // Some languages and templates write `@@ name`: a hunk has changes below it.
      if (!/^@@/.test(line) || /^@@ -\d/.test(line) || hasChanges(lines, at + 1, fence)) return true;
    }
  }
  return false;
}

function hasChanges(lines: readonly string[], from: number, fence: Fence): boolean {
  for (let at = from; at < lines.length && !isClosing(lines[at] ?? '', fence); at++) if (/^\s*[-+]/.test(lines[at] ?? '')) return true;
  return false;
}

/** A fence in a list or in an indented block: what it holds is shifted with it. */
function dedent(lines: string[], from: number): void {
  const margin = /^(\s+)(?:diff --git \S|--- \S|@@ |<{5,9} ?(?:SEARCH|ORIGINAL)|\*\*\* (?:Begin|Update|Add|Delete) )/.exec(
    lines[from] ?? '',
  )?.[1];
  if (!margin) return;
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? '';
    if (line.startsWith(margin)) lines[at] = line.slice(margin.length);
    else if (line.trim() === '') lines[at] = '';
    else break;
  }
}

function pathInInfo(info: string): string | undefined {
  const named = /(?:title|file(?:name)?|path)\s*[=:]\s*["']?([^"'\s}]+)/i.exec(info)?.[1];
  if (named) return readPath(named);
  const [first = '', second = ''] = info.split(/[\s:]+(.*)/s);
  if (second && isPathLine(second)) return readPath(second);
  return /[/.]/.test(first) && isPathLine(first) ? readPath(first) : undefined;
}

/** The path on the nearest line of text above a fence. */
function pathAbove(lines: readonly string[], at: number): string | undefined {
  for (let above = at - 1; above >= 0 && above >= at - 3; above--) {
    const line = lines[above] ?? '';
    if (line.trim() === '') continue;
    return isPathLine(line) ? readPath(line) : pathInHeading(line);
  }
  return undefined;
}

/** "### `src/a.ts` (changed)", "In **src/a.ts**:": the one path that a heading or a lead-in marks as code. */
function pathInHeading(line: string): string | undefined {
  if (!/^\s*#{1,6}\s|:\s*$|^\s*\*\*.*\*\*\s*$/.test(line)) return undefined;
  const marked = [...line.matchAll(/`([^`\s]+)`|\*\*([^*\s]+)\*\*/g)].map((match) => match[1] ?? match[2] ?? '');
  const paths = [...new Set(marked.filter((text) => isPathLine(text)))];
  return paths.length === 1 ? readPath(paths[0] ?? '') : undefined;
}

/** A fence that may be a whole file. Fences inside it, as in a Markdown file, are counted. */
function readFile(lines: readonly string[], at: number, fence: Fence, named: string | undefined): { file?: WholeFile; next: number } {
  let depth = 0;
  let end = at + 1;
  for (; end < lines.length; end++) {
    const line = lines[end] ?? '';
    if (isClosing(line, fence)) {
      if (depth === 0) break;
      depth--;
    } else if (line.startsWith(fence.mark) && line.trim().length > fence.mark.length) depth++;
  }
  const body = lines.slice(at + 1, end);
  const marked = /^\s*(?:\/\/|#|--|<!--|\/\*)\s*(?:file(?:name)?:\s*)?(\S+?)\s*(?:-->|\*\/)?$/i.exec(body[0] ?? '')?.[1];
  const inside = marked !== undefined && isPathLine(marked) ? readPath(marked) : undefined;
  const path = named ?? (inside?.includes('/') ? inside : undefined);
  const text = named === undefined && inside !== undefined ? body.slice(1) : body;
  return {
    file: {
      path,
      hint: inside,
      content: text.map((line) => `${line}\n`).join(''),
      closed: end < lines.length,
      lang: fence.info.split(/\W/, 1)[0] ?? '',
    },
    next: end + 1,
  };
}

/** Fences count as files only where the answer holds nothing else that is an edit, and where each names its file. */
function wholeFiles(files: readonly WholeFile[]): Found {
  const named = files.filter((file) => file.path !== undefined);
  const edits = named.map((file): Edit => ({ kind: 'write', path: file.path ?? '', content: file.content, created: false }));
  const cut = named.filter((file) => !file.closed);
  const problems = cut.map((file) => ({
    path: file.path ?? '',
    rule: 'truncated',
    message: 'The file is not closed: the answer was cut off.',
  }));
  const other = named.find((file) => /^(?:diff|patch|ed)$/.test(file.lang) && !/\.(?:diff|patch|ed)$/.test(file.path ?? ''));
  if (other) problems.push({ path: other.path ?? '', rule: 'malformed_block', message: unreadDiff });
  if (named.length === 0) {
    const message = files.length > 0 ? 'The answer shows code without saying which file it is.' : 'The answer holds no edit.';
    problems.push({ path: '', rule: files.length > 0 ? 'no_path' : 'no_edits', message });
  }
  return { edits: distinct(edits), problems };
}

/** The same edit twice, as in a draft and a final version, is one edit. */
function distinct(edits: readonly Edit[]): Edit[] {
  const seen = new Set<string>();
  return edits.filter((edit) => {
    const key = JSON.stringify(edit.kind === 'hunk' ? { ...edit, last: undefined, open: undefined } : edit);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
