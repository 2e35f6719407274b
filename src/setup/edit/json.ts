import { createScanner, getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { GlmError } from '../../errors.ts';
import { type Edited, edit, lineEnd, position } from './edits.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * Parses JSON with comments and trailing commas. Throws `config_invalid` with the position for anything else, and for a key that stands
 * twice, since clients differ in which one they take.
 */
function parseJson(text: string, name: string): Node {
  const errors: ParseError[] = [];
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  let tree: Node | undefined;
  try {
    // The mark is replaced by a blank, so that offsets stay those of the file.
    tree = parseTree(start ? ` ${text.slice(1)}` : text, errors, { allowTrailingComma: true });
  } catch (cause) {
    if (cause instanceof RangeError) throw invalid(name, 'is nested too deeply', cause);
    throw cause;
  }
  const [first] = errors;
  if (first) throw invalid(name, `is broken at ${position(text, first.offset)}: ${printParseErrorCode(first.error)}`);
  if (!tree) throw invalid(name, 'is empty');
  if (tree.type !== 'object') throw invalid(name, `holds no object at ${position(text, tree.offset)}`);
  return tree;
}

/** The value at a path of keys, as plain data. Undefined: not there. Throws `config_invalid` as `parseJson` does. */
export function readJson(text: string, path: readonly string[], name: string): unknown {
  const node = path.length > 0 ? find(text, path, name).node : parseJson(text, name);
  return node && getNodeValue(node);
}

/** Puts a value at a path of keys: replaces what is there, or adds it and the objects that are missing above it. Nothing else changes. */
export function setJson(edited: Edited, path: readonly string[], value: Json, name: string): Edited {
  const { text } = edited;
  const { parent, node, missing } = find(text, path, name);
  if (node) {
    const inserted = print(value, layout(text, parent), lineIndent(text, node.offset));
    return edit(edited, { offset: node.offset, removed: text.slice(node.offset, node.offset + node.length), inserted });
  }
  const [key, ...deeper] = missing;
  const whole = deeper.reduceRight<Json>((inner, name) => ({ [name]: inner }), value);
  return add(edited, parent, (style, indent) => `${JSON.stringify(key)}:${style.compact ? '' : ' '}${print(whole, style, indent)}`);
}

/** Adds an element to the list at a path of keys, which is made when it is missing. */
export function appendJson(edited: Edited, path: readonly string[], value: Json, name: string): Edited {
  const { node } = find(edited.text, path, name);
  if (!node) return setJson(edited, path, [value], name);
  if (node.type !== 'array') throw invalid(name, `has no list at ${path.join('.')}, ${position(edited.text, node.offset)}`);
  return add(edited, node, (style, indent) => print(value, style, indent));
}

/** Takes away what stands at a path, with its comma and its line. Comments stay. */
export function removeJson(edited: Edited, path: readonly string[], name: string): Edited {
  const { node, parent } = find(edited.text, path, name);
  return node?.parent ? cut(edited, parent, node.parent) : edited;
}

/** Takes the elements away for which `which` holds from the list at a path. */
export function filterJson(edited: Edited, path: readonly string[], which: (value: unknown) => boolean, name: string): Edited {
  const { node } = find(edited.text, path, name);
  const element = node?.type === 'array' ? node.children?.find((child) => which(getNodeValue(child))) : undefined;
  return node && element ? filterJson(cut(edited, node, element), path, which, name) : edited;
}

type Found = { readonly parent: Node; readonly node: Node | undefined; readonly missing: readonly string[] };

function find(text: string, path: readonly string[], name: string): Found {
  let parent = parseJson(text, name);
  for (const [depth, key] of path.entries()) {
    const matches = (parent.children ?? []).filter((child) => child.children?.[0]?.value === key);
    const [match, second] = matches;
    if (second) throw invalid(name, `has "${key}" twice, again at ${position(text, second.offset)}`);
    const node = match?.children?.[1];
    if (!node) return { parent, node: undefined, missing: path.slice(depth) };
    if (depth === path.length - 1) return { parent, node, missing: [] };
    if (node.type !== 'object') throw invalid(name, `has no object at "${key}", ${position(text, node.offset)}`);
    parent = node;
  }
  return { parent, node: undefined, missing: [] };
}

function invalid(name: string, what: string, cause?: unknown): GlmError {
  return new GlmError('config_invalid', `${name} ${what}. It was left as it is.`, {
    hint: 'Mend the file, then run the same command again.',
    cause,
  });
}

type Style = { readonly compact: boolean; readonly eol: string; readonly unit: string };

/** How the surroundings are written: one line or many, which line end, which step of indentation. */
function layout(text: string, around: Node): Style {
  const inside = text.slice(around.offset, around.offset + around.length);
  const many =
    /[\r\n]/.test(inside) || ((around.children ?? []).length === 0 && (/[\r\n]/.test(text.trim()) || around.parent === undefined));
  const unit = /^([ \t]+)["}\]/]/m.exec(text)?.[1] ?? '  ';
  return { compact: !many, eol: lineEnd(text), unit: unit.startsWith('\t') ? '\t' : unit };
}

function print(value: Json, { compact, eol, unit }: Style, indent: string): string {
  if (compact) return JSON.stringify(value);
  return JSON.stringify(value, null, unit).split('\n').join(`${eol}${indent}`);
}

function lineIndent(text: string, offset: number): string {
  const line = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^\uFEFF?([ \t]*)/.exec(text.slice(line, offset))?.[1] ?? '';
}

/** Adds a last member to an object or list: the comma right behind the one before, the member behind the comments that follow it. */
function add(edited: Edited, container: Node, write: (style: Style, indent: string) => string): Edited {
  const { text } = edited;
  const style = layout(text, container);
  const last = container.children?.at(-1);
  const lastEnd = last ? last.offset + last.length : container.offset + 1;
  const closing = container.offset + container.length - 1;
  const { comma, end } = tail(text, lastEnd, closing);
  const outer = lineIndent(text, container.offset);
  const first = container.children?.[0];
  const ownLine = first && /[\r\n][ \t]*$/.test(text.slice(container.offset + 1, first.offset));
  const indent = ownLine ? lineIndent(text, first.offset) : outer + style.unit;
  const open = !style.compact && !/[\r\n]/.test(text.slice(end, closing));
  const before = style.compact ? '' : style.eol + indent;
  const member = `${before}${write(style, indent)}${comma === undefined ? '' : ','}${open ? style.eol + outer : ''}`;
  const needsComma = last !== undefined && comma === undefined;
  if (!needsComma) return edit(edited, { offset: end, removed: '', inserted: member });
  if (end === lastEnd) return edit(edited, { offset: end, removed: '', inserted: `,${member}` });
  return edit(edit(edited, { offset: end, removed: '', inserted: member }), { offset: lastEnd, removed: '', inserted: ',' });
}

/** What stands between a member and the next one or the closing bracket: offset of the comma if any, and where the last comment ends. */
function tail(text: string, from: number, to: number): { readonly comma: number | undefined; readonly end: number } {
  const between = text.slice(from, to);
  const scanner = createScanner(between);
  let comma: number | undefined;
  let end = from;
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const at = scanner.getTokenOffset();
    const token = between.slice(at, at + scanner.getTokenLength());
    if (token === ',') comma ??= from + at;
    if (token.trim() !== '') end = from + at + token.length;
  }
  return { comma, end };
}

function cut(edited: Edited, container: Node, member: Node): Edited {
  const { text } = edited;
  const members = container.children ?? [];
  const index = members.indexOf(member);
  const next = members[index + 1];
  const previous = members[index - 1];
  const end = member.offset + member.length;
  const limit = next ? next.offset : container.offset + container.length - 1;
  const { comma } = tail(text, end, limit);
  const blank = /(\r\n|\r|\n)?[ \t]*$/.exec(text.slice(0, member.offset))?.[0].length ?? 0;
  const from = member.offset - blank;
  const to = comma === undefined ? end : comma + 1;
  const result = edit(edited, { offset: from, removed: text.slice(from, to), inserted: '' });
  if (comma !== undefined || !previous) return result;
  const left = tail(text, previous.offset + previous.length, member.offset).comma;
  return left === undefined ? result : edit(result, { offset: left, removed: ',', inserted: '' });
}
