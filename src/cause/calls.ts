import type { Call } from '../coverage/call.ts';

/** One name for a function in two trees: its lines may have moved. */
export const functionOf = ({ path, name }: Pick<Call, 'path' | 'name'>) => `${path}\0${name}`;

/** What differs from run to run without anything being wrong. */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z?/g, '<time>'],
  [/\b1[4-9]\d{8}(?:\d{3})?(?:\.\d+)?\b/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<id>'],
  [/\b0x[0-9a-f]{6,}\b|\b[0-9a-f]{16,}\b/gi, '<id>'],
  [/\b127\.0\.0\.1:\d+|\blocalhost:\d+|\bport: \d+/g, '<port>'],
  [/(?:\/[\w.@+-]+)*\/(?:tmp|glm-skill)[\w./@+-]*/g, '<folder>'],
];

export function steady(text: string): string {
  return volatile.reduce((rest, [pattern, word]) => rest.replace(pattern, word), text);
}

export const givenTo = ({ args }: Call) => steady(args.map(([name, value]) => `${name}=${value}`).join('\0'));
export const cameOut = ({ gave, threw }: Call) => (threw === undefined ? `gave ${steady(gave ?? '')}` : `threw ${steady(threw)}`);
export const leftBehind = ({ self }: Call) => steady(self ?? '');

export function group<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const own = groups.get(keyOf(item));
    if (own) own.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** Calls of one function with other arguments, those that differ in the fewest first. */
export function nearest(call: Call, all: readonly Call[], most = 2): Call[] {
  const distance = (one: Call) => one.args.filter(([name, value]) => call.args.find(([other]) => other === name)?.[1] !== value).length;
  const seen = new Set([givenTo(call)]);
  return all
    .filter((one) => {
      const fresh = one !== call && !seen.has(givenTo(one));
      seen.add(givenTo(one));
      return fresh && one.args.length > 0;
    })
    .map((one) => ({ one, away: distance(one) }))
    .sort((a, b) => a.away - b.away)
    .slice(0, most)
    .map(({ one }) => one);
}
