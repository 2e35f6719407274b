const comments: readonly (readonly [ends: RegExp, sign: string])[] = [
  [/\.(?:[cm]?[jt]sx?|go|rs|java|kt|cs|c|cc|cpp|h|hpp|php|swift|scala|dart)$/, '//'],
  [/\.(?:py|rb|sh|bash|pl|r|ex|exs|jl)$/, '#'],
  [/\.lua$/, '--'],
];
/** Languages in which blanks around an operator say nothing. */
const spaced = /\.(?:[cm]?[jt]s|go|rs|java|kt|cs|py)$/;
const operator = /(?<=\S) (?:[=!]==?|[<>]=?|&&|\|\||[-+*/%]|[-+*]?=|and|or) (?=\S)/g;

/** A string within its line. */
const text = /('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/;
/** What may be a regular expression or runs on in the next line. */
const unclear = /\\$|(?:^|[=(,:!&|?{};\s])\/[^/\s*=]|`|"""|'''/;

/**
 * The file with a comment at its end and wider blanks around its operators: a program that does what it did. Strings, lines that may hold a
 * regular expression and what stands within a longer string stay as they are. Undefined where the language has no sign for a comment here.
 */
export function neutral(path: string, whole: string): string | undefined {
  const sign = comments.find(([ends]) => ends.test(path))?.[1];
  if (sign === undefined) return undefined;
  const body = spaced.test(path) ? widen(whole) : whole;
  return `${body.replace(/\n?$/, '\n')}\n${sign} nothing\n`;
}

function widen(whole: string): string {
  let inside = false;
  return whole
    .split('\n')
    .map((row) => {
      const before = inside;
      const marks = row.match(/`|"""|'''/g)?.length ?? 0;
      inside = marks % 2 === 1 ? !inside : inside;
      if (before || inside || unclear.test(row)) return row;
      // Of what is split so, every other part is a string.
      return row
        .split(text)
        .map((part, at) => (at % 2 === 1 ? part : part.replace(operator, (found) => ` ${found} `)))
        .join('');
    })
    .join('\n');
}
