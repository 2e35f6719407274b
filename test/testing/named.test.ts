import { expect, test } from 'vitest';
import { linesNamed } from '../../src/testing/mutation.ts';

test('what new tests only import is not what they test', () => {
  const text = 'export function total(a) {\n  return a;\n}\n\nexport function share(a) {\n  return a / 2;\n}\n';
  const named = (after: string) => linesNamed('price.js', text, [{ path: 'a.test.js', before: null, after }]);
  for (const head of ["import { total, share } from './price.js';", "const { total, share } = require('./price.js');"])
    expect([...(named(`${head}\ntest('half', () => assert.equal(share(2), 1));\n`) ?? [])]).toEqual([5, 6, 7]);
  expect(named("import './price.js';\ntest('none', () => {});\n")).toBeUndefined();
});
