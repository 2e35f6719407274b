import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';

const script = `import { read } from './store.js';

/** Sum of all. */
export function total(items) {
  let sum = 0;
  for (const item of items) {
    if (item.open) {
      sum += item.cents;
    }
  }
  return sum;
}

export function show(text) {
  if (text.length < 3) {
    return "short";
  }
  return text;
}
`;
const python = `def total(items):
    """Sum."""
    found = 0
    for item in items:
        found += item
    return found


def show(text):
    if text:
        return 'yes'
    return 'no'
`;
const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;
const files: Readonly<Record<string, string>> = {
  'a.js': script,
  'a.py': python,
  'b.js': "export const sign = '&amp;';\n\nexport function both(a, b) {\n  return a;\n}\n",
  'list.md': '# 1.1\n\n- First (#1)\n',
  'notes.md': '# 1.1\n\n- First (#1) (Kim <kim@mail.example>)\n',
};
const place = (text: string) => {
  const { edits, problems } = readEdits(text);
  return problems.length > 0 ? { changes: [], failures: problems, flags: [] } : placeEdits(edits, (path) => files[path]);
};
const sum = '      sum += item.cents;\n    }\n  }\n  return sum;';

type Refused = [name: string, rule: string, text: string];

test.each([
  [
    'line numbers',
    'line_numbers',
    block(
      'a.js',
      sum,
      sum
        .split('\n')
        .map((line, at) => `${at + 8}| ${line}`)
        .join('\n'),
    ),
  ],
  ['line numbers with a colon', 'line_numbers', block('a.js', '  return sum;', '11:   return sum + 0;\n12:   // done')],
  ['headings of the pack', 'pack_marks', block('a.js', '  return sum;', '@@ lines 11-12 @@\n  return sum + 0;')],
  [
    'the signs of a diff',
    'diff_signs',
    block('a.js', '  let sum = 0;\n  for (const item of items) {', '-  let sum = 0;\n+  let sum = 1;\n   for (const item of items) {'),
  ],
  [
    'doubled signs',
    'diff_signs',
    '--- a/a.js\n+++ b/a.js\n@@ -4,3 +4,3 @@\n export function total(items) {\n-  let sum = 0;\n++  let sum = 1;\n   for (const item of items) {\n',
  ],
  [
    'HTML entities',
    'mangled',
    block('a.js', '  if (text.length < 3) {\n    return "short";', '  if (text.length &lt; 3) {\n    return "small";'),
  ],
  [
    'curly quotes',
    'mangled',
    block('a.js', '    return "short";\n  }\n  return text;', '    return \u201cshort\u201d;\n  }\n  return text.trim();'),
  ],
  ['curly quotes in new code', 'typographic', block('a.js', '  return text;', "  return text + '.' + \u201c.\u201d;")],
  ['wide brackets', 'typographic', block('a.js', '  return text;', '  return text.trim\uff08\uff09;')],
  ['blanks that cannot be seen', 'typographic', block('a.js', '  return text;', '  return\u00a0text.trim();')],
  [
    'only the text to find moved',
    'indentation',
    block('a.js', 'sum += item.cents;\nreturn', 'x').replace('\nreturn', '').replace('x\n', '      sum += 1;\n'),
  ],
  ['blank edges', 'blank_edges', block('a.js', '  return text;', '\n  return text.trim();\n')],
  ['an emptied file', 'empties', block('a.py', python.trimEnd(), '')],
  ['dots in Python', 'elision', block('a.py', '    found = 0\n    for item in items:', '    found = 1\n    ...\n    for item in items:')],
  ...[
    '// rest of the function stays the same',
    '// [omitted for brevity]',
    '// keep existing implementation',
    '// same as before',
    '// your existing code here',
    '// --- snip ---',
    '{ ... }',
    '[...]',
    '// 其余代码保持不变',
    '/* ... imports ... */',
    '// other methods...',
    '// (unchanged)',
    '⋮',
  ].map((line): Refused => [line, 'elision', block('a.js', '  return text;', `  ${line}\n  return text.trim();`)]),
  ['a whole file without its end', 'whole_file', `a.js\n\`\`\`js\n${script.split('\n').slice(0, 15).join('\n')}\n\`\`\`\n`],
  ['a path and nothing more', 'truncated', `${block('a.js', '  return text;', '  return text.trim();')}\nsrc/other.js\n`],
  [
    'a fence left open after others',
    'truncated',
    `a.js\n\`\`\`\n${block('', '  return text;', '  return text.trim();').trim()}\n\`\`\`\n\na.py\n\`\`\`\n${block('', "    return 'no'", "    return ''").trim()}\n`,
  ],
  [
    'a cut JSON answer',
    'no_edits',
    JSON.stringify({ patch: '--- a/a.js\n+++ b/a.js\n@@ -11 +11 @@\n-  return sum;\n+  return sum + 0;\n' }).slice(0, -6),
  ],
  [
    'a renamed file whose changes are missing',
    'truncated',
    'diff --git a/a.js b/b.js\nsimilarity index 90%\nrename from a.js\nrename to b.js\n',
  ],
  ['a new file without a heading for its lines', 'empty_diff', '--- /dev/null\n+++ b/new.js\n+export {};\n'],
  [
    'one line without its sign',
    'marks',
    '--- a/a.js\n+++ b/a.js\n@@ -4,3 +4,3 @@\n export function total(items) {\n  let sum = 0;\n+  let sum = 1;\n   for (const item of items) {\n',
  ],
] satisfies Refused[])('%s is refused', (_name, rule, text) => {
  const { changes, failures } = place(text);
  expect(changes).toEqual([]);
  expect(failures.map((failure) => failure.rule)).toContain(rule);
});

