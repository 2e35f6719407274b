/** Recorded from the version in the name, on little projects of ours; trx and ctrf were written after the documented format. */
export const recordings: Readonly<
  Record<string, { runner: string; counts: [passed: number, failed: number, skipped: number]; failing: readonly string[] }>
> = {
  'cargo-1.95.txt': {
    runner: 'cargo test',
    counts: [1, 4, 1],
    failing: [
      'src/lib.rs::tests::adds_prices',
      'src/lib.rs::tests::panics',
      'tests/shop.rs::sells',
      'src/lib.rs::src/lib.rs - total (line 1)',
    ],
  },
  'go-1.19.jsonl': { runner: 'go test', counts: [2, 2, 0], failing: ['::TestGroup/red', '::TestAdds'] },
  'go-1.19.log': {
    runner: 'go test',
    counts: [0, 3, 0],
    failing: ['::TestGroup/red', '::TestAdds', '::<file>'],
  },
  'jest-30.5.log': {
    runner: 'jest',
    counts: [2, 3, 1],
    failing: ['test/sum.test.js::adds', 'test/größe 测试.test.js::zählt "æ" > 數 🙂', 'test/broken.test.js::<file>'],
  },
  'mocha-11.8.log': { runner: 'mocha', counts: [2, 2, 1], failing: ['test/größe 测试.js::zählt "æ" › 數 🙂', 'test/sum.js::sum > adds'] },
  'node-test-20.20.log': {
    runner: 'node:test',
    counts: [2, 2, 1],
    failing: ['test/größe 测试.test.js::zählt "æ" › 數 🙂', 'test/sum.test.js::adds'],
  },
  'phpunit-9.6.log': { runner: 'phpunit', counts: [2, 3, 1], failing: ['tests/CartTest.php::CartTest > testRaises'] },
  'phpunit-9.6.xml': { runner: 'junit', counts: [2, 3, 1], failing: ['tests/CartTest.php::CartTest > testAddsPrices'] },
  'pytest-9.0.log': { runner: 'pytest', counts: [2, 3, 1], failing: ['tests/test_sum.py::test_adds', 'tests/test_broken.py::<file>'] },
  'rspec-3.12.json': {
    runner: 'rspec',
    counts: [1, 2, 1],
    failing: ['spec/cart_spec.rb::Cart#total > adds prices', 'spec/cart_spec.rb::Cart#total > raises'],
  },
  'rspec-3.12.log': {
    runner: 'rspec',
    counts: [1, 2, 1],
    failing: ['spec/cart_spec.rb::Cart#total adds prices', 'spec/cart_spec.rb::Cart#total raises'],
  },
  'bun-1.4.xml': {
    runner: 'junit',
    counts: [1, 2, 1],
    failing: ['test/sum.test.js::sum > adds', 'test/sum.test.js::sum > inner "æ" > raises'],
  },
  'bun-1.4.log': {
    runner: 'bun test',
    counts: [1, 3, 1],
    failing: ['test/sum.test.js::sum > adds', 'test/sum.test.js::sum > inner "æ" > raises', 'test/broken.test.js::<file>'],
  },
  'deno-2.9.log': { runner: 'deno test', counts: [1, 2, 1], failing: ['sum_test.ts::adds', 'sum_test.ts::group > inner "æ"'] },
  'playwright-1.65.log': {
    runner: 'playwright',
    counts: [1, 2, 1],
    failing: ['tests/sum.spec.js::sum > adds', 'tests/sum.spec.js::sum > inner "æ" > raises'],
  },
  'jasmine-5.13.log': { runner: 'jasmine', counts: [1, 2, 1], failing: ['spec/sumSpec.js::sum adds', 'spec/sumSpec.js::sum inner raises'] },
  'ava-6.4.log': {
    runner: 'ava',
    counts: [0, 4, 2],
    failing: ['test/sum.js::adds', 'test/sum.js::raises', 'test/other.js::adds', 'test/other.js::raises'],
  },
  'deno-2.9.xml': { runner: 'junit', counts: [2, 3, 1], failing: ['sum_test.ts::adds', 'sum_test.ts::group > inner "æ"'] },
  'playwright-1.65.xml': {
    runner: 'junit',
    counts: [1, 2, 1],
    failing: ['tests/sum.spec.js::sum > adds', 'tests/sum.spec.js::sum > inner "æ" > raises'],
  },
  'surefire-3.2.xml': {
    runner: 'junit',
    counts: [1, 3, 1],
    failing: [
      'src/test/java/shop/CartTest.java::CartTest > adds',
      'src/test/java/shop/CartTest.java::CartTest > raises',
      'src/test/java/shop/CartTest.java::CartTest$Inner > deep',
    ],
  },
  'trx-17.8.trx': { runner: 'dotnet', counts: [1, 1, 1], failing: ['tests/CartTests.cs::Shop.Tests.CartTests > AddsPrices'] },
  'ctrf-0.0.json': { runner: 'ctrf', counts: [1, 1, 1], failing: ['::cart > adds'] },
  'unittest-3.11.log': {
    runner: 'unittest',
    counts: [2, 2, 1],
    failing: ['test_sum.py::TestSum > test_adds', 'test_größe.py::TestGröße > test_zählt'],
  },
  'vitest-4.1.log': {
    runner: 'vitest',
    counts: [2, 3, 1],
    failing: ['test/sum.test.js::adds', 'test/größe 测试.test.js::zählt "æ" › 數 🙂', 'test/broken.test.js::<file>'],
  },
};
