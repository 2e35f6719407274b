import { expect, test } from 'vitest';
import { importedPaths } from '../../src/jobs/imported.ts';

test.each([
  ['test/a.test.js', "import { key } from '../src/settings.js';", 'src/settings.js'],
  ['test/a.test.ts', "import { key } from '../src/settings.js';", 'src/settings.ts'],
  ['test/a.test.js', "const { key } = require('../lib');", 'lib/index.js'],
  ['test/a.test.js', "const settings = await import('./settings');", 'test/settings.ts'],
  ['tests/test_a.py', 'from shop.settings import KEY', 'shop/settings.py'],
  ['tests/test_a.py', 'from shop import settings', 'src/shop/settings.py'],
  ['tests/unit/test_a.py', 'from ..helpers import key', 'tests/helpers.py'],
  ['tests/test_a.py', 'import shop.settings', 'shop/settings.py'],
])('%s: %s', (path, text, wanted) => {
  expect(importedPaths(path, text)).toContain(wanted);
});

test('packages, and text that imports nothing, name no file', () => {
  expect(importedPaths('test/a.test.js', "import fs from 'node:fs';\nconst from = './a';")).toEqual([]);
});
