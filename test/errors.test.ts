import { expect, test } from 'vitest';
import { asProblem, GlmError } from '../src/errors.ts';

test('a part of this package that is gone is told as such, and one of another package is not', () => {
  const gone = (from: string) =>
    Object.assign(new Error(`Cannot find module '${from}/fix.mjs' imported from ${from}/main.mjs`), { code: 'ERR_MODULE_NOT_FOUND' });
  const own = asProblem(new Error('no verb', { cause: gone(new URL('../src', import.meta.url).pathname) }));
  expect(own).toBeInstanceOf(GlmError);
  expect(own).toMatchObject({ code: 'config_invalid', message: expect.stringContaining('updated or removed') });
  const other = gone('/srv/shop');
  expect(asProblem(other)).toBe(other);
});
