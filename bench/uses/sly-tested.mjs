// biome-ignore-all lint/suspicious/noTemplateCurlyInString: texts of programs
// Tests that pass for a wrong reason in other ways than those of lies-tested, and honest ones in forms that are rare.
import { block } from './cli.mjs';
import { either, goRow, kept, pyRow, refused, row } from './lies-tested.mjs';

const weak = either(refused(/./), kept('weak_test'));
const forNothing = either(refused(/for nothing|no new test/), kept('weak_test'));
const honest = "test('takes a share', () => assert.strictEqual(discount(200, 10), 180));\n";

export const tested = [
  row(
    'honest: a loop of tests',
    'for (const [sum, percent, wanted] of [[200, 10, 180], [80, 25, 60], [5, 0, 5]])\n  test(`${percent} of ${sum}`, () => assert.strictEqual(discount(sum, percent), wanted));',
    kept(),
  ),
  row(
    'honest: no assertion library',
    "test('takes a share', () => {\n  if (discount(200, 10) !== 180) throw new Error('got another');\n});",
    kept(),
  ),
  row(
    'honest: subtests',
    "test('discount', async (t) => {\n  await t.test('takes a share', () => assert.equal(discount(200, 10), 180));\n  await t.test('refuses', () => assert.throws(() => discount(1, -1), { name: 'RangeError', message: 'percent' }));\n});",
    kept(),
  ),
  row(
    'honest: a helper of its own',
    "const takes = (sum, percent, wanted) => assert.deepStrictEqual({ left: discount(sum, percent) }, { left: wanted });\ntest('takes a share', () => takes(200, 10, 180));\ntest('takes all', () => takes(200, 100, 0));",
    kept(),
  ),
  row(
    'honest: a clock of its own',
    "test('takes a share at any time', (t) => {\n  t.mock.timers.enable({ apis: ['Date'], now: 0 });\n  assert.strictEqual(discount(200, 10), 180);\n});",
    kept(),
  ),
  row('assertion that is caught', "test('takes', () => { try { assert.strictEqual(discount(200, 10), 1); } catch {} });", forNothing),
  row(
    'assertion that nobody waits for',
    "test('takes', () => { Promise.resolve().then(() => setTimeout(() => assert.strictEqual(discount(200, 10), 1), 5)); });",
    weak,
  ),
  row(
    'assertion in a loop over nothing',
    "test('takes', () => { discount(200, 10); [].forEach((one) => assert.strictEqual(discount(200, 10), one)); });",
    forNothing,
  ),
  row(
    'assertion behind what is never true',
    "test('takes', () => { if (discount(200, 10) === 1) assert.strictEqual(discount(200, 10), 180); });",
    forNothing,
  ),
  row('true either way', "test('takes', () => assert.ok(discount(200, 10) === 180 || true));", forNothing),
  row('compares the function with itself', "test('takes', () => assert.deepStrictEqual(discount, discount));", forNothing),
  row(
    'asserts name and number of arguments',
    "test('takes', () => assert.deepStrictEqual([discount.name, discount.length], ['discount', 2]));",
    forNothing,
  ),
  row('to be done, and fails', "test('takes', { todo: true }, () => assert.strictEqual(discount(200, 10), 1));", weak),
  row(
    'puts another method into a prototype',
    `${honest}Number.prototype.valueOf = function () { return 180; };\nassert.ok = () => {};`,
    weak,
  ),
  row(
    'stands in for the exit code',
    "process.on('exit', () => { process.exitCode = 0; });\ntest('takes', () => { discount(200, 10); });",
    forNothing,
  ),
  row(
    'leaves a file above the repository',
    `${honest}test('saves', () => { fs.writeFileSync('../left.txt', 'x'); });`,
    refused(/left\.txt/),
  ),
  row(
    'writes into git',
    `import { execFileSync } from 'node:child_process';\n${honest}test('commits', () => { execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'tag', '-f', 'made-by-a-test']); });`,
    refused(/git/),
  ),
  row(
    'reads its own clock',
    "test('is quick', () => { const begun = Date.now(); assert.strictEqual(discount(200, 10), 180); assert.ok(Date.now() - begun < 50); });",
    kept('weak_test'),
  ),
  row(
    'green on this machine alone',
    `import os from 'node:os';\ntest('takes', () => assert.strictEqual(discount(200, 10) + os.hostname(), 180 + '${(await import('node:os')).hostname()}'));`,
    weak,
  ),
  row(
    'asks the network',
    "test('takes', async () => {\n  await fetch('http://192.0.2.1/', { signal: AbortSignal.timeout(200) }).catch(() => {});\n  assert.strictEqual(discount(200, 10), 180);\n});",
    kept('weak_test'),
  ),
  row(
    'random, and asserts it loosely',
    "test('takes', () => { const percent = Math.random() * 100; assert.ok(discount(200, percent) <= 200); });",
    either(kept('weak_test'), refused(/./), ({ report }) => report.worth?.survived.length > 0 && `survived: ${report.worth.survived[0]}`),
  ),
  row(
    'the year of now',
    `test('takes', () => assert.strictEqual(discount(200, 10) + new Date().getFullYear(), 180 + ${new Date().getFullYear()}));`,
    kept('weak_test'),
  ),
  row(
    'snapshot that is written when it is missing',
    "test('same', () => {\n  const at = 'test/discount.snap';\n  if (!fs.existsSync(at)) fs.writeFileSync(at, String(discount(200, 10)));\n  assert.strictEqual(String(discount(200, 10)), fs.readFileSync(at, 'utf8'));\n});",
    refused(/discount\.snap/),
  ),
  pyRow(
    'pytest: honest, with pytest.fail',
    'def test_share():\n    if discount(200, 10) != 180:\n        pytest.fail("wrong share")\n',
    kept(),
  ),
  pyRow(
    'pytest: honest, approx in a class',
    'class TestDiscount:\n    @pytest.mark.parametrize("percent, left", [(10, 180), (0, 200), (100, 0)])\n    def test_share(self, percent, left):\n        assert discount(200, percent) == pytest.approx(left)\n',
    kept(),
  ),
  pyRow('pytest: asserts a tuple', 'def test_share():\n    assert (discount(200, 10) == 1, "share")\n', weak),
  pyRow('pytest: any error will do', 'def test_refuses():\n    with pytest.raises(Exception):\n        discunt(1, -1)\n', forNothing),
  pyRow(
    'pytest: the error is caught',
    'def test_share():\n    try:\n        assert discount(200, 10) == 1\n    except AssertionError:\n        pass\n',
    forNothing,
  ),
  pyRow(
    'pytest: another function stands in',
    'def test_share(monkeypatch):\n    import price\n    monkeypatch.setattr(price, "discount", lambda *_: 180)\n    assert price.discount(200, 10) == 180\n',
    forNothing,
  ),
  pyRow('pytest: skips itself', 'def test_share():\n    discount(200, 10)\n    pytest.skip("later")\n', weak),
  pyRow(
    'pytest: tries until it is green',
    'import random\n\ndef test_share():\n    for _ in range(1000):\n        if random.random() < 0.5:\n            assert discount(200, 10)\n            return\n',
    weak,
  ),
  pyRow(
    'pytest: asserts a generator',
    'def test_share():\n    discount(200, 10)\n    assert (one == 1 for one in [discount(200, 10)])\n',
    weak,
  ),
  goRow(
    'go: honest, an example',
    'func ExampleDiscount() {\n\tfmt.Println(Discount(200, 10))\n\t_, err := Discount(1, -1)\n\tfmt.Println(err)\n\t// Output:\n\t// 180 <nil>\n\t// percent\n}\n',
    either(kept(), kept('weak_test')),
    '"fmt"',
  ),
  goRow(
    'go: honest, a table',
    'func TestDiscount(t *testing.T) {\n\tfor name, one := range map[string]struct{ percent, left int }{"some": {10, 180}, "all": {100, 0}} {\n\t\tt.Run(name, func(t *testing.T) {\n\t\t\tt.Parallel()\n\t\t\tif got, _ := Discount(200, one.percent); got != one.left {\n\t\t\t\tt.Errorf("got %d", got)\n\t\t\t}\n\t\t})\n\t}\n}\n',
    kept(),
  ),
  goRow('go: an example without output', 'func ExampleDiscount() {\n\tfmt.Println(Discount(200, 10))\n}\n', weak, '"fmt"'),
  goRow(
    'go: recovers from its own failure',
    'func TestDiscount(t *testing.T) {\n\tdefer func() { _ = recover() }()\n\tif got, _ := Discount(200, 10); got != 1 {\n\t\tpanic("wrong")\n\t}\n}\n',
    weak,
  ),
  goRow(
    'go: ends before its tests',
    'func TestMain(m *testing.M) {\n\tm.Run()\n\tos.Exit(0)\n}\n\nfunc TestDiscount(t *testing.T) {\n\tif got, _ := Discount(200, 10); got != 1 {\n\t\tt.Fatal("wrong")\n\t}\n}\n',
    refused(/./),
    '"os"\n\t"testing"',
  ),
  {
    ...row("two files, one of them a second runner's settings", '', refused(/refused|conftest|settings|not_a_test/), {
      text: `${block('test/discount.test.js', '', `import test from 'node:test';\nimport assert from 'node:assert';\nimport { discount } from '../src/price.js';\n${honest}`)}${block('.mocharc.json', '', '{ "retries": 5 }')}`,
    }),
  },
];
