import { importsIn } from './imports.ts';

/** Nothing is changed through what these offer: behind a name and a colon it says of which type something is. */
const types = /^(?:typing|typing_extensions|collections\.abc)$/;

/** Names in a file that stand for other modules or for what they offer. */
export function importedNames(text: string): ReadonlySet<string> {
  return new Set(importsIn(text).flatMap(({ module, names }) => (types.test(module) && !names.includes(module) ? [] : names)));
}

const shared =
  /\b(?:const|let|var)\s+([\w$]+)(?:\s*:\s*[\w<>, ]+)?\s*=\s*(?:(?:globalThis|global|window|self|Object|Array|String|Number|Boolean|BigInt|Symbol|Function|Error|RegExp|Promise|Map|Set|Date|JSON|Math|Reflect)(?:\.prototype)?(?:\s+as\s+[\w<>, ]+)?\s*(?:[;,)]|$)|(?:Object|Reflect)\.getPrototypeOf\(|.*\breturn this\b|.*\.constructor\.prototype\b)/gm;

/** Names in a file that stand for the global object, or for what all code shares. */
export function sharedNames(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(shared)].map(([, name = '']) => name));
}

const setter = String.raw`\b(?:setattr|Object\.assign|Object\.definePropert(?:y|ies)|Reflect\.(?:set|defineProperty)|Object\.setPrototypeOf)\(\s*`;
const inPlace = new RegExp(
  `(?:^|[;{(\\s])require\\([^()]*\\)(?:\\.[\\w$]+|\\[[^\\]]*\\])+\\s*=(?![=>])|${setter}require\\(|\\bReflect\\.(?:set|defineProperty|setPrototypeOf)\\(|(?<!this)\\.constructor\\b[^=]{0,30}\\.\\w+\\s*=(?![=>])`,
);
const assigned = /(?:^|[;{(\s])([A-Za-z_$][\w$]*)(?:\.[\w$]+|\[[^\]]*\])+\s*=(?![=>])/g;
const given = new RegExp(`${setter}([A-Za-z_$][\\w$]*)`, 'g');

/** Does a line put something into another module, so that whoever else uses it gets that? */
export function reachesInto(line: string, modules: ReadonlySet<string>): boolean {
  if (inPlace.test(line)) return true;
  return [...line.matchAll(assigned), ...line.matchAll(given)].some(([, name = '']) => modules.has(name));
}
