import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPlace } from '../../src/repo/root.ts';
import { takeUp } from '../../src/uses/find.ts';
import { firstSteady } from '../../src/uses/steady.ts';
import { doors, lay } from '../suite/world.ts';

const marks = mkdtempSync(join(tmpdir(), 'marks-'));

/** Red the first time and green from then on. */
const once = `const { test } = require('node:test');
const { existsSync, writeFileSync } = require('node:fs');
test('once', () => {
  if (existsSync(${JSON.stringify(join(marks, 'ran'))})) return;
  writeFileSync(${JSON.stringify(join(marks, 'ran'))}, '');
  throw new Error('reset');
});
`;

test('a failure that does not stay is passed over, aloud, and the next is taken up', async () => {
  const root = lay({
    'package.json': JSON.stringify({ scripts: { test: 'node --test' } }),
    'a.test.js': once,
    'b.test.js':
      "const { test } = require('node:test');\nrequire('node:assert');\ntest('stays', () => { throw new Error('no discount'); });\n",
  });
  const deps = doors();
  const { found } = await takeUp('fix', await openPlace({ root }, deps), {}, deps);
  if (!found) throw new Error('nothing is red');
  expect(found.failure.name).toBe('once');
  const steady = await firstSteady(found, false, deps);
  expect(steady.found).toMatchObject({ failure: { name: 'stays' }, suite: { cwd: '' } });
  expect(steady.found.groups.map(({ first }) => first.name)).toEqual(['stays', 'once']);
  expect(steady.flake.verdict).toBe('deterministic');
  expect(steady.passedOver).toEqual([expect.stringMatching(/^once is flaky and was passed over: /)]);
  rmSync(marks, { recursive: true });
});
