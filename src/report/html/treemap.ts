import { type HierarchyRectangularNode, hierarchy, treemap } from 'd3-hierarchy';
import { html, type Markup } from './markup.ts';

/**
 * One file or piece of it: where it lies, how large it is shown, its colour (a class of the style sheet), what is written on it, a line each,
 * and what is said of it.
 */
export type Leaf = {
  readonly path: string;
  readonly size: number;
  readonly colour: string;
  readonly words: readonly string[];
  readonly title: string;
};

type Node = { readonly name: string; readonly leaf?: Leaf; readonly children?: Node[] };

const width = 960;
const heading = 16;
const lineHigh = 14;
const letterWide = 6.6;

/** A map of the repository's folders, each file a rectangle. What it shows stands in a table too, for those who do not see it. */
export function drawTreemap(label: string, leaves: readonly Leaf[], height = 320): Markup {
  const root = hierarchy<Node>(treeOf(leaves))
    .sum(({ leaf }) => Math.max(leaf?.size ?? 0, 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laid = treemap<Node>()
    .size([width, height])
    .paddingInner(2)
    .paddingTop(({ depth, data }) => (depth > 0 && data.children ? heading : 0))
    .round(true)(root);
  const boxes = laid.leaves().flatMap((node) => (node.data.leaf ? [drawLeaf(node.data.leaf, node)] : []));
  const folders = laid.descendants().flatMap((node) => (node.depth > 0 && node.data.children ? [drawFolder(node)] : []));
  return html`<div class="scroll" tabindex="0"><svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${folders}${boxes}</svg></div>`;
}

type Laid = Pick<HierarchyRectangularNode<Node>, 'x0' | 'y0' | 'x1' | 'y1'>;

function drawFolder({ data, x0, y0, x1 }: HierarchyRectangularNode<Node>): Markup {
  return html`<text class="place" x="${x0 + 2}" y="${y0 + 12}">${fitted(data.name, x1 - x0)}</text>`;
}

function drawLeaf({ colour, words, title }: Leaf, { x0, y0, x1, y1 }: Laid): Markup {
  const wide = x1 - x0;
  const high = y1 - y0;
  const lines = words
    .slice(0, Math.floor((high - 4) / lineHigh))
    .map(
      (line, at) =>
        html`<text${at > 0 && html` class="more"`} x="${x0 + 4}" y="${y0 + 13 + at * lineHigh}">${fitted(line, wide - 8)}</text>`,
    );
  return html`<g class="${colour}"><title>${title}</title><rect x="${x0}" y="${y0}" width="${wide}" height="${high}" rx="2"/>${lines}</g>`;
}

function fitted(text: string, wide: number): string {
  const room = Math.floor(wide / letterWide);
  if (room < 4) return '';
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

/** Folders that hold nothing but one folder are one with it. */
function treeOf(leaves: readonly Leaf[]): Node {
  const root: Node & { children: Node[] } = { name: '', children: [] };
  const folders = new Map<string, Node & { children: Node[] }>([['', root]]);
  const folderOf = (path: string): { children: Node[] } => {
    const known = folders.get(path);
    if (known) return known;
    const cut = path.lastIndexOf('/');
    const made = { name: path.slice(cut + 1), children: [] };
    folders.set(path, made);
    folderOf(cut < 0 ? '' : path.slice(0, cut)).children.push(made);
    return made;
  };
  for (const leaf of leaves) {
    const cut = leaf.path.lastIndexOf('/');
    folderOf(cut < 0 ? '' : leaf.path.slice(0, cut)).children.push({ name: leaf.path.slice(cut + 1), leaf });
  }
  return { ...root, children: root.children.map(joined) };
}

function joined(node: Node): Node {
  const [only, ...others] = node.children ?? [];
  if (only?.children && others.length === 0) return joined({ ...only, name: node.name === '' ? only.name : `${node.name}/${only.name}` });
  return node.children ? { ...node, children: node.children.map(joined) } : node;
}
