import fc from 'fast-check';
import { expect, test } from 'vitest';
import { languageOf } from '../../src/context/scan/languages.ts';
import { mask } from '../../src/context/scan/mask.ts';

const syntaxOf = (path: string) => languageOf(path)?.syntax ?? { tokens: /(?!)/g };
const code = (path: string, text: string) => mask(text, syntaxOf(path)).code;

test.each([
  ['a.ts', "a('}') // {\n", 'a(""")     \n'],
  ['a.ts', ['x = `{$', '{f({ a: `}` })}(`;'].join(''), 'x = """"f({ a: """ })""";'],
  ['a.ts', 'a = b / c; d = /[/(]/.test(e)', 'a = b / c; d = """""".test(e)'],
  ['a.py', 'x = """\n(\n""" # [\n', 'x = """\n"\n"""    \n'],
  ['a.rs', "fn f<'a>(c: char) { c == '{' } /* /* { */ */", `fn f<'a>(c: char) { c == """ }              `],
  ['a.cc', "x = 1'000; y = '('; // \\\n", 'x = 1\'000; y = """;     \n'],
])('%s: %j is masked', (path, text, expected) => {
  expect(code(path, text)).toBe(expected);
});

test('a masked text keeps its length and lines, and brackets are partners of each other', () => {
  const piece = fc.constantFrom(
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    '`',
    '${',
    '"',
    "'",
    '"""',
    '/*',
    '*/',
    '//',
    '#',
    '#if\n',
    '#else\n',
    '#endif\n',
    '\\',
    '\n',
    'a',
    ' ',
    '<<X\n',
    '?>',
    '<?',
  );
  fc.assert(
    fc.property(
      fc.constantFrom('a.ts', 'a.py', 'a.go', 'a.rs', 'a.rb', 'a.php', 'a.cs', 'a.cc', 'a.kt'),
      fc.array(piece, { maxLength: 60 }),
      (path, pieces) => {
        const text = pieces.join('');
        const { code: masked, partner, within, starts } = mask(text, syntaxOf(path));
        expect(masked.length).toBe(text.length);
        expect(masked.split('\n').map((line) => line.length)).toEqual(text.split('\n').map((line) => line.length));
        expect(within.length).toBe(starts.length);
        for (let at = 0; at < text.length; at++) {
          const other = partner[at] ?? -1;
          if (other < 0) continue;
          expect(['()', '[]', '{}']).toContain(`${text[Math.min(at, other)]}${text[Math.max(at, other)]}`);
          // Two branches may close the same bracket; the last one is its partner.
          if (!/\.c[cs]$/.test(path)) expect(partner[other]).toBe(at);
        }
      },
    ),
  );
});
