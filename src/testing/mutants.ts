/** A small change that breaks a file in one place. `what` says it for people. */
export type Mutant = { readonly line: number; readonly what: string; readonly text: string };

type Swap = readonly [pattern: RegExp, to: (found: string) => string];

const pairs: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '==': '!=',
  '!=': '==',
  '>=': '<',
  '<=': '>',
  '>': '<=',
  '<': '>=',
  '&&': '||',
  '||': '&&',
  and: 'or',
  or: 'and',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  true: 'false',
  false: 'true',
  True: 'False',
  False: 'True',
};
const swap = (found: string) => pairs[found] ?? found;
/** From what changes most to what changes least. Operators stand between blanks, so that no type, tag or arrow is taken for one. */
const swaps: readonly Swap[] = [
  [/(?<=\s)(?:===|!==|==|!=|>=|<=|>|<)(?=\s)/, swap],
  [/(?<=\s)(?:&&|\|\||and|or)(?=\s)/, swap],
  [/(?<=[\w)\]] )[+\-*/](?= [\w(])/, swap],
  [/(?<![\w.$'"])(?:true|false|True|False)(?![\w$])/, swap],
  [/(?<=[ (+\-*/%])\d+(?:\.\d+)?(?=[ ;),/]|$)/, (found) => String(Number(found) + 1)],
];
const script = /\.(?:[cm]?[jt]sx?|vue|svelte)$/;
const skipped = /^\s*(?:import\b|export \*|from\b|package\b|use\b|#include|@|\/\/|#|\*|\/\*|type\b|interface\b|declare\b)/;

/** At most `most` mutants, one per line and spread over the file; `lines` narrows to these. The same text gives the same mutants. */
export function makeMutants(path: string, text: string, most: number, lines?: ReadonlySet<number>): Mutant[] {
  const rows = text.split('\n');
  const all = rows.flatMap((row, at) => {
    if (skipped.test(row) || (lines && !lines.has(at + 1))) return [];
    const changed = mutate(path, row);
    if (!changed) return [];
    const whole = [...rows.slice(0, at), changed.row, ...rows.slice(at + 1)].join('\n');
    return [{ line: at + 1, what: `line ${at + 1}: ${changed.what}`, text: whole }];
  });
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, number) => all[Math.floor((number * all.length) / most)]).filter((one) => one !== undefined);
}

function mutate(path: string, row: string): { row: string; what: string } | undefined {
  const code = hideText(row);
  for (const [pattern, to] of swaps) {
    const found = pattern.exec(code);
    if (!found) continue;
    const made = to(found[0]);
    return { row: row.slice(0, found.index) + made + row.slice(found.index + found[0].length), what: `${found[0]} becomes ${made}` };
  }
  const returned = /^(\s*return) ([^;]+?)(;?)\s*$/.exec(code);
  if (!returned || /^(?:undefined|null|None)$/.test(returned[2] ?? '')) return undefined;
  const nothing = script.test(path) ? 'undefined' : path.endsWith('.py') ? 'None' : undefined;
  // What opens a bracket goes on in the next line.
  if (nothing === undefined || !/^[^([{]*(?:\([^()]*\)[^([{]*)*$/.test(returned[2] ?? '')) return undefined;
  return { row: `${returned[1]} ${nothing}${returned[3]}`, what: `returns ${nothing}` };
}

/** Strings and comments of one line as blanks of the same length. */
function hideText(row: string): string {
  const blank = (found: string) => `"${'_'.repeat(Math.max(0, found.length - 2))}"`.slice(0, found.length);
  return row
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, blank)
    .replace(/(?:\/\/|(?<=^|\s)#(?!\w)).*$/, (found) => '"'.padEnd(found.length, '_'));
}
