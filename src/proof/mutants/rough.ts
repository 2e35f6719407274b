import type { Mutator } from './mutator.ts';

const script = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;

/** A loop has nothing to go through. */
export const loop: Mutator = (code, path) => {
  const found = script.test(path)
    ? /^(\s*for (?:await )?\(.* of )([^()]+(?:\([^()]*\))*)(\)\s*(?:\{.*|[^{]*;)?)$/.exec(code)
    : path.endsWith('.py')
      ? /^(\s*(?:async )?for .+? in )(.+?)(:\s*)$/.exec(code)
      : null;
  const [, head, over] = found ?? [];
  return head === undefined || over === undefined ? [] : [{ at: head.length, from: over, to: '[]' }];
};

/** A name is given nothing. */
export const value: Mutator = (code, path) => {
  const found = script.test(path)
    ? /^(\s*(?:export )?(?:const|let|var) [\w$]+(?:: [^=]+)? = )([^;]+?)(;?)\s*$/.exec(code)
    : path.endsWith('.py')
      ? /^(\s*[\w.]+ = )([^=].*?)()\s*$/.exec(code)
      : null;
  const [, head, given] = found ?? [];
  if (head === undefined || given === undefined || /[([{]$/.test(given)) return [];
  return [{ at: head.length, from: given, to: script.test(path) ? 'undefined' : 'None' }];
};
