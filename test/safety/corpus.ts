import { codeDecoys } from './corpus-code.ts';
import { commands } from './corpus-commands.ts';
import { places } from './corpus-contexts.ts';
import { opaqueDecoys } from './corpus-decoys.ts';
import { files as foundFiles } from './corpus-files.ts';
import { forms } from './corpus-forms.ts';
import { genericKinds, namedKinds, shapedKinds } from './corpus-kinds.ts';
import { people, peopleDecoys } from './corpus-people.ts';
import { placeDecoys, secretPlaces } from './corpus-places.ts';
import { settingDecoys } from './corpus-settings.ts';
import { vendorKinds } from './corpus-vendors.ts';
import { fill, pick, seeded } from './random.ts';

export type Tier = 'shape' | 'structure' | 'name' | 'generic';

/** One file with planted secrets: `secrets` are [start, end) ranges of `text`. */
export type Planted = {
  readonly tier: Tier;
  readonly kind: string;
  readonly path: string;
  readonly text: string;
  readonly secrets: readonly (readonly [number, number])[];
};

const plainNames = ['VALUE', 'CLIENT_OPTION', 'UPSTREAM', 'DEFAULT_VALUE', 'SERVICE_PARAM'];

/** The whole corpus for a seed; `placesPerKind` files for every kind that has no form of its own. */
export function plant(seed: number, placesPerKind: number): Planted[] {
  const random = seeded(seed);
  const files: Planted[] = [];
  const spread = (tier: Tier, kind: string, name: () => string, templates: readonly string[]) => {
    for (let round = 0; round < placesPerKind; round++) {
      const place = pick(random, places);
      files.push(mark(tier, kind, place.path, place.write(name(), fill(random, pick(random, templates)))));
    }
  };
  for (const line of [...shapedKinds, ...vendorKinds]) {
    const [kind = '', ...templates] = line.split(' ');
    spread('shape', kind, () => pick(random, plainNames), templates);
  }
  for (const [tier, list] of [
    ['name', namedKinds],
    ['generic', genericKinds],
  ] as const) {
    for (const line of list) {
      const [name = '', template = ''] = line.split(' ');
      spread(tier, name, () => name, [template]);
    }
  }
  for (const { kind, path, text } of [...forms, ...foundFiles, ...commands, ...people, ...secretPlaces])
    files.push(mark('structure', kind, path, fill(random, text)));
  return files;
}

/** Decoys as one file each kind, filled with random values. */
export function decoyFiles(seed: number): { readonly path: string; readonly like: 'code' | 'opaque'; readonly lines: readonly string[] }[] {
  const random = seeded(seed);
  return [...codeDecoys, ...settingDecoys, ...opaqueDecoys, ...peopleDecoys, ...placeDecoys].map(({ path, like, lines }) => ({
    path,
    like,
    lines: lines.map((line) => fill(random, line)),
  }));
}

function mark(tier: Tier, kind: string, path: string, marked: string): Planted {
  const secrets: [number, number][] = [];
  let text = '';
  let start = 0;
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') start = text.length;
    else if (part === '»') secrets.push([start, text.length]);
    else text += part;
  }
  return { tier, kind, path, text, secrets };
}

/** Characters of the planted secret that a reader of `hidden` still sees: the longest piece of it that is left. */
export function visible(secret: string, hidden: string): number {
  const lines = secret.split(/\r?\n|\\+n/).map((line) => line.trim());
  return Math.max(...lines.map((line) => longestPiece(line, hidden)));
}

function longestPiece(line: string, hidden: string): number {
  let longest = 0;
  for (let at = 0; at + longest < line.length; at++) {
    while (at + longest < line.length && hidden.includes(line.slice(at, at + longest + 1))) longest++;
  }
  return longest;
}
