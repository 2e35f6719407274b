const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const template = /\{\{|\{%|<%|<\?php/;
/** Elements whose content nobody reads. */
const silent = new Set(['script', 'style', 'template', 'svg']);

/**
 * An HTML document as its reader sees it: without tags, scripts and comments, each word in the line where it stands. Anything else,
 * templates and pages that are mostly code among it, comes back as it is.
 */
export function readable(path: string, text: string): string {
  if (!/\.x?html?$/i.test(path) || template.test(text)) return text;
  const seen = strip(text);
  const words = seen.replace(/\s+/g, '').length;
  return words >= 500 || words * 8 >= text.replace(/\s+/g, '').length ? seen : text;
}

function strip(text: string): string {
  const lower = text.toLowerCase();
  let out = '';
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('<', at);
    if (open < 0) break;
    out += text.slice(at, open);
    const end = endOf(text, lower, open);
    if (end === undefined) {
      out += '<';
      at = open + 1;
      continue;
    }
    // A blank, so that two cells of a table are two words.
    out += text.slice(open, end).replace(/[^\n]+/g, '') || ' ';
    at = end;
  }
  const plain = (out + text.slice(at)).replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|([a-z]{2,5}));/gi, decode);
  return plain.replace(/[^\S\n]+/g, ' ').replace(/^ | $/gm, '');
}

/** Where the markup that begins at `open` ends; undefined: it is none. */
function endOf(text: string, lower: string, open: number): number | undefined {
  const after = (mark: string, from: number) => {
    const found = text.indexOf(mark, from);
    return found < 0 ? text.length : found + mark.length;
  };
  if (text.startsWith('<!--', open)) return after('-->', open + 4);
  const name = /^<\/?([a-z][\w-]*|!doctype\b)/i.exec(text.slice(open, open + 40))?.[1]?.toLowerCase();
  if (name === undefined) return undefined;
  const end = after('>', open);
  if (!silent.has(name) || text[open + 1] === '/' || text[end - 2] === '/') return end;
  const close = lower.indexOf(`</${name}`, end);
  return close < 0 ? text.length : after('>', close);
}

function decode(all: string, decimal: string | undefined, hex: string | undefined, name: string | undefined): string {
  const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
  // A line feed would shift all lines below it.
  if (code !== undefined) return code > 0x1f && code <= 0x10ffff ? String.fromCodePoint(code) : ' ';
  return names[name?.toLowerCase() ?? ''] ?? all;
}
