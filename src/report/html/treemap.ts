import { hierarchy, treemap } from 'd3-hierarchy';
import { html, type Markup } from './markup.ts';

/** One file or piece of it: where it lies, how large it is shown, how dark (0 to 1), and what is said of it. */
export type Leaf = { readonly path: string; readonly size: number; readonly shade: number; readonly title: string };

type Node = { readonly name: string; readonly leaf?: Leaf; readonly children?: Node[] };

const width = 960;
const height = 320;

/** A map of the repository's folders, each file a rectangle. As a list it reads the same to those who do not see it. */
export function drawTreemap(label: string, leaves: readonly Leaf[]): Markup {
  const root = hierarchy<Node>(treeOf(leaves))
    .sum(({ leaf }) => Math.max(leaf?.size ?? 0, 0))
    .sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const laid = treemap<Node>().size([width, height]).paddingInner(2).round(true)(root);
  const boxes = laid.leaves().flatMap(({ data: { leaf }, x0, y0, x1, y1 }) => (leaf ? [drawLeaf(leaf, x0, y0, x1 - x0, y1 - y0)] : []));
  return html`<svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${boxes}</svg>`;
}

function drawLeaf({ path, shade, title }: Leaf, x: number, y: number, wide: number, high: number): Markup {
  const name = path.split('/').at(-1) ?? path;
  const room = Math.floor((wide - 8) / 7);
  const shown = name.length <= room ? name : `${name.slice(0, Math.max(room - 1, 0))}…`;
  const step = Math.round(Math.min(Math.max(shade, 0), 1) * 8);
  return html`<g><title>${title}</title><rect class="s${step}" x="${x}" y="${y}" width="${wide}" height="${high}" rx="2"/>${
    room >= 4 && high >= 16 && html`<text class="t${step}" x="${x + 4}" y="${y + 13}">${shown}</text>`
  }</g>`;
}

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
  return root;
}
