import { expect, test } from 'vitest';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';

const block = (path: string, search: string, replace: string) =>
  `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE\n`;

function place(path: string, base: string, search: string, replace: string) {
  const { changes, failures, flags } = placeEdits(readEdits(block(path, search, replace)).edits, (one) =>
    one === path ? base : undefined,
  );
  return { after: changes[0]?.after, rules: failures.map(({ rule }) => rule), flags: flags.map(({ flag }) => flag) };
}

test.each(['    ...rest,', '    ...rest', '    ...others.items,', '    ...(more ?? []),', '    {...remaining}', '    [...existing],'])(
  'dots that spread what follows them are code: %s',
  (line) => {
    const came = place('a.js', 'f(\n  one,\n)\n', '  one,', `  one,\n${line}`);
    expect([came.rules, came.after]).toEqual([[], `f(\n  one,\n${line}\n)\n`]);
  },
);

test.each(['// Other options', '// The rest', '# Others', '// Existing tests', '### Unchanged'])(
  'a heading above what is added is no code that was left out: %s',
  (line) => {
    const came = place('a.js', 'one();\ntwo();\n', 'one();', `one();\n${line}\nthree();`);
    expect([came.rules, came.flags]).toEqual([[], []]);
  },
);

const long = 'function f() {\n  one(1);\n  two();\n  three();\n  four();\n}\n';

test.each(['// Other code', '// The rest', '// ... existing code ...', '  ...rest of the function', '// remaining statements'])(
  'where more goes than comes it is refused: %s',
  (line) => {
    const came = place('a.js', long, '  one(1);\n  two();\n  three();\n  four();', `  one(2);\n${line}\n  four();`);
    expect(came.rules).toEqual(['elision']);
  },
);

test('a mark that the file has elsewhere may be its text, and is looked at where more goes than comes', () => {
  const came = place('a.ts', `// ...\n${long}`, '  one(1);\n  two();\n  three();\n  four();', '  one(2);\n  // ...\n  four();');
  expect([came.rules, came.flags]).toEqual([[], ['elision']]);
  const stub = 'class A:\n    def a(self):\n        ...\n\n    def run(self, x):\n        y = x\n        y += 1\n        return y\n';
  const gone = place(
    'a.py',
    stub,
    '    def run(self, x):\n        y = x\n        y += 1\n        return y',
    '    def run(self, x, k):\n        ...\n        return y',
  );
  expect([gone.rules, gone.flags]).toEqual([[], ['elision']]);
});
