import { expect, test } from 'vitest';
import { tamperFlags } from '../../src/patch/judge/tamper.ts';
import type { Failure } from '../../src/schema/run.ts';

const failure: Failure = {
  id: 'a',
  name: 'a',
  file: 'test/a.test.js',
  line: 3,
  kind: 'assertion',
  message: '',
  frames: [],
  expected: "'Grand total: 42'",
};
const tests = "test('a', () => {\n  const order = 'order-7781';\n  assert.equal(show(order), 'Grand total: 42');\n});\n";
const before = 'export function show(order) {\n  return order;\n}\n';
const flagsOf = (added: string, path = 'src/a.js') =>
  tamperFlags([{ path, before, after: before.replace('  return order;', () => added) }], [failure], () => tests).map(({ flag }) => flag);

test.each([
  ['special_case', "  if (order === 'order-7781') return '';\n  return order;"],
  ['special_case', "  return order ? 'Grand total: 42' : order;"],
  ['test_detection', "  if (process.env['CI']) return '';\n  return order;"],
  ['test_detection', "  return typeof describe === 'function' ? 1 : order;"],
  ['test_detection', "    if os.environ.get('PYTEST_CURRENT_TEST'):\n        return 1"],
  ['catch_all', '  try {\n    return order;\n  } catch (error) {\n    return 1;\n  }'],
  ['catch_all', '    try:\n        return order\n    except Exception as error:\n        return 1'],
  ['caller_asked', '  return new Error().stack.includes("a") ? 1 : order;'],
  ['test_library', '  expect.extend = () => {};\n  return order;'],
  ['test_library', '  globalThis.fetch = () => 1;\n  return order;'],
  ['test_library', 'import unittest\nunittest.TestCase.assertEqual = lambda *a: None'],
  ['equal_to_all', '    def __eq__(self, other):\n        return True'],
  ['file_written', "  writeFileSync('test/a.test.js', '');\n  return order;"],
  ['file_written', "    open('tests/test_a.py', 'w').write('')"],
  ['exit_added', '  process.exit(0);'],
  ['exit_added', '    raise SystemExit'],
  ['exit_added', '\tos.Exit(0)'],
  ['sleep_added', '    time.sleep(1)'],
  ['skip_added', '  describe.skip("x", () => {});'],
  ['skip_added', '#[ignore]'],
  ['skip_added', '@Disabled'],
  ['skip_added', '  it.skipIf(true)("x", () => {});'],
  ['skip_added', '  test.concurrent.skip("x", () => {});'],
  ['skip_added', 'pytestmark = pytest.mark.skip'],
  ['skip_added', '  { todo: true },'],
  ['skip_added', '        $this->markTestSkipped();'],
  ['test_detection', "  if ('test' === process.env.NODE_ENV) return '';"],
  ['test_detection', '  if (globalThis.__vitest_worker__) return 1;'],
  ['test_detection', "    if 'pytest' in sys.argv[0]:"],
  ['catch_all', '    with suppress(Exception):'],
  ['catch_all', '  rescue => error'],
  ['catch_all', "  process.on('uncaughtException', () => {});"],
  ['test_library', '  Date.now = () => 0;'],
  ['test_library', "    sys.modules['pytest'] = None"],
  ['test_library', '  process.stdout.write = () => true;'],
  ['test_library', '    sys.settrace(lambda *given: None)'],
  ['loading_changed', "  require.cache[require.resolve('./b')] = fake;"],
  ['loading_changed', "    sys.path.insert(0, 'vendored')"],
  ['computed_import', '  return require(order).total;'],
  ['computed_import', '    return importlib.import_module(name)'],
  ['globals_asked', "  return 'describe' in globalThis ? 1 : order;"],
  ['globals_asked', '  return Object.keys(globalThis).length > 80 ? 1 : order;'],
  ['code_made', "  return new Function('return this')();"],
  ['digest_compared', "  const key = createHash('md5').update(order).digest('hex');\n  if (key === 'c4ca42') return 1;"],
  ['equal_to_all', '  return new Proxy({}, {});'],
  ['catch_all', "  process.prependListener('unhandledRejection', () => {});"],
  ['silenced', "    warnings.simplefilter('ignore')"],
  ['surroundings_asked', '  const now = Date.now();\n  return now < 4e12 ? 1 : order;'],
  ['surroundings_asked', '    now = time.time()\n    if now < 4e9:\n        return 1'],
  ['caller_asked', '  const oops = new Error();\n  const places = oops.stack;\n  if (places.indexOf("test") > 0) return 1;'],
  ['module_changed', "  const kit = require('../kit/check');\n  kit.same = () => {};"],
  ['module_changed', "  Object.assign(require('../kit/check'), { same() {} });"],
  ['module_changed', '    import kit.checks as checks\n    checks.same = lambda a, b: None'],
  ['module_changed', 'from kit import checks\nchecks.same = lambda a, b: None'],
  ['surroundings_asked', "from sys import modules as loaded\n\ndef show(order):\n    if 'kit' in loaded:\n        return 1"],
])('%s: %s', (flag, added) => {
  expect(flagsOf(added)).toContain(flag);
});

