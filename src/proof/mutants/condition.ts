import type { Mutator } from './mutator.ts';

const heads = [/^(\s*(?:\}\s*else\s+)?(?:if|while) \()(.+)(\)\s*(?:\{.*)?)$/, /^(\s*(?:if|elif|while) )([^(].*?)(:\s*)$/];

/** A condition becomes its opposite, whatever it is made of. */
export const condition: Mutator = (code, path) => {
  const [, head, inner] = heads.map((pattern) => pattern.exec(code)).find((match) => match !== null) ?? [];
  if (head === undefined || inner === undefined) return [];
  const to = path.endsWith('.py') ? `not (${inner})` : `!(${inner})`;
  return [{ at: head.length, from: inner, to }];
};
