import { existsSync, readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { seedGoCache } from '../../src/cache/go-build.ts';
import { makeHome, write } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

test('what Go used lately is copied once; what is old and what is no entry is left', async () => {
  const from = join(own.home, 'users');
  const into = join(own.home, 'ours');
  write(from, { '00/aa-d': 'built', '00/bb-a': 'old', 'ff/cc-d': 'built too', README: 'x', 'trim.txt': '1' });
  utimesSync(join(from, '00/bb-a'), new Date('2001-01-01'), new Date('2001-01-01'));
  const seed = () => seedGoCache(into, { GOCACHE: from }, Date.now());
  await seed();
  expect(readdirSync(join(into, '00'))).toEqual(['aa-d']);
  expect(readdirSync(join(into, 'ff'))).toEqual(['cc-d']);
  expect(existsSync(join(into, 'README'))).toBe(false);
  write(from, { '00/dd-d': 'later' });
  await seed();
  expect(readdirSync(join(into, '00'))).toEqual(['aa-d']);
});
