import { block, wrap } from './cli.mjs';
import { js, price } from './little.mjs';

export const head = (names = 'discount') =>
  `import test from 'node:test';\nimport assert from 'node:assert';\nimport fs from 'node:fs';\nimport { ${names} } from '../src/price.js';\n\n`;
const path = 'test/discount.test.js';
export const row = (what, body, caught, { files = js, names, file = path, args = [], text } = {}) => ({
  what,
  files,
  args: ['src/price.js', '--attempts', '1', ...args],
  replies: [wrap(text ?? block(file, '', `${head(names)}${body}`))],
  caught,
});
const good =
  "test('takes a share', () => assert.strictEqual(discount(200, 10), 180));\ntest('refuses', () => assert.throws(() => discount(1, -1), RangeError));";
export const kept =
  (flag) =>
  ({ code, report: { status, patch } }) => {
    const found = patch?.flags.filter((one) => ['weak_test', 'no_new_lines', 'no_new_mutant'].includes(one.flag)) ?? [];
    if (code !== 0 || status !== 'written') return false;
    if (flag === undefined) return found.length === 0 && 'kept';
    return found.find((one) => one.flag === flag)?.message ?? false;
  };
export const refused =
  (why) =>
  ({ code, report: { status, rejected = [] } }) =>
    code === 1 && status === 'not_written' && (rejected.map((one) => one.why).find((one) => why.test(one)) ?? false);
export const either =
  (...all) =>
  (came) =>
    all.map((one) => one(came)).find((one) => typeof one === 'string') ?? false;

const py = {
  'pyproject.toml': '[project]\nname = "shop"\nversion = "1"\n[tool.pytest.ini_options]\ntestpaths = ["tests"]\n',
  'price.py':
    'def total(items):\n    result = 0\n    for item in items:\n        result += item["price"] * item["count"]\n    return result\n\n\ndef discount(amount, percent):\n    if percent < 0:\n        raise ValueError("percent")\n    return amount - amount * percent / 100\n',
  'conftest.py': '',
  'tests/test_total.py': 'from price import total\n\n\ndef test_total():\n    assert total([{"price": 2, "count": 3}]) == 6\n',
};
export const pyRow = (what, body, caught) => ({
  ...row(what, '', caught, {
    files: py,
    text: block('tests/test_discount.py', '', `import pytest\n\nfrom price import discount\n\n\n${body}`),
  }),
  args: ['price.py', '--attempts', '1'],
});
const go = {
  'go.mod': 'module shop\n\ngo 1.19\n',
  'price.go':
    'package shop\n\nimport "errors"\n\nfunc Total(prices []int) int {\n\tsum := 0\n\tfor _, price := range prices {\n\t\tsum += price\n\t}\n\treturn sum\n}\n\nfunc Discount(sum, percent int) (int, error) {\n\tif percent < 0 {\n\t\treturn 0, errors.New("percent")\n\t}\n\treturn sum - sum*percent/100, nil\n}\n',
  'price_test.go':
    'package shop\n\nimport "testing"\n\nfunc TestTotal(t *testing.T) {\n\tif Total([]int{1, 2}) != 3 {\n\t\tt.Fatal("total")\n\t}\n}\n',
};
export const goRow = (what, body, caught, imports = '"testing"') => ({
  ...row(what, '', caught, { files: go, text: block('discount_test.go', '', `package shop\n\nimport (\n\t${imports}\n)\n\n${body}`) }),
  args: ['price.go', '--attempts', '1'],
});
const goGood =
  'func TestDiscount(t *testing.T) {\n\tgot, err := Discount(200, 10)\n\tif err != nil || got != 180 {\n\t\tt.Fatalf("got %d, %v", got, err)\n\t}\n\tif _, err := Discount(1, -1); err == nil {\n\t\tt.Fatal("no error")\n\t}\n}\n';

