const number = String.raw`(?<![\w.$'"])-?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO][0-7]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)n?`;
const text = String.raw`'([^'\\\n]{0,60})'|"([^"\\\n]{0,60})"`;
const mostRounds = 6;

type Fold = readonly [pattern: RegExp, value: (...parts: string[]) => string | undefined];

/** What gives the same value every time, from the inside out. */
const folds: readonly Fold[] = [
  [/(?<=\d)_(?=\d)/g, () => ''],
  [
    new RegExp(String.raw`(?:${text})\s*\+\s*(?:${text})`, 'g'),
    (one, two, three, four) => JSON.stringify((one ?? two ?? '') + (three ?? four ?? '')),
  ],
  [/\b(?:String\.fromCharCode|chr)\(\s*(\d+)\s*\)/g, (code) => JSON.stringify(String.fromCharCode(Number(code)))],
  [
    new RegExp(
      String.raw`\b(?:Number|parseInt|parseFloat|BigInt|int|float)\(\s*(?:${text}|(${number}))(?:\s*,\s*(?:base\s*=\s*)?(\d{1,2}))?\s*\)`,
      'g',
    ),
    (one, two, three, base) => asNumber(one ?? two ?? three, base),
  ],
  [new RegExp(String.raw`(?<=[=(,:?+*/\s]|return )\+\s*(?:${text})`, 'g'), (one, two) => asNumber(one ?? two)],
  [new RegExp(String.raw`(?:${text})\.length\b`, 'g'), (one = '', two = '') => String((one || two).length)],
  [new RegExp(String.raw`\blen\(\s*(?:${text})\s*\)`, 'g'), (one = '', two = '') => String((one || two).length)],
  [new RegExp(String.raw`\bord\(\s*(?:${text})\s*\)`, 'g'), (one, two) => asNumber(String((one ?? two ?? '').codePointAt(0) ?? ''))],
  [/\(\s*(-?\d+(?:\.\d+)?)\s*\)/g, (inner) => inner],
  [new RegExp(String.raw`(${number})\s*(\*\*|[*/%])\s*(${number})(?!\s*\*\*)`, 'g'), apply],
  [new RegExp(String.raw`(?<![*/%]\s*)(${number})\s*(<<|>>|[+-])\s*(${number})(?!\s*[*/%])`, 'g'), apply],
];

/** A line with its constant expressions worked out, so that `2 * 3` is 6 and `int("5")` is 5. */
export function foldConstants(line: string): string {
  if (!/\d|['"]/.test(line)) return line;
  let folded = line;
  for (let round = 0; round < mostRounds; round++) {
    const before = folded;
    for (const [pattern, value] of folds) folded = folded.replace(pattern, (whole: string, ...parts: string[]) => value(...parts) ?? whole);
    if (folded === before) break;
  }
  return folded;
}

function asNumber(word = '', base?: string): string | undefined {
  const digits = word.trim().replace(/n$/, '');
  const value = digits === '' ? Number.NaN : base === undefined ? Number(digits) : Number.parseInt(digits, Number(base));
  return Number.isFinite(value) ? String(value) : undefined;
}

function apply(left: string, sign: string, right: string): string | undefined {
  const [a, b] = [Number(left.replace(/n$/, '')), Number(right.replace(/n$/, ''))];
  const value = { '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b, '**': a ** b, '<<': a << b, '>>': a >> b }[sign];
  return value !== undefined && Number.isFinite(value) ? String(value) : undefined;
}
