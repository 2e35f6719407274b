const comments: readonly (readonly [ends: RegExp, sign: string])[] = [
  [/\.(?:[cm]?[jt]sx?|go|rs|java|kt|cs|c|cc|cpp|h|hpp|php|swift|scala|dart)$/, '//'],
  [/\.(?:py|rb|sh|bash|pl|r|ex|exs|jl)$/, '#'],
  [/\.lua$/, '--'],
];
/** Languages in which blanks around an operator say nothing. */
const spaced = /\.(?:[cm]?[jt]s|go|rs|java|kt|cs|py)$/;
const operator = /(?<=\S) (?:[=!]==?|[<>]=?|&&|\|\||[-+*%]|[-+*]?=|and|or) (?=\S)/g;

/**
 * The file with a comment at its end and wider blanks around its operators: a program that does what it did. Lines that hold strings,
 * regular expressions or a part of a longer string stay as they are. Undefined where the language has no sign for a comment here.
 */
export function neutral(path: string, text: string): string | undefined {
  const sign = comments.find(([ends]) => ends.test(path))?.[1];
  if (sign === undefined) return undefined;
  const body = spaced.test(path) ? widen(text) : text;
  return `${body.replace(/\n?$/, '\n')}\n${sign} nothing\n`;
}

function widen(text: string): string {
  let inside = false;
  return text
    .split('\n')
    .map((row) => {
      const before = inside;
      const marks = row.match(/`|"""|'''/g)?.length ?? 0;
      inside = marks % 2 === 1 ? !inside : inside;
      return before || inside || /["'`/#\\]/.test(row) ? row : row.replace(operator, (found) => ` ${found} `);
    })
    .join('\n');
}
