/** A seeded generator of numbers in [0, 1), so that every run sees the same corpus. */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export function pick<T>(random: Random, list: readonly T[]): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('empty list');
  return found;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const upper = lower.toUpperCase();
const digits = '0123456789';
const alphabets: Readonly<Record<string, string>> = {
  h: `${digits}abcdef`,
  H: `${digits}ABCDEF`,
  d: digits,
  l: lower,
  U: upper,
  k: lower + digits,
  K: upper + digits,
  w: lower + upper + digits,
  v: `${lower + upper + digits}_`,
  u: `${lower + upper + digits}_-`,
  b: `${lower + upper + digits}+/`,
  a: `${lower}234567`,
  A: `${upper}234567`,
  c: '023456789acdefghjklmnpqrstuvwxyz',
  s: '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz',
  p: `${lower + upper + digits}!@#%^*_-+=`,
};

/** Fills `{w36}` with 36 characters of the alphabet `w`; `{uuid}` with a UUID. */
export function fill(random: Random, template: string): string {
  return template
    .replaceAll('{uuid}', '{h8}-{h4}-4{h3}-a{h3}-{h12}')
    .replace(/\{([a-zA-Z])(\d+)\}/g, (_all, name: string, length: string) => {
      const alphabet = alphabets[name] ?? '';
      return Array.from({ length: Number(length) }, () => alphabet.charAt(Math.floor(random() * alphabet.length))).join('');
    });
}
