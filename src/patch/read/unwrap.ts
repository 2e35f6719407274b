const entity = /&(?:lt|gt|amp|quot|apos|nbsp|#39|#x27|#34|#x22|#60|#62|#38);/g;
const named: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  '#39': "'",
  '#x27': "'",
  '#34': '"',
  '#x22': '"',
  '#60': '<',
  '#62': '>',
  '#38': '&',
};

/** `windows`: which lines end in CR LF, where others of the answer do not, so that it may be the file's. */
export type Unwrapped = { readonly lines: string[]; readonly windows?: readonly boolean[] | undefined };

/** The lines of an answer once everything that only wraps it is off: reasoning, quoting, HTML and JSON escapes, line ends. */
export function unwrap(text: string): Unwrapped {
  const plain = withoutReasoning(text.replace(/^\ufeff/, ''));
  const lines = withoutQuoting(unescapeHtml(unescapeNewlines(plain.includes('\n') ? plain : plain.replaceAll('\r', '\n'))).split('\n'));
  if (!plain.includes('\r')) return { lines };
  const windows: boolean[] = [];
  let mixed = false;
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    let end = line.length;
    while (end > 0 && line.charCodeAt(end - 1) === 13) end--;
    windows.push(end < line.length);
    if (end < line.length) lines[at] = line.slice(0, end);
    else mixed ||= line !== '';
  }
  return { lines, windows: mixed ? windows : undefined };
}

function withoutQuoting(lines: string[]): string[] {
  let quoted = false;
  for (const line of lines) {
    if (/^\s{0,3}>/.test(line)) quoted = true;
    else if (line.trim() !== '') return lines;
  }
  return quoted && !lines.every((line) => line.trim() === '' || /^>{5,9}/.test(line))
    ? lines.map((line) => line.replace(/^\s{0,3}> ?/, ''))
    : lines;
}

/**
 * A draft inside the model's reasoning is not part of the answer. Reasoning stands before the edits, its marks on lines of their own or at
 * the very start; anywhere else they are what some code says. The first mark is often lost.
 */
function withoutReasoning(text: string): string {
  const open = /^\s*<(think(?:ing)?)>/i.exec(text) ?? /^<(think(?:ing)?)>[ \t]*\r?$/im.exec(text);
  const start = open && !startsEdits.test(text.slice(0, open.index)) ? open.index : undefined;
  const close = start === undefined ? /^<\/think(?:ing)?>/im.exec(text) : /<\/think(?:ing)?>/i.exec(text.slice(start));
  if (!close || (start === undefined && /<think/i.test(text.slice(0, close.index)))) return text;
  const from = start ?? 0;
  return text.slice(0, from) + text.slice(from + close.index + close[0].length);
}

const startsEdits = /^(?:diff --git |--- \S|@@|<{5,9} ?(?:SEARCH|ORIGINAL|HEAD)|\*\*\* (?:Begin|Update|Add)|[`~]{3})/m;

/** The whole answer on one line, with `\n` for its line ends. */
function unescapeNewlines(text: string): string {
  const trimmed = text.trim();
  // What begins as JSON and is none has been cut off.
  if (trimmed.includes('\n') || !trimmed.includes('\\n') || /^[[{]/.test(trimmed)) return text;
  const inner = /^"[\s\S]*"$/.test(trimmed) ? trimmed : `"${trimmed.replace(/(^|[^\\])"/g, '$1\\"')}"`;
  try {
    const parsed: unknown = JSON.parse(inner);
    return typeof parsed === 'string' ? parsed.replace(/\r\n?/g, '\n') : text;
  } catch {
    return text;
  }
}

/** What an escaped answer shows of its form: the marks of a block, the brackets of markup, the quotes of JSON. */
const escapedForm = /^\s*(?:(?:&lt;){5,9} ?(?:SEARCH|ORIGINAL|HEAD)|&lt;\/?\w+(?:\s[^\n]*)?&gt;|[[{]\s*&quot;)/im;

/** Only where the form itself is escaped and nothing unescaped is left: otherwise an entity may be what the code says. */
function unescapeHtml(text: string): string {
  if (!text.includes('&') || !escapedForm.test(text) || isRaw(text)) return text;
  return unescapeEntities(text);
}

/** Does a text hold signs that would have become entities on its way? */
export function isRaw(text: string): boolean {
  return /[<>&]/.test(text.replace(entity, ''));
}

export function hasEntity(text: string): boolean {
  return text.includes('&') && text.search(entity) !== -1;
}

export function unescapeEntities(text: string): string {
  return text.replace(entity, (match) => named[match.slice(1, -1)] ?? match);
}
