import type { Edit, PlaceFailure } from '../../schema/patch.ts';
import { contentKeys, pathKeys, replaceKeys, searchKeys, toReplace } from './json.ts';
import type { Found } from './read-result.ts';

const start = /<(\w+)((?:\s+\w+=(?:"[^"]*"|'[^']*'))*)\s*>/g;
const named = /\b(?:path|name|file(?:_?path|name)?)=["']([^"']+)["']/i;

/**
 * Edits in markup: `<edit><path>…</path><old_string>…`, `<parameter name="old_str">…`, `<arg_key>old_str</arg_key><arg_value>…`, and
 * `<file path="…">` around a whole file. Undefined: there is none. A tag that is not closed means that the answer was cut off.
 */
export function readTags(text: string): Found | undefined {
  const edits: Edit[] = [];
  const problems: PlaceFailure[] = [];
  let path: string | undefined;
  let search: string | undefined;
  let key: string | undefined;
  const open = new Set<string>();
  start.lastIndex = 0;
  for (let tag = start.exec(text); tag; tag = start.exec(text)) {
    const [, name = '', attributes = ''] = tag;
    const value = open.has(name) ? undefined : insideOf(text, name, start.lastIndex);
    // What is not closed from here on is not closed from further on.
    if (value === undefined) open.add(name);
    const named = name === 'parameter' ? nameIn(attributes) : name === 'arg_value' ? key : name;
    if (name === 'arg_key') key = value?.trim();
    const kind = kindOf(named);
    if (name === 'file' || name === 'edit') path = nameIn(attributes) ?? path;
    const whole = name === 'file' && nameIn(attributes) !== undefined && !holdsTags(value ?? text.slice(start.lastIndex));
    if (!kind && !whole) continue;
    if (value === undefined) {
      problems.push({ path: path ?? '', rule: 'truncated', message: `<${name}> is not closed: the answer was cut off.` });
      break;
    }
    start.lastIndex += value.length + name.length + 3;
    if (kind === 'path') path = value.trim();
    else if (kind === 'search') search = value;
    else if (path === undefined) problems.push({ path: '', rule: 'no_path', message: 'An edit does not say which file it is for.' });
    else if (kind === 'replace' && search !== undefined) {
      edits.push(toReplace(path, ...unframed(search, value)));
      search = undefined;
    } else if (whole || kind === 'content') edits.push({ kind: 'write', path, content: `${framed(value)}\n`, created: false });
    else problems.push({ path, rule: 'malformed_block', message: 'An edit says what to put there and not what to find.' });
  }
  return edits.length > 0 || (problems.length > 0 && search !== undefined) ? { edits, problems } : undefined;
}

function insideOf(text: string, name: string, from: number): string | undefined {
  const end = text.indexOf(`</${name}>`, from);
  return end === -1 ? undefined : text.slice(from, end);
}

function nameIn(attributes: string): string | undefined {
  return named.exec(attributes)?.[1];
}

function kindOf(name: string | undefined): 'path' | 'search' | 'replace' | 'content' | undefined {
  if (name === undefined) return undefined;
  // These are elements of HTML too, or say nothing on their own.
  if (['text', 'code', 'file', 'filename'].includes(name)) return undefined;
  if (pathKeys.includes(name)) return 'path';
  if (searchKeys.includes(name)) return 'search';
  if (replaceKeys.includes(name)) return 'replace';
  return contentKeys.includes(name) ? 'content' : undefined;
}

function holdsTags(text: string): boolean {
  return [...text.matchAll(/<(\w+)>/g)].some((tag) => ['search', 'replace'].includes(kindOf(tag[1]) ?? ''));
}

/** Both sides without what parts them from their tags: a line end at the end alone, or at the beginning of one side alone, is the text's own. */
function unframed(search: string, replace: string): [search: string, replace: string] {
  const apart = begun.test(search) !== begun.test(replace);
  const inner = (text: string) => (apart && begun.test(text) && !ended.test(text) ? text : framed(text));
  const own = (text: string) => (text.endsWith('\n') && !begun.test(text) ? '\n' : '');
  const ends = own(search) === own(replace) ? ['', ''] : [own(search), own(replace)];
  return [inner(search) + ends[0], inner(replace) + ends[1]];
}

const begun = /^[ \t]*\n/;
const ended = /\n[ \t]*$/;

/** Text on lines of its own, without the line ends that part it from its tags. */
function framed(value: string): string {
  return value.replace(begun, '').replace(ended, '');
}
