import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import '../seed.ts';

const file = 'function a() {\n  one();\n}\n\nfunction g() {\n  two();\n}\n\nfunction h() {\n  log(s);\n}\n';

const place = (base: string, old_str: string, new_str: string) =>
  placeEdits(readEdits(JSON.stringify({ path: 'a.js', old_str, new_str })).edits, () => base);

test.each([
  ['a function between two', '\n\nfunction g() {\n  two();\n}', ''],
  ['the last function', '\n\nfunction h() {\n  log(s);\n}\n', '\n'],
  ['a function and a blank line', 'function g() {\n  two();\n}\n\n', ''],
  ['a line that leaves a blank one', '  log(s);\n', '\n'],
  ['a line and the ends around it', '\n  two();\n', '\n'],
  ['what follows a line end', '\n  one();', '\n  uno();\n  due();'],
  ['a line with one more line end', '  one();', '  uno();\n'],
])('a tool call that changes %s does so to the letter', (_what, found, made) => {
  const { changes, failures } = place(file, found, made);
  expect(failures).toEqual([]);
  expect(changes[0]?.after).toBe(file.replace(found, () => made));
});

test.each([
  ['a blank line that goes', '\n  one();', '  one();', '  one();'],
  ['a blank line that comes', '  one();', '\n  one();', '\n  one();'],
  ['a blank line above that stays', '\n  one();', '\n  uno();', '\n  uno();'],
])('text in tags keeps its own line end: %s', (_what, found, made, after) => {
  const text = (said: string) => `<arg_value>${said}</arg_value>`;
  const key = (name: string) => `<arg_key>${name}</arg_key>`;
  const call = `<tool_call>edit\n${key('path')}${text('a.js')}${key('old_str')}${text(found)}${key('new_str')}${text(made)}</tool_call>`;
  const base = `begin();\n${found}\nend();\n`;
  const { changes, failures } = placeEdits(readEdits(call).edits, () => base);
  expect(failures).toEqual([]);
  expect(changes[0]?.after).toBe(`begin();\n${after}\nend();\n`);
});

const line = fc.constantFrom('alpha();', '  beta();', '', '}', 'gamma() {', '  delta();', '', 'epsilon');
const bases = fc.tuple(fc.array(line, { minLength: 3, maxLength: 15 }), fc.boolean());
const texts = fc.constantFrom('', '\n', '\nzeta();', '\n\nzeta();\neta();');

test('whatever starts at a line end is replaced to the letter, refused, or looked at', () => {
  let placed = 0;
  fc.assert(
    fc.property(bases, fc.nat(), fc.nat(), texts, ([lines, open], one, other, made) => {
      const base = `${lines.map((text, at) => (text === '' ? '' : `${text} // ${at % 5}`)).join('\n')}${open ? '' : '\n'}`;
      const starts = [...base].flatMap((char, at) => (char === '\n' ? [at] : []));
      const from = starts[one % starts.length] ?? 0;
      const ends = [...starts.filter((at) => at > from), base.length];
      const found = base.slice(from, ends[other % ends.length]);
      if (found.trim() === '' || base.split(found).length !== 2) return;
      // What goes up to the end of a file takes the blank lines above it along, and the last line stays ended.
      if (base.slice(base.indexOf(found) + found.length).trim() === '') return;
      const { changes, failures, flags } = place(base, found, made);
      if (failures.length > 0 || flags.length > 0) return;
      placed++;
      expect(changes[0]?.after ?? base).toBe(base.replace(found, () => made));
    }),
    { numRuns: 3_000 },
  );
  expect(placed).toBeGreaterThan(500);
});
