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

/** The lines of an answer once everything that only wraps it is off: reasoning, quoting, HTML and JSON escapes, line ends. */
export function unwrap(text: string): string[] {
  let plain = text.replace(/^\ufeff/, '');
  plain = withoutReasoning(plain).replace(/\r+\n/g, '\n');
  if (!plain.includes('\n')) plain = plain.replaceAll('\r', '\n');
  plain = unescapeHtml(unescapeNewlines(plain));
  const lines = plain.split('\n');
  const said = lines.filter((line) => line.trim() !== '');
  const quoted = said.length > 0 && said.every((line) => /^\s{0,3}>/.test(line)) && !said.every((line) => /^>{5,9}/.test(line));
  return quoted ? lines.map((line) => line.replace(/^\s{0,3}> ?/, '')) : lines;
}

/** A draft inside the model's reasoning is not part of the answer. */
function withoutReasoning(text: string): string {
  const open = /^\s*<think(?:ing)?>/i.exec(text);
  const close = [...text.matchAll(/<\/think(?:ing)?>/gi)].at(-1);
  if (!close) return text;
  const before = text.slice(0, close.index);
  const leads = open || !/^(?:diff --git|--- |@@|<{5,9} |\*\*\* )/m.test(before) || !/<think/i.test(text);
  return leads ? text.slice(close.index + close[0].length) : text.replace(/<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/gi, '');
}

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

/** Only where nothing unescaped is left: otherwise an entity may be what the code says. */
function unescapeHtml(text: string): string {
  if (!entity.test(text)) return text;
  entity.lastIndex = 0;
  const rest = text.replace(entity, '');
  if (/[<>"&]/.test(rest)) return text;
  return unescapeEntities(text);
}

export function unescapeEntities(text: string): string {
  return text.replace(entity, (match) => named[match.slice(1, -1)] ?? match);
}
