import type { Edit, PlaceFailure } from '../../schema/patch.ts';
import { endsBlock, lostStart, readBlock, readOrder, startsBlock } from './blocks.ts';
import { Said } from './cut.ts';
import { type Place, readDiff, startsDiff, type Taken } from './diff.ts';
import { readEnvelope, startsEnvelope } from './envelope.ts';
import { type Fence, isClosing, isFence, openFence } from './fence.ts';
import { holdsEdits, readFile, type WholeFile, wholeFiles } from './files.ts';
import { readJson } from './json.ts';
import { type Known, openKnown } from './known-paths.ts';
import { pathAbove, pathInInfo, pathOf } from './naming.ts';
import type { Found } from './read-result.ts';
import { readTags } from './tags.ts';
import { unwrap } from './unwrap.ts';

const maxChars = 2_200_000;
/** With one of them the answer is not used. */
const mostProblems = 50;

/**
 * Reads the edits out of a model's answer, in whatever form it wrote them: search/replace blocks, unified diffs, `apply_patch` envelopes,
 * whole files, JSON. Nothing is placed and no path is judged. `problems` are parts that cannot be what they claim to be; with one of
 * them, the answer as a whole must not be used.
 */
export function readEdits(text: string, known: Known = openKnown()): Found {
  if (text.length > maxChars) return { edits: [], problems: [{ path: '', rule: 'too_large', message: 'The answer is too large.' }] };
  const inner = (one: string) => readEdits(one, known);
  const json = readJson(text, inner);
  if (json) return json;
  const { lines, windows } = unwrap(text);
  const edits: Edit[] = [];
  const problems: PlaceFailure[] = [];
  const files: WholeFile[] = [];
  const headed = new Set<string>();
  const said = new Said();
  let path: string | undefined;
  let fence: Fence | undefined;
  let closed = 0;
  let at = 0;
  const take = (taken: Taken) => {
    // One by one: a list of many thousands is no list of arguments.
    for (const edit of taken.edits) edits.push(edit);
    for (const problem of taken.problems) problems.push(problem);
    path = taken.path ?? path;
    if (taken.open && path !== undefined) headed.add(path);
    at = Math.max(taken.next, at + 1);
  };
  let seen = { line: '', path: pathOf('', known) };
  /** The same line again and again names the same path. */
  const pathIn = (line: string) => {
    if (line !== seen.line) seen = { line, path: pathOf(line, known) };
    return seen.path;
  };
  const takeText = (line: string) => {
    const order = fence ? undefined : readOrder(line, known);
    if (order) edits.push(order);
    else if (!fence) said.add(line, edits.length);
    path = pathIn(line) ?? path;
    if (endsBlock(lines, at)) problems.push({ path: path ?? '', rule: 'malformed_block', message: lostStart });
    at++;
  };
  const here = (): Place => ({ lines, at, fenced: fence !== undefined, path, known, windows });
  while (at < lines.length && problems.length < mostProblems) {
    if (mayBeIndented(lines[at] ?? '')) dedent(lines, at);
    const line = lines[at] ?? '';
    if (isBlank(line)) at++;
    else if (!mayOpen.test(line)) takeText(line);
    else if (startsBlock(line)) take(readBlock(here()));
    else if (startsEnvelope(line)) take(readEnvelope(here()));
    else if (startsDiff(lines, at)) take(readDiff(here()));
    else if (fence && isClosing(line, fence)) {
      fence = undefined;
      closed++;
      at++;
    } else if (!fence && isFence(line)) {
      const opened = openFence(line);
      const holds = holdsEdits(lines, at + 1, opened);
      const named = pathInInfo(opened.info, known) ?? pathAbove(lines, at, known);
      path = named ?? path;
      if (holds) {
        fence = opened;
        at++;
      } else {
        const file = readFile(lines, at, opened, named, known);
        if (file.file) files.push(file.file);
        said.add(opened.mark, edits.length);
        at = file.next;
      }
    } else takeText(line);
  }
  const own = new Set(edits.map((edit) => edit.path));
  const unclosed = fence && closed > 0 ? 'The last code fence is not closed: the answer was cut off.' : undefined;
  const cut = edits.length > 0 ? (unclosed ?? said.cutShort(edits.length, own.size)) : undefined;
  if (cut) problems.push({ path: path ?? '', rule: 'truncated', message: cut });
  for (const edit of edits) headed.delete(edit.path);
  for (const one of headed) problems.push({ path: one, rule: 'empty_diff', message: 'The diff names the file and changes nothing in it.' });
  if (edits.length === 0) {
    const tagged = readTags(lines.join('\n'));
    if (tagged) return { ...tagged, edits: distinct(tagged.edits) };
    const calls = files
      .map((file) => (file.path === undefined ? readJson(file.content(), inner) : undefined))
      .filter((one) => one?.edits.length);
    if (calls.length > 0) return { edits: calls.flatMap((one) => one?.edits ?? []), problems: calls.flatMap((one) => one?.problems ?? []) };
    if (problems.length === 0) {
      const whole = wholeFiles(files.map((file) => ({ ...file, path: file.path ?? file.hint })));
      return { ...whole, edits: distinct(whole.edits) };
    }
  }
  const beside = wholeFiles(files).edits.filter((file) => !own.has(file.path));
  const miscount = said.miscounted(edits.length);
  const first = edits[0]?.path ?? '';
  const kept = distinct([...edits, ...beside.map((file) => ({ ...file, beside: true }))]);
  const flags = [
    ...(miscount ? [{ path: first, flag: 'miscounted', message: miscount }] : []),
    ...(kept.length < edits.length + beside.length ? [{ path: first, ...twice }] : []),
  ];
  return { edits: kept, problems, flags };
}

/** What begins a block, a diff, an envelope or a fence begins with one of these; most lines of an answer do not. */
const mayOpen = /^\s*[<\-*dI@+`~]/;

/** ASCII above the blank, as most lines begin, is no white space. */
const mayBeIndented = (line: string) => !(line > '!' && line < '\x7f');
const isBlank = (line: string) => mayBeIndented(line) && line.trim() === '';

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

const twice = { flag: 'twice', message: 'An edit stands there twice and was made once; another place may have been meant.' };

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
