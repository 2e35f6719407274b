import { XMLParser } from 'fast-xml-parser';
import { unzipSync } from 'fflate';

/** The text of a long book; more than this unpacks to is made to. */
const mostBytes = 64 << 20;
const body = 'word/document.xml';

type Node = { readonly [tag: string]: unknown };

/**
 * The text of a Word document as its reader sees it, one text per page where Word has said where pages end, else one in all: a line for
 * each paragraph and each row of a table, headings with `#`, without what was deleted. Throws when it is none; the message says why.
 */
export function readDocx(bytes: Uint8Array): string[] {
  const files = unzipSync(bytes, {
    filter: ({ name, originalSize }) => {
      if (name !== body) return false;
      if (originalSize > mostBytes) throw new Error(`its text unpacks to more than ${mostBytes >> 20} MiB`);
      return true;
    },
  });
  const xml = files[body];
  if (!xml) throw new Error('it holds no text of Word');
  const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, trimValues: false, attributeNamePrefix: '' });
  const pages = [''];
  const write = (text: string) => {
    pages[pages.length - 1] += text;
  };
  const walk = (nodes: unknown) => {
    if (!Array.isArray(nodes)) return;
    for (const node of nodes) visit(node);
  };
  const visit = (node: Node) => {
    const attributes = attributesOf(node);
    for (const [tag, inner] of Object.entries(node)) {
      if (tag === 'w:t') write(textOf(inner));
      else if (tag === 'w:tab') write('\t');
      else if (tag === 'w:lastRenderedPageBreak' || (tag === 'w:br' && attributes['w:type'] === 'page')) turn(pages);
      else if (tag === 'w:br' || tag === 'w:cr') write('\n');
      else if (tag === 'w:tr') writeRow(inner, pages, walk);
      else if (tag === 'w:p') {
        write(headingOf(inner));
        walk(inner);
        write('\n');
      } else if (tag !== ':@' && tag !== 'w:del' && tag !== 'mc:Fallback') walk(inner);
    }
  };
  walk(parser.parse(new TextDecoder().decode(xml)));
  return pages;
}

/** Word writes where a page ended when it last drew it, also right behind a break that was asked for. */
function turn(pages: string[]): void {
  if (pages.at(-1)?.trim() !== '') pages.push('');
}

/** The cells of a row in one line. */
function writeRow(cells: unknown, pages: string[], walk: (nodes: unknown) => void): void {
  const at = pages.length - 1;
  const before = pages[at] ?? '';
  const texts: string[] = [];
  for (const cell of Array.isArray(cells) ? cells : []) {
    if (!('w:tc' in cell)) continue;
    pages[at] = '';
    walk([cell]);
    texts.push(pages.splice(at).join(' ').replace(/\s+/g, ' ').trim());
  }
  pages[at] = `${before}${texts.join(' | ')}\n`;
}

function attributesOf(node: Node): Readonly<Record<string, unknown>> {
  const found = node[':@'];
  return typeof found === 'object' && found !== null ? { ...found } : {};
}

function textOf(nodes: unknown): string {
  return Array.isArray(nodes) ? nodes.map((node) => String(node['#text'] ?? '')).join('') : '';
}

/** The marks of a heading, by the style that the paragraph has among its properties. */
function headingOf(paragraph: unknown): string {
  const properties = childrenOf(paragraph).find((node) => 'w:pPr' in node)?.['w:pPr'];
  const style = childrenOf(properties).find((node) => 'w:pStyle' in node);
  const [, level] = /^(?:Heading|berschrift|Titre)(\d)$/.exec(String(style && attributesOf(style)['w:val'])) ?? [];
  return level === undefined ? '' : `${'#'.repeat(Number(level))} `;
}

const childrenOf = (nodes: unknown): readonly Node[] => (Array.isArray(nodes) ? nodes : []);
