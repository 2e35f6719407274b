import { afterAll, expect, test } from 'vitest';
import { findBwrap } from '../../src/safety/sandbox/bubblewrap.ts';
import { play } from '../jobs/world.ts';
import { good, shop } from '../proof/checkout.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

/** Fails in the first run and in no other, by a file that git does not know. */
const flakyTest = `import test from 'node:test';
import { existsSync, writeFileSync } from 'node:fs';
const mark = new URL('./seen.tmp', import.meta.url);
test('comes and goes', () => {
  if (existsSync(mark)) return;
  writeFileSync(mark, '');
  throw new Error('the first run');
});
`;

/** The shop alone, or as one of two packages. */
function layOut(monorepo: boolean, flaky: boolean): Record<string, string> {
  const files = {
    ...shop,
    ...(flaky && { 'src/price.js': shop['src/price.js'].replace('let i = 1', 'let i = 0'), 'test/flaky.test.js': flakyTest }),
  };
  const ignore = { '.gitignore': '*.tmp\n' };
  if (!monorepo) return { ...files, ...ignore };
  const inside = Object.fromEntries(Object.entries(files).map(([path, text]) => [`packages/shop/${path}`, text]));
  return {
    ...inside,
    ...ignore,
    'package.json': '{"name":"all","private":true,"workspaces":["packages/*"]}\n',
    'packages/other/package.json': '{"name":"other","type":"module","scripts":{"test":"node --test"}}\n',
    'packages/other/other.test.js': "import test from 'node:test';\ntest('holds', () => {});\n",
  };
}

const both = [false, true];
const cases = both.flatMap((monorepo) =>
  both.flatMap((flaky) => both.flatMap((capped) => ['auto', 'off'].map((sandbox) => ({ monorepo, flaky, capped, sandbox })))),
);

test.each(cases)('monorepo $monorepo, flaky $flaky, capped $capped, sandbox $sandbox', async ({ monorepo, flaky, capped, sandbox }) => {
  const root = await makeRepo(own.home, `r-${monorepo}-${flaky}-${capped}-${sandbox}`, layOut(monorepo, flaky));
  const reply = monorepo ? good.replaceAll('src/price.js', 'packages/shop/src/price.js') : good;
  const { run, asked } = play(own, [reply]);
  const report = await run('fix', root, { sandbox, attempts: 1, ...(capped && { max_cost: 0.0000001 }) });
  expect(report.status).toBe(flaky ? 'flaky' : capped ? 'over_cap' : 'verified');
  expect(asked).toHaveLength(report.status === 'verified' ? 1 : 0);
  if (report.status === 'verified') expect(report.proof?.sandbox).toBe(sandbox === 'auto' && findBwrap() ? 'bubblewrap' : 'none');
});
