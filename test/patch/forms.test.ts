import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import { openKnown } from '../../src/patch/read/known-paths.ts';

const file = { 'a.js': 'one();\ntwo();\nthree();\n', 'b.js': 'four();\nfive();\n' } as const;
const applied = { 'a.js': 'one();\ntwo(2);\nthree();\n' };
const said = (text: string) => {
  const { edits, problems } = readEdits(text);
  const placed =
    problems.length > 0 ? { changes: [], failures: problems } : placeEdits(edits, (path) => new Map(Object.entries(file)).get(path));
  return placed.failures[0]?.rule ?? Object.fromEntries(placed.changes.map(({ path, after }) => [path, after]));
};
const block = 'a.js\n<<<<<<< SEARCH\ntwo();\n=======\ntwo(2);\n>>>>>>> REPLACE\n';

test.each([
  ['tags', '<edit>\n<path>a.js</path>\n<old_string>\ntwo();\n</old_string>\n<new_string>\ntwo(2);\n</new_string>\n</edit>'],
  [
    'parameters',
    '<invoke name="edit"><parameter name="path">a.js</parameter><parameter name="old_str">two();</parameter><parameter name="new_str">two(2);</parameter></invoke>',
  ],
  ['a list under one path', JSON.stringify({ path: 'a.js', edits: [{ oldText: 'two();', newText: 'two(2);' }] })],
  [
    'arguments of a call',
    JSON.stringify({ function: { arguments: JSON.stringify({ path: 'a.js', old_str: 'two();', new_str: 'two(2);' }) } }),
  ],
  [
    'JSON in a fence below prose',
    `So:\n\n\`\`\`json\n${JSON.stringify([{ path: 'a.js', search: 'two();', replace: 'two(2);' }])}\n\`\`\`\n`,
  ],
  ['a whole file with a blank line more', '`a.js`:\n```js\none();\ntwo(2);\nthree();\n\n```\n'],
  ['a counted heading', `## Edits: 1\n${block}`],
  ['dashes and pluses', block.replace('<<<<<<<', '-------').replace('>>>>>>>', '+++++++')],
])('%s: read', (_name, text) => expect(said(text)).toEqual(applied));

test.each([
  ['fewer than announced, and cut', `## Edits: 2\n${block}\nb.js\n<<<<<<< SEARCH\nfour();\n=======\n`, 'truncated'],
  ['one part of two', `Edit 1 of 2\n${block}`, 'truncated'],
  ['a colon at the end', `${block}\nNow the second place:\n`, 'truncated'],
  ['a heading at the end', `${block}\n### The second place\n`, 'truncated'],
  ['a sentence without its end', `${block}\nThe second place is in the\n`, 'truncated'],
  ['a block without its first line', `a.js\none();\n=======\none(1);\n>>>>>>> REPLACE\n\n${block}`, 'malformed_block'],
  ['an edit by lines', JSON.stringify([{ path: 'a.js', start_line: 2, end_line: 2, content: 'two(2);' }]), 'malformed_block'],
  ['a normal diff as a file', 'a.js\n```diff\n2c2\n< two();\n---\n> two(2);\n```\n', 'malformed_block'],
])('%s: refused', (_name, text, rule) => expect(said(text)).toBe(rule));

test('a rename without hunks leaves the file below it', () => {
  const renames = ['a', 'b'].map(
    (name) => `diff --git a/${name}.js b/${name}2.js\nsimilarity index 100%\nrename from ${name}.js\nrename to ${name}2.js\n`,
  );
  expect(said(renames.join(''))).toMatchObject({ 'a2.js': file['a.js'], 'b2.js': file['b.js'] });
});

test('a whole file that lost what it still uses is a part of it', () => {
  const named = (name: string) => `def ${name}(value):\n    first = value + 1\n    second = first * 2\n    return second\n`;
  const before = ['one', 'two', 'three', 'four', 'five'].map(named).join('\n\n').concat('\n\nprint(two(1))\n');
  const written = (text: string) => {
    const { edits } = readEdits(`a.py\n\`\`\`python\n${text}\`\`\`\n`);
    return placeEdits(edits, () => before).failures.map(({ rule }) => rule);
  };
  const changed = before.replace('value + 1', 'value + 3');
  expect(written(changed.replace(`${named('two')}\n\n`, ''))).toEqual(['whole_file']);
  expect(written(changed.replace(`${named('three')}\n\n`, ''))).toEqual([]);
});

test('edits that end cleanly and are fewer than announced are placed and said', () => {
  expect(said(`## Edits: 2\n${block}`)).toEqual(applied);
  expect(readEdits(`## Edits: 2\n${block}`).flags).toMatchObject([{ flag: 'miscounted', path: 'a.js' }]);
  expect(readEdits(`## Edits: 1\n${block}`).flags).toEqual([]);
});

const odd = ['app/(shop)/[id]/page.js', 'My App/price list.js', "it's, 100%/a#b.js", 'src/a:b.js', 'grün/ü.js'];
const block7 = '<<<<<<< SEARCH\ntwo();\n=======\ntwo(2);\n>>>>>>> REPLACE\n';

test.each(odd)('%s is read in whatever form it is named', (path) => {
  const known = openKnown([...odd, 'a.js']);
  const forms = [
    path,
    `\`${path}\``,
    `**${path}**`,
    `### ${path}`,
    `### \`${path}\` (changed)`,
    `"${path}"`,
    `File: ${path}`,
    `// ${path}`,
    `1. **${path}**:`,
    `In \`${path}\`:`,
  ];
  const answers = [
    ...forms.map((form) => `${form}\n${block7}`),
    ...forms.map((form) => `${form}\n\`\`\`js\n${block7}\`\`\`\n`),
    `\`\`\`js ${path}\n${block7}\`\`\`\n`,
    `\`\`\`js\n// ${path}\n${block7}\`\`\`\n`,
    `<<<<<<< SEARCH ${path}\ntwo();\n=======\ntwo(2);\n>>>>>>> REPLACE\n`,
    `--- a/${path}\n+++ b/${path}\n@@ -1,3 +1,3 @@\n one();\n-two();\n+two(2);\n three();\n`,
    `--- a/a.js\n+++ b/a.js\n@@ -1,3 +1,3 @@\n-one();\n+one(1);\n two();\n three();\n+++ b/${path}\n@@ -1,3 +1,3 @@\n one();\n-two();\n+two(2);\n three();\n`,
  ];
  for (const answer of answers) {
    const { edits, problems } = readEdits(answer, known);
    const placed = placeEdits(edits, (one) => (known.has(one) ? file['a.js'] : undefined), known);
    expect([problems, placed.failures], answer).toEqual([[], []]);
    expect(placed.changes.find((change) => change.path === path)?.after, answer).toBe('one();\ntwo(2);\nthree();\n');
  }
});