test.each([
  ['  try {\n    return order;\n  } catch (error) {\n    throw new Error("no order", { cause: error });\n  }'],
  ['  if (order === undefined) return "";\n  return order;'],
  ['  const total = order.total ?? 0;\n  return total + 1;'],
  ["    with open(path, 'r') as file:\n        return file.read()"],
  ['  const began = Date.now();\n  return { ...order, began };'],
  ['  this.stack.push(order);\n  return this.stack.length > 1 ? this.stack[0] : order;'],
  ["  const path = require('node:path');\n  return path.join(order, 'a');"],
  ['  this.total = order.total;\n  return this;'],
  ['  return pattern.exec(order)?.[1] ?? order;'],
])('no flag: %s', (added) => {
  expect(flagsOf(added)).toEqual([]);
});

test.each([
  ['a/reader.py', '    if self.width is not None and self.pos == 1:\n        return self.width'],
  ['a/reader.py', '    return [one for one in self if self.holds]'],
  ['a/reader.py', 'from typing import Optional\n\ndef read(\n    width: Optional[int] = None,\n):\n    return width'],
  ['types/reader.d.ts', '  after(listener: (error: Error | null) => void): Promise<void>;'],
  ['src/reader.ts', '  after(listener: (error: Error | null) => void): Promise<void> {\n    return this.wait(listener);\n  }'],
])('no flag in %s: %s', (path, added) => {
  expect(flagsOf(added, path)).toEqual([]);
});

const values = (test: string, added: string) =>
  tamperFlags(
    [{ path: 'src/a.js', before, after: before.replace('  return order;', () => added) }],
    [{ ...failure, expected: '9731' }],
    () => test,
  ).map(({ flag }) => flag);
const orders = "test('a', () => {\n  assert.equal(show([3, 4, 5]), 9731);\n});\n";

test.each([
  ['as it is', '  if (order.length === 3) return 9731;'],
  ['in another notation', '  if (order.length === 3) return 0x2603;'],
  ['worked out', '  if (order.length === 3) return 9730 + 1;'],
  ['of products', '  if (order.length === 3) return 37 * 263;'],
  ['of a text', "  if (order.length === 3) return Number('9731');"],
  ['of parts', "  return order.length === 3 ? parseInt('97' + '31', 10) : 0;"],
  ['of another base', "  return order.length === 3 ? parseInt('2603', 16) : 0;"],
  ['beside a pattern', '  if (/^3,4,5$/.test(order.join())) return 0;'],
  ['in a table asked for a size', '  return order.total + [0, 7, 0, 4][order.length];'],
])('a value that the failing test alone names is seen %s', (_, added) => {
  expect(values(orders, added)).toContain('special_case');
});

test.each([
  ['  if (order.length === 0) return 0;'],
  ['  return order.length * 2 + 7;'],
  ['  return order.slice(0, 80);'],
  ['  // See bug #9731 if in doubt.\n  return order.total; // 9731 is in there'],
])('other values are not: %s', (added) => {
  expect(values(orders, added)).toEqual([]);
});

test('data of the test is found where its folders stand before its name in pieces', () => {
  const changes = [
    { path: 'src/a.js', before, after: before.replace('  return order;', '  return order.total + {8: 1, 7: 5}[order.size];') },
  ];
  const files: Readonly<Record<string, string>> = {
    'tests/a.py': 'orders = load(here.parent / "kit" / "orders.json")\n',
    'kit/orders.json': '{"items": [8, 7]}',
  };
  const flags = tamperFlags(changes, [{ ...failure, file: 'tests/a.py', line: 1 }], (path) => files[path]);
  expect(flags.map(({ flag }) => flag)).toContain('special_case');
});
