import type { Mutator } from './mutator.ts';

const script = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;

/** Nothing is given back. What opens a bracket goes on in the next line. */
export const result: Mutator = (code, path) => {
  const returned = /^(\s*return )([^;]+?)(;?)\s*$/.exec(code);
  const nothing = script.test(path) ? 'undefined' : path.endsWith('.py') ? 'None' : undefined;
  const [, head = '', value = ''] = returned ?? [];
  if (!returned || nothing === undefined || /^(?:undefined|null|None)$/.test(value)) return [];
  if (!/^[^([{]*(?:\([^()]*\)[^([{]*)*$/.test(value)) return [];
  return [{ at: head.length, from: value, to: nothing }];
};
