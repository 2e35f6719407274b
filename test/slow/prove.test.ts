import { afterAll, expect, test } from 'vitest';
import { makeReceipt, readReceipt } from '../../src/proof/receipt.ts';
import { prove } from '../../src/uses/prove.ts';
import { depsOf, good, shop } from '../proof/checkout.ts';
import { makeHome, makeRepo, write } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
const deps = { ...depsOf(own), ask: undefined };
const price = shop['src/price.js'];
const mended = price.replace('let i = 1', 'let i = 0');
const diff = `--- a/src/price.js
+++ b/src/price.js
@@ -4,3 +4,3 @@
   let sum = 0;
-  for (let i = 1; i < items.length; i++) sum += items[i];
+  for (let i = 0; i < items.length; i++) sum += items[i];
   return sum;
`;

test('a diff and a whole answer are proven, with a receipt that is proven again on a clean checkout', async () => {
  const root = await makeRepo(own.home, 'shop', shop);
  const input = { root, sandbox: 'off' as const };
  const first = await prove({ ...input, patch: diff }, deps);
  expect(first).toMatchObject({ verb: 'prove', status: 'verified', proof: { grade: expect.stringMatching(/^(?:strong|thin)$/) } });
  expect(first.summary).toMatch(/^verified \((?:strong|thin): /);
  const receipt = readReceipt(JSON.stringify(makeReceipt(first)));
  write(root, { 'src/price.js': 'export const total = 1;\n' });
  const again = await prove({ ...input, patch: receipt.predicate.patch, clean: true }, deps);
  expect(again).toMatchObject({ status: 'verified', root, patch: { sha256: receipt.subject[0]?.digest.sha256 } });
  write(root, { 'src/price.js': price });
  await expect(prove({ ...input, patch: good.replace('let i = 1', 'let j = 1') }, deps)).rejects.toMatchObject({ code: 'bad_input' });
}, 600_000);

test('the uncommitted change itself is proven: red without it, green with it', async () => {
  const root = await makeRepo(own.home, 'mine', shop);
  write(root, { 'src/price.js': mended });
  const report = await prove({ root, worktree: true, sandbox: 'off' }, deps);
  expect(report).toMatchObject({ status: 'verified', root, patch: { files: [{ path: 'src/price.js', added: 1, removed: 1 }] } });
}, 600_000);
