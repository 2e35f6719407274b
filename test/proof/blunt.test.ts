import { describe, expect, test } from 'vitest';
import { bluntFlags } from '../../src/proof/blunt/blunt.ts';
import { bodyAround, isBodyOf } from '../../src/proof/blunt/body.ts';
import { findSpots, swapAll } from '../../src/proof/blunt/spots.ts';
import type { FileChange } from '../../src/schema/patch.ts';
import type { Failure, TestRun } from '../../src/schema/run.ts';

const other = "Symbol('other')";

test.each([
  ['expect(total([1, 2])).toBe(3);', `expect(total([1, 2])).toBe(${other});`],
  ['expect(a, "why").toEqual({ b: [1] });', `expect(a, "why").toEqual(${other});`],
  ['expect(a).not.toContain("b");', 'expect(a).toContain("b");'],
  ['expect(a).toBeNull();', 'expect(a).not.toBeNull();'],
  ['expect(a).to.be.an("array").that.includes(2);', `expect(a).to.be.an("array").that.includes(${other});`],
  ['expect(a).to.be.true;', 'expect(a).not.to.be.true;'],
  ['await expect(a).resolves.toBe(1);', `await expect(a).resolves.toBe(${other});`],
  ['expect(a).resolves.toBe(1);', 'expect(a).resolves.toBe(1);'],
  ['expect(a).toMatchInlineSnapshot(`1`);', 'expect(a).toMatchInlineSnapshot(`1`);'],
  ['assert.strictEqual(f("a, b"), 3, "why");', `assert.strictEqual(f("a, b"), ${other}, "why");`],
  ['assert(a === b);', 'assert(false);'],
  ['assert.ok(a, b);', 'assert.ok(false, b);'],
  ['assert.notStrictEqual(a, b);', 'assert.notStrictEqual(a, b);'],
  ['assert.rejects(a, b);', 'assert.rejects(a, b);'],
  ['t.deepEqual(a, [1, 2]);', `t.deepEqual(a, ${other});`],
  ['a.b.should.equal(5);', `a.b.should.equal(${other});`],
  ['check.same(total([5]), orders.sum);', `check.same(total([5]), ${other});`],
  ['checkPrices(list, { quiet: true });', 'checkPrices(list, { quiet: true });'],
  ['checkPrices(list, 5);', `checkPrices(list, ${other});`],
  ['request(app).get("/").expect(200, done);', 'request(app).get("/").expect(200, done);'],
  ['const same = isSame(a, b);', 'const same = isSame(a, b);'],
])('%s', (line, wanted) => {
  const spots = findSpots('a.test.js', line);
  expect(
    swapAll(
      line,
      spots.map((spot) => spot.other),
    ),
  ).toBe(wanted);
});

test.each([
  ['    assert total(x) == 6', '    assert total(x) == object()'],
  ['    assert total(\n        [1],\n    ) == 6, "why"\n    x = 1', '    assert total(\n        [1],\n    ) == object(), "why"\n    x = 1'],
  ['    assert a == 1 and b == 2', '    assert not (a == 1 and b == 2)'],
  ['    assert [x for x in y if x == 1] == [1]', '    assert [x for x in y if x == 1] == object()'],
  ['    assert "a == b" in text', '    assert not ("a == b" in text)'],
  ['    self.assertEqual(f(1, 2), 3)', '    self.assertEqual(f(1, 2), object())'],
  ['    self.assertTrue(a)', '    self.assertTrue(False)'],
  ['    self.assertIn(1, a)', '    self.assertIn(object(), a)'],
  ['    self.assertNotEqual(a, b)', '    self.assertNotEqual(a, b)'],
  ['    with self.assertRaises(ValueError):', '    with self.assertRaises(ValueError):'],
  ['    same(total([5]), 5)', '    same(total([5]), object())'],
  ['    same(total([5]), why="b")', '    same(total([5]), why="b")'],
])('%s', (line, wanted) => {
  const spots = findSpots('test_a.py', line);
  expect(
    swapAll(
      line,
      spots.map((spot) => spot.other),
    ),
  ).toBe(wanted);
});

