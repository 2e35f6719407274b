import type { Mutator } from './mutator.ts';

const call = /^(\s*)((?:await )?[\w$.]+(?:\[[^\]]*\])?(?:\([^{}]*\)|\s(?:[-+*/|&]?=)\s[^{}([;]+))(;?)\s*$/;

/** A statement of one line is left out: a call, or a new value for what is there already. */
export const statement: Mutator = (code, path) => {
  const [, blank, said] = call.exec(code) ?? [];
  if (blank === undefined || said === undefined || /^(?:return|throw|raise|super|yield)\b/.test(said)) return [];
  return [{ at: blank.length, from: said, to: path.endsWith('.py') ? 'pass' : path.endsWith('.rb') ? 'nil' : '' }];
};
