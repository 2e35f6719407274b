import type { Mutator } from './mutator.ts';

/** Of a chain of calls one is left out, where what it is called on can stand in its place. */
const links =
  /(?<=[\w)\]"])\??\.(?:trim\w*|toLowerCase|toUpperCase|lower|upper|strip|filter|sort|toSorted|reverse|slice|replace|replaceAll|concat|flat|unique|normalize|padStart|padEnd|lstrip|rstrip|title|abs)\((?:[^()]|\([^()]*\))*\)/g;

export const chain: Mutator = (code) => [...code.matchAll(links)].map(({ index, 0: from }) => ({ at: index, from, to: '' }));