test.each([
  [
    'a.test.js',
    "describe('a', () => {\n  it('b', async () => {\n    expect(1).toBe(2);\n  });\n});\n",
    3,
    "  it('b', async () => { throw new",
  ],
  ['a.test.ts', "test.each([\n  [1],\n])('b %s', (one) => {\n  expect(one).toBe(2);\n});\n", 4, "('b %s', (one) => { throw new"],
  ['a.test.js', "it('b', function (done) {\n  run((x) => {\n    assert(x);\n  });\n});\n", 3, "it('b', function (done) { throw new"],
  ['a.test.js', 'const it_ = 1;\nrun(() => {\n  assert(x);\n});\n', 3, undefined],
  [
    'test_a.py',
    'class TestA:\n    def test_b(\n        self,\n    ):\n        x = 1\n\n        assert x == 2\n',
    7,
    '        raise AssertionError("other")\n        x = 1',
  ],
  ['test_a.py', 'def test_a():\n    pass\n\nx = 1\nassert x == 2\n', 5, undefined],
])('the test around a place: %s %#', (path, text, line, wanted) => {
  const body = bodyAround(path, text, line);
  expect(body?.thrown ? swapAll(text, [body.thrown]) : '').toContain(wanted ?? '');
  if (wanted === undefined) expect(body).toBeUndefined();
});

test.each([
  ['adds all', 'price > adds all', true],
  ['adds all', 'price > adds all of it', false],
  ['adds', 'price > subtracts', false],
  ['adds %i and %s', 'adds 1 and two', true],
  ['adds $a.b', 'price > adds 5 (2)', true],
  [`it\\'s (all)`, "it's (all)", true],
  ['test_adds', 'TestPrice > test_adds[1-2]', true],
  ['test_adds', 'TestPrice > test_adds_all', false],
  [undefined, 'adds', false],
])('%s is the title of %s: %s', (title, name, wanted) => {
  expect(isBodyOf(name, { title, from: 0, to: 0, thrown: undefined })).toBe(wanted);
});

describe('a test that cannot fail', () => {
  const text = "test('adds', () => {\n  if (bad) expect(bad).toBe(1);\n  expect(sum).toBe(3);\n});\n";
  const target: Failure = { id: 'a.test.js::adds', name: 'adds', file: 'a.test.js', line: 3, kind: 'assertion', message: '', frames: [] };
  const changes: readonly FileChange[] = [{ path: 'a.js', before: 'a', after: 'b' }];
  const run: TestRun = {
    runner: 'vitest',
    command: [],
    cwd: '',
    why: '',
    outcome: 'green',
    exitCode: 0,
    durationMs: 1,
    collected: 1,
    passed: 1,
    failed: 0,
    skipped: 0,
    rerun: true,
    tests: [],
    failures: [],
    output: '',
  };
  /** A runner whose test is red when its file holds one of these words. */
  const flagged = async (line: number, ...red: readonly RegExp[]) => {
    const asked: string[] = [];
    const flags = await bluntFlags({
      changes,
      targets: [{ ...target, line }],
      read: (path) => (path === 'a.test.js' ? text : undefined),
      run: (given) => {
        const file = given.find(({ path }) => path === 'a.test.js')?.after ?? '';
        asked.push(file);
        const status: 'failed' | 'passed' = red.some((word) => word.test(file)) ? 'failed' : 'passed';
        const tests = [{ id: target.id, name: 'adds', file: 'a.test.js', status, durationMs: 1 }];
        return Promise.resolve({ ...run, tests });
      },
    });
    return { flags: flags.map(({ flag }) => flag), asked: asked.length };
  };
  test.each([
    ['asked for something else it is red: nothing is said', 3, [/Symbol|throw/], []],
    ['only what is thrown is noticed', 3, [/throw new Error/], ['cannot_fail']],
    ['nothing is noticed, not even what is thrown at once', 3, [/never/], ['cannot_fail']],
    ['the assertion is not reached any more', 2, [/^test\('adds', \(\) => \{ throw/, /sum\).toBe\(Sym/], []],
  ])('%s', async (_what, line, red, wanted) => {
    expect((await flagged(line, ...red)).flags).toEqual(wanted);
  });
});
