import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lay, look } from '../suite/world.ts';

test('where vitest does not load our reporter, its own report is read', async () => {
  const root = lay({
    'package.json': '{"scripts":{"test":"vitest run"}}',
    'vitest.config.mjs':
      "export default { plugins: [{ name: 'strict', enforce: 'pre', resolveId(id) { if (id.includes('run-results')) throw new Error(id + ' is outside of the project'); } }] };\n",
    'a.test.js':
      "import { describe, expect, it } from 'vitest';\ndescribe('sums', () => { it('adds', () => expect(1 + 1).toBe(3)); it('holds', () => {}); });\n",
  });
  symlinkSync(join(import.meta.dirname, '../../node_modules'), join(root, 'node_modules'));
  const { run } = await look(root);
  expect(run).toMatchObject({ outcome: 'red', passed: 1, failed: 1, note: 'It did not load our reporter, so its own report is read.' });
  expect(run.failures).toMatchObject([{ id: 'a.test.js::sums > adds', kind: 'assertion' }]);
});