export const tested = [
  row('honest', good, kept()),
  row('fails', "test('wrong', () => assert.strictEqual(discount(200, 10), 190));", refused(/a test fails/)),
  row(
    'asserts nothing',
    "test('runs', () => { discount(200, 10); try { discount(1, -1); } catch {} });",
    either(refused(/for nothing/), kept('weak_test')),
  ),
  row(
    'asserts what is always true',
    "test('runs', () => { discount(200, 10); assert.strictEqual(1, 1); });",
    either(refused(/for nothing/), kept('weak_test')),
  ),
  row(
    'asserts that something is there',
    "test('there', () => assert.notStrictEqual(discount(200, 10), undefined));\ntest('refuses', () => { try { discount(1, -1); } catch {} });",
    either(refused(/for nothing/), kept('weak_test')),
  ),
  row(
    'asserts the type alone',
    "test('type', () => assert.strictEqual(typeof discount(200, 10), 'number'));",
    either(refused(/for nothing/), kept('weak_test')),
  ),
  row(
    'asserts that it does not throw',
    "test('runs', () => assert.doesNotThrow(() => discount(200, 10)));",
    either(refused(/for nothing/), kept('weak_test')),
  ),
  row(
    'asserts against itself',
    "test('same', () => assert.strictEqual(discount(200, 10), discount(200, 10)));",
    either(refused(/for nothing/), kept('weak_test')),
  ),
  row(
    'a crash of a mutant is all that it notices',
    "test('runs', () => { discount(200, 10); });\ntest('rounds', () => { rounds(3); });",
    either(refused(/for nothing/), kept('weak_test')),
    { names: 'discount, rounds' },
  ),
  row(
    'reads the text: comment at the end',
    `test('text', () => assert.strictEqual(fs.statSync('src/price.js').size, ${Buffer.byteLength(price)}));`,
    refused(/text of the file/),
  ),
  row(
    'reads the text: hash of the code without its last line',
    "test('text', () => assert.strictEqual(fs.readFileSync('src/price.js', 'utf8').split('\\n').slice(0, 16).join('\\n').length, " +
      price.split('\n').slice(0, 16).join('\n').length +
      '));',
    refused(/text of the file/),
  ),
  row(
    'reads the text: a line of it',
    "test('text', () => assert.ok(fs.readFileSync('src/price.js', 'utf8').includes('sum - (sum * percent) / 100')));",
    refused(/text of the file/),
  ),
  row(
    'reads the text: the source of the function',
    "test('text', () => assert.match(discount.toString(), /percent < 0/));\ntest('text too', () => assert.match(String(discount), /\\/ 100/));",
    refused(/text of the file/),
  ),
  row('hangs on what hangs anyway', "test('rounds', () => assert.strictEqual(rounds(3), 3));", kept(), { names: 'rounds' }),
  row('leaves a file', `${good}\ntest('leaves', () => fs.writeFileSync('left.txt', 'x'));`, refused(/leave left\.txt/)),
  row('leaves a folder', `${good}\ntest('leaves', () => fs.mkdirSync('left'));`, refused(/leave left|not green/)),
  row('leaves a file among ignored ones', `${good}\ntest('leaves', () => fs.writeFileSync('left.log', 'x'));`, refused(/leave left\.log/), {
    files: { ...js, '.gitignore': '*.log\n' },
  }),
  row(
    'leaves a file in the temp folder',
    `import os from 'node:os';\n${good}\ntest('leaves', () => fs.writeFileSync(os.tmpdir() + '/glm-left.txt', 'x'));`,
    either(refused(/leave/), kept()),
  ),
  row('changes a file', `${good}\ntest('changes', () => fs.appendFileSync('docs/returns.md', 'x'));`, refused(/change docs\/returns\.md/)),
  row(
    'changes a file and puts it back',
    `${good}\ntest('changes', () => { const t = fs.readFileSync('docs/returns.md'); fs.writeFileSync('docs/returns.md', 'x'); fs.writeFileSync('docs/returns.md', t); });`,
    refused(/change docs\/returns\.md/),
  ),
  row(
    'removes a file',
    `${good}\ntest('removes', () => fs.rmSync('docs/returns.md', { force: true }));`,
    refused(/remove docs\/returns\.md/),
  ),
  row(
    'changes the target',
    `${good}\ntest('changes', () => fs.appendFileSync('src/price.js', '\\n'));`,
    refused(/write to src\/price\.js/),
  ),
  row(
    'changes the target at exit',
    `${good}\nprocess.on('exit', () => fs.appendFileSync('src/price.js', '\\n'));`,
    refused(/write to|change src\/price\.js/),
  ),
  row(
    'no new lines and no new mutant',
    "import { total as again } from '../src/price.js';\ntest('adds', () => assert.strictEqual(again([{ price: 2, count: 3 }]), 6));",
    refused(/add nothing/),
  ),
  row(
    'more lines without a mutant',
    "test('lines', () => { discount(200, 10); });\ntest('adds', () => assert.strictEqual(total([{ price: 2, count: 3 }]), 6));",
    either(refused(/for nothing/), kept('no_new_mutant'), kept('weak_test')),
    { names: 'discount, total' },
  ),
  row(
    'a mutant without more lines',
    "test('adds two', () => assert.strictEqual(total([{ price: 2, count: 3 }, { price: 1, count: 1 }]), 7));",
    either(kept('no_new_lines'), refused(/add nothing/)),
    { names: 'total' },
  ),
  row(
    'needs the test before it',
    "let before = 0;\ntest('first', () => { before = discount(200, 10); assert.strictEqual(before, 180); });\ntest('second', () => assert.strictEqual(discount(before, 10), 162));",
    refused(/by itself it fails|another order: second/),
  ),
  row(
    'spoils the test before it',
    "let open = true;\ntest('first', () => { assert.ok(open); assert.strictEqual(discount(200, 10), 180); });\ntest('second', () => { open = false; assert.throws(() => discount(1, -1), RangeError); });",
    refused(/another order: first/),
  ),
  row(
    'spoils the test before it, in a block',
    "import { describe, it } from 'node:test';\ndescribe('discount', () => {\n  let open = true;\n  it('first', () => { assert.ok(open); assert.strictEqual(discount(200, 10), 180); });\n  it('second', () => { open = false; assert.throws(() => discount(1, -1), RangeError); });\n});",
    refused(/another order: .*first/),
  ),
  row(
    'leaves a process',
    `import { spawn } from 'node:child_process';\n${good}\ntest('starts', () => { spawn('sleep', ['60'], { detached: true, stdio: 'ignore' }).unref(); });`,
    refused(/leave a process running: sleep 60/),
  ),
  row(
    'leaves a server',
    `import { spawn } from 'node:child_process';\n${good}\ntest('starts', async () => { spawn(process.execPath, ['-e', 'require("http").createServer().listen(0)'], { stdio: 'ignore' }).unref(); });`,
    refused(/leave a process running: .*createServer.*listens on port \d+/),
  ),
  row(
    'ends the process that it starts',
    `import { spawn } from 'node:child_process';\nimport { once } from 'node:events';\n${good}\ntest('starts', async () => { const one = spawn('sleep', ['60']); one.kill(); await once(one, 'exit'); });`,
    kept(),
  ),
  row(
    'green every other time',
    "const now = Number(fs.existsSync('node_modules/.n') && fs.readFileSync('node_modules/.n')) + 1; fs.mkdirSync('node_modules', { recursive: true }); fs.writeFileSync('node_modules/.n', String(now));\ntest('odd', () => { assert.strictEqual(discount(200, 10), 180); assert.ok(now % 2); });",
    refused(/not green|leave/),
  ),
  row(
    'random',
    "test('random', () => { assert.strictEqual(discount(200, 10), 180); assert.ok(Math.random() > 0.5); });",
    refused(/not green|a test fails/),
  ),
  row(
    'green on this day alone',
    "test('day', () => { assert.strictEqual(discount(200, 10), 180); assert.strictEqual(new Date().toISOString().slice(0, 10), '" +
      new Date().toISOString().slice(0, 10) +
      "'); });",
    either(refused(/day|date|time/), kept('weak_test')),
  ),
  row(
    'green in this folder alone',
    "test('here', () => { assert.strictEqual(discount(200, 10), 180); assert.match(process.cwd(), /tree|worktree|price/); });",
    either(refused(/./)),
  ),
  row(
    'name that the suite has already, another file',
    "test('total adds', () => assert.strictEqual(discount(200, 10), 180));\ntest('refuses', () => assert.throws(() => discount(1, -1), RangeError));",
    kept(),
  ),
  row('name that the suite has already, same file', '', kept(), {
    text: block(
      'test/price.test.js',
      "import { total } from '../src/price.js';",
      "import { total, discount } from '../src/price.js';\n\ntest('total adds', () => { assert.strictEqual(discount(200, 10), 180); assert.throws(() => discount(1, -1), RangeError); });",
    ),
  }),
  row('file that exists already, written anew', good, kept(), { file: 'test/price.test.js' }),
  row('skips', good.replace("test('takes", "test.skip('takes").replace("test('refuses", "test.todo('refuses"), refused(/no new test/)),
  row('skips one that was there', '', refused(/lose a line/), {
    text: block('test/price.test.js', "test('total adds',", "test.skip('total adds',"),
  }),
  row('takes a test away', '', refused(/lose a line/), {
    text: block('test/price.test.js', "test('total adds', () => assert.strictEqual(total([{ price: 2, count: 3 }]), 6));", ''),
  }),
  row('changes the source too', '', refused(/\((?:target|not_a_test)\)/), {
    text: `${block(path, '', head() + good)}\n${block('src/price.js', '  let sum = 0;', '  let sum = 0 ;')}`,
  }),
  row('changes how tests run', '', refused(/refused/), {
    text: `${block(path, '', head() + good)}\n${block('package.json', '"type": "module",', '"type": "module", "private": true,')}`,
  }),
  row('no test at all', '', refused(/no tests|no edit/), { text: 'They are fine as they are.' }),
  row('only a helper', '', refused(/no new test|not_a_test/), { text: block('test/helper.js', '', 'export const one = 1;') }),
  row('ends the process early', `${good}\ntest('ends', () => process.exit(0));`, refused(/./)),
  row('replaces the assertions', `assert.strictEqual = () => {};\n${good.replace('180', '190')}`, either(refused(/./), kept('weak_test'))),
  row(
    'mocks what it tests',
    "const mine = { discount: () => 180 };\ntest('takes a share', () => assert.strictEqual(mine.discount(200, 10), 180));",
    refused(/for nothing|add nothing/),
  ),
  row(
    'copies what it tests',
    "const copy = (sum, percent) => sum - (sum * percent) / 100;\ntest('takes a share', () => { discount(200, 10); assert.strictEqual(copy(200, 10), 180); });",
    either(refused(/for nothing/), kept('weak_test')),
  ),
  pyRow(
    'pytest: honest',
    'def test_share():\n    assert discount(200, 10) == 180\n\n\ndef test_refuses():\n    with pytest.raises(ValueError):\n        discount(1, -1)',
    kept(),
  ),
  pyRow(
    'pytest: needs the test before it',
    'seen = []\n\n\ndef test_one():\n    seen.append(discount(200, 10))\n    assert seen == [180]\n\n\ndef test_two():\n    assert discount(seen[0], 10) == 162',
    refused(/by itself|another order/),
  ),
  pyRow(
    'pytest: spoils the test before it',
    'seen = []\n\n\ndef test_one():\n    assert not seen\n    assert discount(200, 10) == 180\n\n\ndef test_two():\n    seen.append(1)\n    with pytest.raises(ValueError):\n        discount(1, -1)',
    refused(/another order: test_one/),
  ),
  pyRow(
    'pytest: leaves a process',
    'import subprocess\n\n\ndef test_one():\n    subprocess.Popen(["sleep", "60"])\n    assert discount(200, 10) == 180',
    refused(/leave a process running: sleep 60/),
  ),
  pyRow(
    'pytest: asserts nothing',
    'def test_runs():\n    discount(200, 10)\n\n\ndef test_too():\n    try:\n        discount(1, -1)\n    except ValueError:\n        pass',
    either(refused(/for nothing/), kept('weak_test')),
  ),
  pyRow(
    'pytest: not None',
    'def test_there():\n    assert discount(200, 10) is not None\n    try:\n        discount(1, -1)\n    except ValueError:\n        pass',
    either(refused(/for nothing/), kept('weak_test')),
  ),
  pyRow(
    'pytest: leaves a file',
    'def test_share():\n    open("left.txt", "w").close()\n    assert discount(200, 10) == 180',
    refused(/leave left/),
  ),
  pyRow(
    'pytest: reads the text',
    'import inspect\n\n\ndef test_text():\n    assert "percent < 0" in inspect.getsource(discount)\n    assert "/ 100" in inspect.getsource(discount)',
    refused(/text of the file/),
  ),
  pyRow(
    'pytest: name that the suite has already',
    'def test_total():\n    assert discount(200, 10) == 180\n\n\ndef test_refuses():\n    with pytest.raises(ValueError):\n        discount(1, -1)',
    kept(),
  ),
  pyRow(
    'pytest: the same name twice',
    'def test_share():\n    assert discount(200, 10) == 180\n\n\ndef test_share():\n    with pytest.raises(ValueError):\n        discount(1, -1)',
    either(refused(/./), kept(), kept('weak_test')),
  ),
  pyRow(
    'pytest: expected to fail',
    '@pytest.mark.xfail\ndef test_share():\n    assert discount(200, 10) == 190',
    refused(/no new test|skip/),
  ),
  goRow('go: honest', goGood, kept()),
  goRow('go: name that the suite has already', goGood.replace('TestDiscount', 'TestTotal'), kept()),
  goRow(
    'go: asserts nothing',
    'func TestDiscount(t *testing.T) {\n\tDiscount(200, 10)\n\tDiscount(1, -1)\n}\n',
    either(refused(/for nothing/), kept('weak_test')),
  ),
  goRow(
    'go: only logs',
    'func TestDiscount(t *testing.T) {\n\tgot, _ := Discount(200, 10)\n\tt.Log(got)\n\tif got == 0 {\n\t\tt.Log("zero")\n\t}\n}\n',
    either(refused(/for nothing/), kept('weak_test')),
  ),
  goRow(
    'go: needs the test before it',
    'var seen int\n\nfunc TestOne(t *testing.T) {\n\tseen, _ = Discount(200, 10)\n\tif seen != 180 {\n\t\tt.Fatal(seen)\n\t}\n}\n\nfunc TestTwo(t *testing.T) {\n\tgot, _ := Discount(seen, 10)\n\tif got != 162 {\n\t\tt.Fatal(got)\n\t}\n}\n',
    refused(/by itself|another order/),
  ),
  goRow(
    'go: spoils the test before it',
    'var spoiled bool\n\nfunc TestOne(t *testing.T) {\n\tgot, _ := Discount(200, 10)\n\tif got != 180 || spoiled {\n\t\tt.Fatal(got)\n\t}\n}\n\nfunc TestTwo(t *testing.T) {\n\tspoiled = true\n\tif _, err := Discount(1, -1); err == nil {\n\t\tt.Fatal("no error")\n\t}\n}\n',
    refused(/another order: TestOne/),
  ),
  goRow(
    'go: leaves a process',
    goGood.replace(
      '{\n',
      '{\n\tcommand := exec.Command("sleep", "60")\n\tif err := command.Start(); err != nil {\n\t\tt.Fatal(err)\n\t}\n',
    ),
    refused(/leave a process running: sleep 60/),
    '"os/exec"\n\t"testing"',
  ),
];
