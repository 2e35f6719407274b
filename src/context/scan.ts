import { languageOf } from './languages.ts';

/** One definition. Lines count from 1 and are inclusive; `depth` 0 is the top level. `line` holds the name. */
export type Definition = {
  readonly name: string;
  readonly kind: 'type' | 'function' | 'value';
  readonly line: number;
  readonly startLine: number;
  readonly endLine: number;
  readonly depth: number;
};

const notNames = new Set(
  'if for while switch catch return else do try with constructor_ function new typeof await throw case super delete void yield in of import elif except lambda not and or print assert del raise'.split(
    ' ',
  ),
);
const opensDoc = /^\s*(?:\/\*\*?|\/\/\/?|\*|#(?!include|define|if|endif)|@\w|\[\w+|--|"""|''')/;

/**
 * Finds definitions line by line, without a parser: a pattern per language says where one starts, indentation says where it ends.
 * Comments and decorators directly above belong to it. Fast enough for every candidate; `cut.ts` refines what is packed.
 */
export function scanDefinitions(path: string, text: string): Definition[] {
  const language = languageOf(path);
  if (!language) return [];
  const lines = text.split('\n');
  const found: Definition[] = [];
  const open: { indent: number; endLine: number; isType: boolean }[] = [];
  lines.forEach((line, index) => {
    const indent = indentOf(line);
    if (indent < 0 || line.length > 400) return;
    while (open.length > 0 && (open.at(-1)?.endLine ?? 0) < index + 1) open.pop();
    const match = matchLine(line);
    if (!match) return;
    const inFunction = open.some((outer) => !outer.isType);
    if (match.kind === 'value' && (open.length > 0 || indent > 0)) return;
    const endLine = findEnd(lines, index, indent, language.indented);
    // A call that looks like a method has no block; inside functions only real blocks count.
    if (match.kind === 'function' && endLine === index + 1 && !/[{=:]|=>|\bdef\b|\bfn\b|\bfunc\b/.test(line)) return;
    if (inFunction && endLine - index < 3) return;
    found.push({
      name: match.name,
      kind: match.kind,
      line: index + 1,
      startLine: findStart(lines, index, indent),
      endLine,
      depth: open.length,
    });
    if (endLine > index + 1) open.push({ indent, endLine, isType: match.kind === 'type' });
  });
  return found;

  function matchLine(line: string): { name: string; kind: Definition['kind'] } | undefined {
    if (!language) return undefined;
    const kinds = [
      ['type', language.types],
      ['function', language.functions],
      ['value', language.values],
    ] as const;
    for (const [kind, pattern] of kinds) {
      const name = pattern
        ?.exec(line)
        ?.slice(1)
        .find((group) => group !== undefined);
      if (name && !notNames.has(name)) return { name, kind };
    }
    return undefined;
  }
}

function indentOf(line: string): number {
  const at = line.search(/\S/);
  return at < 0 ? -1 : line.slice(0, at).replaceAll('\t', '    ').length;
}

function findStart(lines: readonly string[], index: number, indent: number): number {
  let start = index;
  while (start > 0 && index - start < 60) {
    const above = lines[start - 1] ?? '';
    if (above.trim() === '' || !opensDoc.test(above) || indentOf(above) < indent) break;
    start--;
  }
  return start + 1;
}

/** The last line of the block that starts at `index`: before the next line that is not deeper, with its closing bracket. */
function findEnd(lines: readonly string[], index: number, indent: number, indented: boolean): number {
  const first = lines[index] ?? '';
  const openFirst = /[({[,=<|&+]\s*(?:\/\/.*)?$|=>\s*$/.test(first) || (indented && !/:\s*\S+$/.test(first.replace(/#.*/, '')));
  let end = index;
  for (let at = index + 1; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const depth = indentOf(line);
    if (depth < 0) continue;
    if (depth > indent) {
      end = at;
      continue;
    }
    if (depth < indent) break;
    const text = line.trim();
    const closes = /^(?:[)\]}]|end\b|"""|''')/.test(text);
    // `): Type {`, `) -> str:` and `{` alone go on; `}` alone ends.
    if (
      (closes && /[{([:,]$|=>$/.test(text)) ||
      (text === '{' && end === index) ||
      /^(?:else|elif|except|finally|rescue|ensure|where)\b/.test(text)
    ) {
      end = at;
      continue;
    }
    if (closes && (end > index || openFirst)) end = at;
    break;
  }
  return end + 1;
}
