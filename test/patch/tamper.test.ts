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
])('%s: %s', (flag, added) => {
  expect(flagsOf(added)).toContain(flag);
});

test.each([
  ['  try {\n    return order;\n  } catch (error) {\n    throw new Error("no order", { cause: error });\n  }'],
  ['  if (order === undefined) return "";\n  return order;'],
  ['  const total = order.total ?? 0;\n  return total + 1;'],
  ["    with open(path, 'r') as file:\n        return file.read()"],
])('no flag: %s', (added) => {
  expect(flagsOf(added)).toEqual([]);
});