test.each([
  ['escapes of a JSON string', 'typographic', block('a.js', '  return text;', '  return text + \\"x\\";')],
  ['text to put there without its margin', 'indentation', block('a.js', '      sum += item.cents;', 'sum += item.cents * item.count;')],
  ['one blank too many', 'indentation', block('a.js', '  return text;', '   const short = text.trim();\n   return short;')],
  ['another step', 'indentation', block('a.js', '  return text;', '  if (!text) {\n      return null;\n  }\n  return text;')],
  ['a block without depth', 'indentation', block('a.py', "    return 'no'", "    if text is None:\n    return 'none'\n    return 'no'")],
  ['a marker of a conflict', 'conflict_marker', '--- a/a.js\n+++ b/a.js\n@@ -18,2 +18,3 @@\n   }\n+||||||| base\n   return text;\n'],
  [
    'brackets as entities where the text has brackets',
    'mangled',
    block('notes.md', '# 1.1', '# 1.2\n\n- Names (#2) (Lee &lt;lee@mail.example&gt;)\n\n# 1.1'),
  ],
  ['a bracket as an entity where the text has none', 'mangled', block('list.md', '# 1.1', '# 1.2\n\n- Node &gt;= 20 (#2)\n\n# 1.1')],
  ['an entity in code that is text elsewhere', 'mangled', block('b.js', '  return a;', '  return a &amp;&amp; b;')],
  ['an order mark', 'bidirectional', block('a.js', '  return text;', "  return text + '\u2067x';")],
] satisfies Refused[])('%s is placed as it was written, and said', (_name, rule, text) => {
  const { changes, failures, flags } = place(text);
  expect(failures).toEqual([]);
  expect(changes).toHaveLength(1);
  expect(flags.map(({ flag }) => flag)).toContain(rule);
});

test('what was found by repairing the edit must leave no doubt', () => {
  const moved = block('a.js', 'if (text.length < 3) {\n  return "short";\n}', 'if (text.length < 3) {\n     return "shorter";\n}');
  expect(place(moved).failures.map(({ rule }) => rule)).toEqual(['indentation']);
});

test.each([
  [
    'a new test that expects entities',
    'test_html.py\n<<<<<<< SEARCH\n=======\ndef test_it():\n    assert render("<p>a & b</p>") == [\n        "# Fish &amp; chips &#120;",\n    ]\n>>>>>>> REPLACE\n',
    'Fish &amp; chips &#120;',
  ],
  ['an entity as text', block('a.js', '  return text;', "  return text.replace(/</g, '&lt;');"), "'&lt;'"],
  ['a curly quote as text', block('a.js', '  return text;', "  return text + ' \u201cso\u201d';"), '\u201cso\u201d'],
  [
    'a table with numbers as keys',
    block('a.js', '  return text;', "  const names = {\n    1: 'one',\n    2: 'two',\n  };\n  return names[text];"),
    "1: 'one'",
  ],
  [
    'a comment that speaks of the rest',
    block('a.js', '  return sum;', '  // The rest of the items is closed, hence not counted.\n  return sum;'),
    'not counted',
  ],
  ['a stub', block('a.py', "    return 'no'", "    return 'no'\n\n\ndef later():\n    ..."), '    ...\n'],
  [
    'a return out of a loop',
    block('a.py', '        found += item\n    return found', '        found += item\n        return found'),
    '        return found',
  ],
  ['a path with its lines', block('a.js:11-12', '  return sum;', '  return sum + 0;'), 'sum + 0'],
  ['a moved text on both sides', block('a.js', 'sum += item.cents;', 'sum += 2 * item.cents;'), '      sum += 2 * item.cents;'],
  [
    'signs lost by all lines that stay',
    '--- a/a.js\n+++ b/a.js\n@@ -4,3 +4,3 @@\nexport function total(items) {\n-  let sum = 0;\n+  let sum = 1;\nfor (const item of items) {\n'.replace(
      '\nfor',
      '\n  for',
    ),
    'let sum = 1',
  ],
])('%s is not noise', (_name, text, wanted) => {
  const { changes, failures } = place(text);
  expect(failures).toEqual([]);
  expect(changes[0]?.after).toContain(wanted);
});

test('a file that is shown among other edits is code to read if it exists, and has to be made as a block if not', () => {
  const edit = block('a.js', '  return text;', '  return text.trim();');
  const shown = (path: string) => `${edit}\n${path}\n\`\`\`py\nprint(1)\n\`\`\`\n`;
  expect(place(shown('a.py')).changes.map(({ path }) => path)).toEqual(['a.js']);
  expect(place(shown('b.py')).failures[0]).toMatchObject({ path: 'b.py', rule: 'not_found' });
});

test('a new file keeps the blank lines that have lost their sign, and is none without signs', () => {
  const head = '--- /dev/null\n+++ b/new.js\n@@ -0,0 +1,3 @@\n';
  expect(place(`${head}+a();\n\n+b();\n`).changes[0]?.after).toBe('a();\n\nb();\n');
  expect(place(`${head}a();\n\nb();\n`).changes).toEqual([]);
});
