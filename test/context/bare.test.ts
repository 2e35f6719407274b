import { expect, test } from 'vitest';
import { sameButComments } from '../../src/context/scan/bare.ts';

const same: readonly (readonly [path: string, one: string, other: string])[] = [
  ['a.js', 'let a = 1; // x\n', '// y\n\n  let a  = 1;\r\n'],
  ['a.py', 'def f():\n    return 1\n', 'def f():\n    # why\n    return 1  # b\n\n'],
  ['a.c', 'int a; /* one\n\n two */\n', 'int a;\n'],
  ['a.rb', 'a = 1 # x\n', '=begin\nfoo\n=end\na = 1\n'],
  ['a.go', '// A is.\npackage a\n', 'package a\n'],
  ['a.php', '<?php\n// a\n$a = 1;\n', '<?php\n# b\n$a = 1;\n'],
  ['a.java', '/** a */\nclass A {}\n', '/** b\n * c */\nclass A {}\n'],
  ['a.kt', '/* /* a */ b */ val x = 1\n', 'val x = 1\n'],
  ['a.sh', '# a\necho 1\n', '# b\n\necho 1\n'],
  ['a.lua', '-- a\nx = 1\n', 'x = 1\n'],
  ['Makefile', '# a\nall:\n', 'all:\n'],
];
const other: typeof same = [
  ['a.js', 'let a = "x  y";\n', 'let a = "x y";\n'],
  ['a.js', 'let a = `x\n\ny`;\n', 'let a = `x\ny`;\n'],
  ['a.js', 'let a = `x\n// a\ny`;\n', 'let a = `x\n// b\ny`;\n'],
  ['a.js', 'let a = "// x";\n', 'let a = "// y";\n'],
  ['a.js', 'return a\n', 'return\na\n'],
  ['a.tsx', '<a>http://x</a>\n', '<a>http://y</a>\n'],
  ['a.vue', '<p>// a</p>', '<p>// b</p>'],
  ['a.py', 'if x:\n    a()\nb()\n', 'if x:\n    a()\n    b()\n'],
  ['a.py', 'def f():\n    """>>> f()"""\n', 'def f():\n    """>>> g()"""\n'],
  ['a.c', '#define A 1\n', '#define A 2\n'],
  ['a.cs', '#if A\nint a;\n#endif\n', '#if B\nint a;\n#endif\n'],
  ['a.rs', '/// assert!(1)\nfn a() {}\n', '/// assert!(2)\nfn a() {}\n'],
  ['a.go', '//go:build linux\npackage a\n', 'package a\n'],
  ['a.go', '// int a;\nimport "C"\n', '// int b;\nimport "C"\n'],
  ['a.php', '<p># a</p>\n<?php\n', '<p># b</p>\n<?php\n'],
  ['a.sh', 'cat <<E\n# a\nE\n', 'cat <<E\n# b\nE\n'],
  ['run.sh', '#!/bin/sh\na\n', '#!/bin/bash\na\n'],
  ['a.unknown', '# a\n', '# b\n'],
];

test.each(same)('%s: comments and blanks alone differ in %j and %j', (path, one, two) =>
  expect(sameButComments(path, one, two)).toBe(true),
);
test.each(other)('%s: more differs in %j and %j', (path, one, two) => expect(sameButComments(path, one, two)).toBe(false));
