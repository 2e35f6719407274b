import { expect, test } from 'vitest';
import { freePath, renameTaken } from '../../src/testing/renaming.ts';

const renamed = (path: string, before: string | null, after: string, files: Readonly<Record<string, string>> = {}) =>
  renameTaken([{ path, before, after }], { paths: Object.keys(files), read: (one) => files[one] })[0]?.after;

test.each([
  ['a.test.js', "test('x', f);", "test('x', f);\ntest('x', g);", "test('x', f);\ntest('x (2)', g);"],
  ['a.test.js', "test('x', f);", "test('x', g);\ntest('x', f);", "test('x (2)', g);\ntest('x', f);"],
  ['a.test.js', null, "describe('a', () => {\n  it('x', f);\n});\ndescribe('b', () => {\n  it('x', f);\n});", undefined],
  ['a.test.js', null, 'it("x", f);\nit("x", g);\nit("x", h);', 'it("x", f);\nit("x (2)", g);\nit("x (3)", h);'],
  [
    'test_a.py',
    'def test_x():\n    pass',
    'def test_x():\n    pass\n\ndef test_x():\n    assert 1',
    'def test_x():\n    pass\n\ndef test_x_2():\n    assert 1',
  ],
  ['test_a.py', null, 'class TestA:\n    def test_x(self): ...\n\nclass TestB:\n    def test_x(self): ...', undefined],
])('a test whose name is taken gets another: %s', (path, before, after, wanted) => {
  expect(renamed(path, before, after)).toBe(wanted ?? after);
});

test('in Go, names are taken by all files of the package', () => {
  const files = {
    'a_test.go': 'package a\n\nfunc TestX(t *testing.T) {}\n\nfunc help() {}\n',
    'b_test.go': 'package a_test\n\nfunc TestZ(t *testing.T) {}\n',
    'sub/c_test.go': 'package a\n\nfunc TestY(t *testing.T) {}\n',
  };
  const after = 'package a\n\nfunc TestX(t *testing.T) { help(); a.TestX() }\n\nfunc TestY() {}\n\nfunc TestZ() {}\n\nfunc help() {}\n';
  expect(renamed('new_test.go', null, after, files)).toBe(
    'package a\n\nfunc TestX2(t *testing.T) { help2(); a.TestX() }\n\nfunc TestY() {}\n\nfunc TestZ() {}\n\nfunc help2() {}\n',
  );
});

test.each([
  ['test/a.test.js', 'test/a-2.test.js'],
  ['tests/test_a.py', 'tests/test_a_2.py'],
  ['a_test.go', 'a_2_test.go'],
  ['spec/a_spec.rb', 'spec/a_2_spec.rb'],
])('a file whose name is taken gets one that is a test too: %s', (path, free) => {
  expect(freePath(path, (one) => one === path)).toBe(free);
});
