import { bare, type Line, plainText } from './text.ts';

/** What of a line counts: what is the same in one way is the same in all later ones. */
export const ways = ['exact', 'trailing', 'unicode', 'indent'] as const;
export type Way = (typeof ways)[number];

export function spell(text: string, way: Way): string {
  if (way === 'exact') return text;
  if (way === 'trailing') return text.trimEnd();
  const plain = plainText(text);
  return way === 'unicode' ? plain.trimEnd() : bare(plain);
}

/** Lines as they count in one way, and where each of them stands. */
type Index = { readonly keys: readonly string[]; readonly where: ReadonlyMap<string, readonly number[]> };

/** A file that edits are placed in: each of its lines is looked at once, however many edits there are. */
export type Base = { readonly lines: readonly Line[]; readonly texts: readonly string[]; readonly index: (way: Way) => Index };

export function openBase(lines: readonly Line[]): Base {
  const texts = lines.map((line) => line.text);
  const known = new Map<Way, Index>();
  const index = (way: Way): Index => {
    const made = known.get(way) ?? indexOf(texts, way, known.get(ways[ways.indexOf(way) - 1] ?? way));
    known.set(way, made);
    return made;
  };
  return { lines, texts, index };
}

/** In most files the stricter way before it finds the same lines, and is the index already. */
function indexOf(texts: readonly string[], way: Way, stricter: Index | undefined): Index {
  const keys = texts.map((text) => spell(text, way));
  if (stricter && keys.every((key, at) => key === stricter.keys[at])) return stricter;
  const where = new Map<string, number[]>();
  for (const [at, key] of keys.entries()) {
    const places = where.get(key);
    if (places) places.push(at);
    else where.set(key, [at]);
  }
  return { keys, where };
}
