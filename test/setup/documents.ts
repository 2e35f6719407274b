import fc from 'fast-check';

/** How a generated document is written down. */
export type Writing = {
  readonly eol: string;
  readonly unit: string;
  readonly comments: boolean;
  readonly trailing: boolean;
  readonly bom: boolean;
  readonly end: string;
  readonly seed: number;
};

export const writing: fc.Arbitrary<Writing> = fc.record({
  eol: fc.constantFrom('\n', '\r\n', ''),
  unit: fc.constantFrom('  ', '    ', '\t', ' ', ''),
  comments: fc.boolean(),
  trailing: fc.boolean(),
  bom: fc.boolean(),
  end: fc.constantFrom('', '\n', '\r\n', '\n\n', '  '),
  seed: fc.integer({ min: 1, max: 2 ** 30 }),
});

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

const key = fc.oneof(
  fc.constantFrom('a', 'theme', 'inputs', 'other', '日本', 'with "quotes"', '//no comment', 'http://x/y', '__proto__x', ''),
  fc.string({ maxLength: 6 }),
);
const leaf = fc.oneof(
  fc.constantFrom<Plain>(null, true, 1, -0.5, 1e21, 'x', '/* no */ // no', '{', ',', 'ü\u2028'),
  fc.string({ maxLength: 8 }),
);
const value: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof({ maxDepth: 2 }, leaf, fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(key, tie('value'), { maxKeys: 3 })),
})).value;

const server = fc.record({ command: fc.string({ maxLength: 5 }), args: fc.array(fc.string({ maxLength: 5 }), { maxLength: 2 }) });

/** A client's file: other settings, and under the given keys perhaps other servers. */
export function settings(path: readonly string[]): fc.Arbitrary<{ [key: string]: Plain }> {
  const servers: fc.Arbitrary<Plain> = fc.dictionary(
    fc.constantFrom('fs', 'git', 'glm2', 'GLM', 'x.y'),
    server.map((one): Plain => ({ ...one })),
    { maxKeys: 3 },
  );
  const rest = fc.dictionary(
    key.filter((name) => !['mcpServers', 'servers', 'mcp', 'inputs', '__proto__', ...path].includes(name)),
    value,
    { maxKeys: 4 },
  );
  return fc.tuple(rest, fc.option(servers, { nil: undefined }), fc.boolean()).map(([others, held, first]) => {
    if (held === undefined) return others;
    const own = { [path[0] ?? '']: held };
    return first ? { ...own, ...others } : { ...others, ...own };
  });
}

/** Writes JSON down in any way that clients read: comments in every gap, trailing commas, one line or many. */
export function writeJson(data: Plain, { eol, unit, comments, trailing, bom, end, seed }: Writing): string {
  let state = seed;
  const roll = (n: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % n;
  };
  const gap = () => {
    const pieces = [
      '',
      ' ',
      '',
      ...(comments ? [' /* a, "b" */ ', ...(eol ? [` // c: { "glm": [${eol}`, `${eol}// d${eol}${unit}`] : [])] : []),
    ];
    return pieces[roll(pieces.length)] ?? '';
  };
  const write = (one: Plain, depth: number): string => {
    if (typeof one !== 'object' || one === null) return JSON.stringify(one);
    const list = Array.isArray(one);
    const members = list
      ? one.map((item) => write(item, depth + 1))
      : Object.entries(one).map(([name, item]) => `${JSON.stringify(name)}${gap()}:${gap()}${write(item, depth + 1)}`);
    const [open, close] = list ? ['[', ']'] : ['{', '}'];
    if (members.length === 0) return `${open}${gap()}${close}`;
    const line = roll(4) === 0 ? '' : eol;
    const inner = line ? line + unit.repeat(depth + 1) : '';
    const body = members.map((member) => `${gap()}${inner}${member}${gap()}`).join(',');
    return `${open}${body}${trailing && roll(2) ? `,${gap()}` : ''}${line ? line + unit.repeat(depth) : ''}${close}`;
  };
  return `${bom ? '\uFEFF' : ''}${gap()}${write(data, 0)}${gap()}${end}`;
}
