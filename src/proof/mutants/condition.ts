import type { Mutator } from './mutator.ts';

const bracketed = /^\s*(?:\}\s*else\s+)?(?:if|while) \(/;
const plain = /^(\s*(?:if|elif|while) )([^(].*?)(:\s*)$/;

/** A condition becomes its opposite, whatever it is made of and whatever stands behind it. */
export const condition: Mutator = (code, path) => {
  const head = bracketed.exec(code)?.[0].length ?? plain.exec(code)?.[1]?.length;
  if (head === undefined) return [];
  const inner = bracketed.test(code) ? upToBracket(code.slice(head)) : (plain.exec(code)?.[2] ?? '');
  return inner === '' ? [] : [{ at: head, from: inner, to: path.endsWith('.py') ? `not (${inner})` : `!(${inner})` }];
};

/** What stands before the bracket that closes; nothing where it closes in another line. */
function upToBracket(text: string): string {
  let depth = 1;
  for (const [at, sign] of [...text].entries()) {
    depth += sign === '(' ? 1 : sign === ')' ? -1 : 0;
    if (depth === 0) return text.slice(0, at);
  }
  return '';
}
