import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Deps } from '../../src/schema/deps.ts';
import type { Reply } from '../../src/schema/model.ts';
import { depsOf, scripted } from '../proof/checkout.ts';
import { makeHome, makeRepo, write } from '../repo/fixture.ts';

/** A folder for repositories that is gone when the file's tests are done, and deps whose model says what it is told to. */
export function ground() {
  const own = makeHome();
  afterAll(own.remove);
  return {
    home: own.home,
    repo: (name: string, files: Readonly<Record<string, string>>) => makeRepo(own.home, name, files),
    folder: (name: string, files: Readonly<Record<string, string>>) => {
      const root = join(own.home, name);
      mkdirSync(root);
      write(root, files);
      return root;
    },
    world: (replies: readonly (string | Partial<Reply>)[]) => {
      const { ask, asked } = scripted(replies);
      const kept: string[] = [];
      const deps: Deps = {
        ...depsOf(own),
        ask,
        keep: (name, content) => {
          kept.push(content);
          return Promise.resolve(name);
        },
      };
      return { deps, asked, kept };
    },
  };
}

/** A little shop that has no fault. */
export const shop = {
  'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}\n',
  'src/price.js': `export function total(items) {
  let sum = 0;
  for (const item of items) sum += item.price * item.count;
  return sum;
}

export function discount(sum, percent) {
  if (percent < 0 || percent > 100) throw new RangeError('percent');
  return sum - (sum * percent) / 100;
}
`,
  'src/cart.js': `import { discount, total } from './price.js';

export function checkout(items, percent) {
  return discount(total(items), percent);
}
`,
  'docs/returns.md': `# Returns

Goods may be returned within 30 days.

The customer pays for the parcel.
`,
  'docs/rates.csv': 'country,rate\nDE,19\nFR,20\n',
  'test/price.test.js': `import test from 'node:test';
import assert from 'node:assert';
import { total } from '../src/price.js';

test('total adds', () => assert.strictEqual(total([{ price: 2, count: 3 }]), 6));
`,
};
