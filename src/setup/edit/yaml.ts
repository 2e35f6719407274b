import { isDeepStrictEqual } from 'node:util';
import { type Document, isMap, isScalar, type Pair, parseDocument, stringify, type YAMLMap } from 'yaml';
import { GlmError } from '../../errors.ts';
import { type Edited, edit, lineEnd } from './edits.ts';

/** The value at a path of keys, as plain data. Throws `config_invalid` with the position when the text is no single YAML document. */
export function readYaml(text: string, path: readonly string[], name: string): unknown {
  return parse(text, name).getIn(path, false) === undefined ? undefined : valueAt(parse(text, name).toJS(), path);
}

/** Puts `{key: value}` into the block map `top`, as its first member, or at the end of the file with `top` above it. */
export function setYaml(edited: Edited, [top, key]: readonly [string, string], value: unknown, name: string): Edited {
  const removed = removeYaml(edited, [top, key], name);
  const { text } = removed;
  const eol = lineEnd(text);
  const map = pairOf(parse(text, name).contents, top);
  const first = isMap(map?.value) && !map.value.flow && !map.value.anchor ? map.value.items[0] : undefined;
  const write = (what: unknown, indent: string) =>
    stringify(what, { lineWidth: 0 })
      .trimEnd()
      .split('\n')
      .map((line) => `${indent}${line}${eol}`)
      .join('');
  if (first) {
    const at = lineStart(text, startOf(first));
    const indent = ' '.repeat(startOf(first) - at);
    return checked(removed, edit(removed, { offset: at, removed: '', inserted: write({ [key]: value }, indent) }), [top, key], value, name);
  }
  if (map) throw invalid(name, `has no block of members under "${top}"`);
  const gap = text === '' || /[\r\n]$/.test(text) ? '' : eol;
  const inserted = gap + write({ [top]: { [key]: value } }, '');
  return checked(removed, edit(removed, { offset: text.length, removed: '', inserted }), [top, key], value, name);
}

/** Takes a member of the block map `top` away, and `top` itself when it was the only one. */
export function removeYaml(edited: Edited, [top, key]: readonly [string, string], name: string): Edited {
  const { text } = edited;
  const outer = pairOf(parse(text, name).contents, top);
  const inner = pairOf(outer?.value, key);
  if (!outer || !inner) return edited;
  const alone = isMap(outer.value) && outer.value.items.length === 1;
  const from = lineStart(text, startOf(alone ? outer : inner));
  const end = endOf(inner) ?? text.length;
  const result = edit(edited, { offset: from, removed: text.slice(from, end), inserted: '' });
  if (readYaml(result.text, [top, key], name) !== undefined) throw invalid(name, `does not let go of ${top}.${key}`);
  return result;
}

function parse(text: string, name: string): Document {
  const document = parseDocument(text);
  const [first] = document.errors;
  if (first) throw invalid(name, `is broken: ${first.message.split('\n')[0]}`);
  return document;
}

type Entry = Pair<unknown, unknown>;

function pairOf(node: unknown, key: string): Entry | undefined {
  return isMap(node) ? items(node).find((item) => isScalar(item.key) && item.key.value === key) : undefined;
}

const items = (map: YAMLMap<unknown, unknown>): readonly Entry[] => map.items;
const startOf = (pair: Entry) => (isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0);
const lineStart = (text: string, offset: number) => Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;

function endOf(pair: Entry): number | undefined {
  return isMap(pair.value) || isScalar(pair.value) ? pair.value.range?.[2] : undefined;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? new Map<string, unknown>(Object.entries(at)).get(key) : undefined),
    value,
  );
}

/** The edited text must hold the value, and without it what it held before. */
function checked(before: Edited, after: Edited, path: readonly [string, string], value: unknown, name: string): Edited {
  const rest = parse(after.text, name);
  rest.deleteIn(path);
  const was = parse(before.text, name).toJS() ?? {};
  const is = rest.toJS() ?? {};
  const kept = isDeepStrictEqual(is, was) || isDeepStrictEqual(is, { ...was, [path[0]]: {} });
  if (!kept || !isDeepStrictEqual(readYaml(after.text, path, name), value))
    throw invalid(name, 'is written in a way that setup cannot add to');
  return after;
}

function invalid(name: string, what: string): GlmError {
  return new GlmError('config_invalid', `${name} ${what}. It was left as it is.`, {
    hint: '`glm-skill setup --print goose` shows what to add by hand.',
  });
}
