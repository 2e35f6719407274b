import { expect, test } from 'vitest';
import { readReport } from '../../../../src/suite/reports/reports.ts';

test('a spec that RSpec cannot load is named with its place', async () => {
  const text =
    "\nAn error occurred while loading ./spec/cart_spec.rb. - Did you mean?\n\nFailure/Error: require_relative './gone'\n\nLoadError:\n  cannot load such file\n# ./spec/cart_spec.rb:3:in `require_relative'\n";
  const report = JSON.stringify({ messages: [text], examples: [], summary: { errors_outside_of_examples_count: 1 } });
  const run = await readReport('auto', [report], { root: '/', relate: (path) => path.replace('./', ''), name: 'r' });
  expect(run).toMatchObject({
    outcome: 'red',
    failures: [{ id: 'spec/cart_spec.rb::<file>', kind: 'load', frames: [{ file: 'spec/cart_spec.rb', line: 3 }] }],
  });
  expect(run?.failures[0]?.message).toMatch(/^Failure\/Error: require_relative[\s\S]*cannot load such file$/);
});
