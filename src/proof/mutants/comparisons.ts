import { swapping } from './mutator.ts';

/** Operators stand between blanks, so that no type, tag or arrow is taken for one. */
const signs = /(?<=\s)(?:===|!==|==|!=|>=|<=|>|<)(?=\s)/g;

/** A comparison becomes its opposite. */
export const opposite = swapping(signs, {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '>=': '<',
  '<=': '>',
  '>': '<=',
  '<': '>=',
});

/** A bound is moved by the one value that lies on it. */
export const bound = swapping(signs, { '>=': '>', '<=': '<', '>': '>=', '<': '<=' });
