import { expect, test } from 'vitest';
import { findTest } from '../../src/context/rank/tests.ts';

const find = (text: string, name: string, line?: number) => findTest(text.split('\n'), { name, line, frames: [], file: 'x' });

test('a JavaScript test by its title, the right one of two equal titles by its parents', () => {
  const text = `describe('a', () => {
  it('works', () => {
    one();
  });
});

describe('b', () => {
  it('works', () => {
    two();
  });
});`;
  expect(find(text, 'a > works')).toEqual({ startLine: 2, endLine: 4 });
  expect(find(text, 'b > works')).toEqual({ startLine: 8, endLine: 10 });
  expect(find(text, 'a > works', 9)).toEqual({ startLine: 8, endLine: 10 });
});

test('a title with parameters by its fixed part', () => {
  const text = "test.each(cases)('parses the date %s', (one) => {\n  check(one);\n});";
  expect(find(text, 'parses the date 2020-01-01')).toEqual({ startLine: 1, endLine: 3 });
});

test('a Python test with its decorator and without its parameters', () => {
  const text = 'import x\n\n@pytest.mark.parametrize("a", [1])\ndef test_add(a):\n    assert a\n\ndef test_other():\n    pass\n';
  expect(find(text, 'test_add[1]')).toEqual({ startLine: 3, endLine: 5 });
});

test('a Go test by its function, also for a subtest', () => {
  const text = 'package a\n\nfunc TestAdd(t *testing.T) {\n\tadd()\n}\n\nfunc TestOther(t *testing.T) {\n}\n';
  expect(find(text, 'TestAdd/with_zero')).toEqual({ startLine: 3, endLine: 5 });
});

test('the block around the line where the name is not found', () => {
  const text = 'it(title, () => {\n  a();\n  b();\n});\n\nit(other, () => {\n  c();\n});';
  expect(find(text, 'unknown', 7)).toEqual({ startLine: 6, endLine: 8 });
  expect(find(text, 'unknown')).toBeUndefined();
});
