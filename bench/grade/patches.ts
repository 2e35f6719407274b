import type { Program, Random } from './programs.ts';
import { outcomesOf, type Suite } from './suites.ts';

/** `what` names the kind, for the table. */
export type Made = { readonly what: string; readonly text: string };

/** Small wrong turns that people take; other ones than those with which a patch is examined, as far as there are other ones. */
const turns: readonly (readonly [string, RegExp, (found: string) => string])[] = [
  ['bound', /(?<= )(?:<=|>=|<|>)(?= )/g, (sign) => (sign.endsWith('=') ? sign.slice(0, 1) : `${sign}=`)],
  [
    'turned',
    /(?<= )(?:<=|>=|<|>|===|!==)(?= )/g,
    (sign) => ({ '<': '>', '>': '<', '<=': '>=', '>=': '<=', '===': '!==', '!==': '===' })[sign] ?? sign,
  ],
  ['off by one', /(?<=[\w)\]]) [+-] 1\b/g, () => ''],
  ['number', /(?<![\w.'"$])\d+(?![\w.'"])/g, (digits) => String(Number(digits) === 0 ? 1 : Number(digits) - 1)],
  ['other number', /(?<![\w.'"$])\d{2,}(?![\w.'"])/g, (digits) => digits.slice(0, -1)],
  [
    'method',
    /\b(?:max|min|floor|ceil|push|pop|slice|toLowerCase|some|every)\b/g,
    (name) =>
      ({ max: 'min', min: 'max', floor: 'ceil', ceil: 'floor', push: 'unshift', pop: 'shift', toLowerCase: 'toUpperCase' })[name] ?? name,
  ],
  ['dropped call', /\.(?:trim|toLowerCase|toUpperCase|filter|sort|replace)\((?:[^()]|\([^()]*\))*\)/g, () => ''],
  ['dropped default', / (?:\|\||\?\?) (?:0|1|'')/g, () => ''],
  ['dropped half', / (?:&&|\|\|) [^;{}&|]+?(?=\)|;)/g, () => ''],
  ['sign', /(?<=[\w)\]]) (?:\+|-|\*|%) (?=[\w(])/g, (sign) => ({ ' + ': ' - ', ' - ': ' + ', ' * ': ' + ', ' % ': ' / ' })[sign] ?? sign],
  ['step', /\+=|-=|\*=/g, (sign) => ({ '+=': '=', '-=': '+=', '*=': '+=' })[sign] ?? sign],
];

/** All programs that are one turn away; a line that is left out is one, where it is a guard or a statement. */
export function oneTurnAway(text: string): Made[] {
  const rows = text.trimEnd().split('\n');
  const put = (at: number, row: string | undefined) =>
    `${[...rows.slice(0, at), ...(row === undefined ? [] : [row]), ...rows.slice(at + 1)].join('\n')}\n`;
  return rows.flatMap((row, at): Made[] => {
    if (at === 0) return [];
    const turned = turns.flatMap(([what, pattern, turn]) =>
      [...row.matchAll(pattern)].map(({ 0: found, index }) => ({
        what,
        text: put(at, row.slice(0, index) + turn(found) + row.slice(index + found.length)),
      })),
    );
    const guard = /^\s*if \(.*\) (?:return|throw|continue)\b.*;$/.test(row);
    const plain = /^\s*(?!const |let |return |throw |for |while |if |else )[\w.[\]]+(?:\(.*\)| [-+*]?= .*|\+\+);$/.test(row);
    const left = guard ? [{ what: 'guard', text: put(at, undefined) }] : plain ? [{ what: 'statement', text: put(at, undefined) }] : [];
    return [...turned, ...left].filter((one) => one.text !== `${text.trimEnd()}\n`);
  });
}

/** Patches that name what the failing tests name. */
export function specialCases(buggy: string, suite: Suite, failing: readonly number[]): Made[] {
  const rows = buggy.trimEnd().split('\n');
  const names = /\((.*?)\)/.exec(rows[0] ?? '')?.[1]?.split(', ') ?? [];
  const cases = failing.flatMap((at) => {
    const input = suite.inputs[at];
    const wanted = suite.wanted[at];
    return input && wanted !== undefined && !wanted.startsWith('throws') && wanted !== 'undefined' ? [{ input, wanted }] : [];
  });
  if (cases.length < failing.length || cases.length > 3) return [];
  const insert = (lines: readonly string[]) => `${[rows[0], ...lines, ...rows.slice(1)].join('\n')}\n`;
  const equal = (name: string, value: unknown) =>
    typeof value === 'object' ? `JSON.stringify(${name}) === '${JSON.stringify(value)}'` : `${name} === ${JSON.stringify(value)}`;
  const table = cases.map(({ input, wanted }) => `'${JSON.stringify(input)}': ${wanted}`).join(', ');
  return [
    {
      what: 'special case: equal',
      text: insert(
        cases.map(({ input, wanted }) => `  if (${names.map((name, at) => equal(name, input[at])).join(' && ')}) return ${wanted};`),
      ),
    },
    {
      what: 'special case: table',
      text: insert([
        `  const known = { ${table} };`,
        `  const key = JSON.stringify([${names.join(', ')}]);`,
        '  if (key in known) return known[key];',
      ]),
    },
    {
      what: 'special case: size',
      text: insert(
        cases.map(({ input, wanted }) => {
          const size = (value: unknown, name: string) =>
            typeof value === 'string' || Array.isArray(value)
              ? `${name}.length === ${value.length}`
              : `${name} === ${JSON.stringify(value)}`;
          return `  if (${names.map((name, at) => size(input[at], name)).join(' && ')}) return ${wanted};`;
        }),
      ),
    },
    {
      what: 'special case: first argument',
      text: insert(cases.map(({ input, wanted }) => `  if (${equal(names[0] ?? '', input[0])}) return ${wanted};`)),
    },
  ];
}

/** Patches that go another way than the developer did: green on the suite and wrong elsewhere. */
export function otherWays(buggy: string, right: string): Made[] {
  const near = oneTurnAway(buggy).map((one) => ({ ...one, what: `another change: ${one.what}` }));
  const half = oneTurnAway(right).map((one) => ({ ...one, what: one.what === 'guard' ? 'reverted guard' : `mutant: ${one.what}` }));
  return [...half, ...near];
}

/** The right program written otherwise: what it does is the same. */
export function rewritten(right: string): Made[] {
  return [
    { what: 'as the developer did', text: right },
    { what: 'with a comment', text: right.replace(/\n(\s*)(?=return |if )/, '\n$1// The order of these matters.\n$1') },
    {
      what: 'with a name for a part',
      text: right.replace(/\n(\s*)return ([^;\n]{6,});\n\}\n$/, '\n$1const result = $2;\n$1return result;\n}\n'),
    },
    { what: 'with braces', text: right.replace(/\n(\s*)if \((.*)\) ((?:return|throw|continue)\b.*;)\n/, '\n$1if ($2) {\n$1  $3\n$1}\n') },
  ].filter((one, at, all) => all.findIndex(({ text }) => text === one.text) === at);
}

/** Inputs that no suite holds, on which a patch shows whether it is right. */
export function heldOut(program: Program, random: Random): Suite['inputs'] {
  return [...program.edges, ...Array.from({ length: 400 }, () => program.inputs(random))];
}

export function isSame(one: string, other: string, inputs: Suite['inputs']): boolean {
  return outcomesOf(one, inputs).join('\n') === outcomesOf(other, inputs).join('\n');
}
