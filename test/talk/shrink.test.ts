import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Deps } from '../../src/schema/deps.ts';
import type { Report } from '../../src/schema/report.ts';
import { ask } from '../../src/uses/ask.ts';
import { diagnose } from '../../src/uses/diagnose.ts';
import { review } from '../../src/uses/review.ts';
import { write } from '../repo/fixture.ts';
import { ground, shop } from '../uses/ground.ts';

const at = ground();
const sums = Array.from(
  { length: 12 },
  (_, at) => `export function total${at}(price, count) {\n  const sum = price * count + ${at};\n  return sum;\n}\n`,
);
const long = Object.fromEntries(
  Array.from({ length: 6 }, (_, at) => [`src/sums${at}.js`, sums.join('\n').replaceAll('total', `price${at}total`)]),
);
const files = { ...shop, ...long };
const junit = `<testsuite name="s" tests="1" failures="1"><testcase classname="price" name="total adds" file="test/price.test.js">
<failure message="expected 6 to be 7">AssertionError: expected 6 to be 7
    at total (src/price.js:4:3)
    at price0total0 (src/sums0.js:2:3)
    at test/price.test.js:5:40</failure></testcase></testsuite>`;

/** Each use over the same repository, and a reply that answers it. */
const uses: Readonly<Record<string, { good: string; use: (root: string, deps: Deps) => Promise<Report>; said: string }>> = {
  ask: {
    good: 'It is in src/price.js:1.',
    said: 'answered',
    use: (root, deps) => ask({ root, question: 'Where is the price total summed?' }, deps),
  },
  'ask in parts': {
    good: 'src/sums0.js:1 | a sum',
    said: 'answered',
    use: (root, deps) =>
      ask({ root, question: 'What is summed?', text: 'A sum of prices is made of counts.\n'.repeat(350), budget: 4000, max_cost: 9 }, deps),
  },
  review: {
    good: '## Finding\nSeverity: minor\nWhere: src/price.js:2\nWhy: It counts from one.\n',
    said: 'reviewed',
    use: (root, deps) => {
      write(root, { 'src/price.js': shop['src/price.js'].replace('let sum = 0', 'let sum = 1') });
      return review({ root, sandbox: 'off' }, deps);
    },
  },
  diagnose: {
    good: '## Root cause\nsrc/price.js:2\nThe sum begins wrongly.\n\n## Edits\n',
    said: 'diagnosed',
    use: (root, deps) => {
      write(root, { 'out.xml': junit });
      return diagnose({ root, report: join(root, 'out.xml'), sandbox: 'off' }, deps);
    },
  },
};

test.each(Object.entries(uses))(
  '%s: too long for the model is sent again smaller, listed and said, and ends where it gets no smaller',
  async (name, { good, use, said }) => {
    const root = await at.repo(name.replaceAll(' ', '-'), files);
    const tooLong = { outcome: 'context_exceeded' as const, warnings: ['HTTP 400 [1261]'] };
    const { deps, asked } = at.world([tooLong, ...Array.from({ length: 40 }, () => good)]);
    const report = await use(root, deps);
    expect(report.status).toBe(said);
    const size = (index: number) => asked[index]?.messages.map(({ content }) => content).join('').length ?? 0;
    expect(size(1)).toBeLessThan(size(0) * 0.9);
    expect(report.warnings.join('\n')).toContain('too long for the model');
    expect(report.manifest?.entries.some(({ round }) => round === 2)).toBe(true);

    const never = at.world(Array.from({ length: 40 }, () => tooLong));
    const ended = await use(root, never.deps);
    expect(ended).toMatchObject({ status: 'no_answer', next: [expect.stringContaining('budget')] });
    expect(ended.summary).toContain('The request was too long for the model; HTTP 400 [1261].');
    const sizes = never.asked.map(({ messages }) => messages.map(({ content }) => content).join('').length);
    expect(sizes.length).toBeLessThanOrEqual(4);
    for (const [index, bytes] of sizes.entries()) expect(bytes).toBeLessThan(sizes[index - 1] ?? Number.POSITIVE_INFINITY);
  },
);
