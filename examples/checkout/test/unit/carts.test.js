import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CartStore } from '../../src/carts.js';
import { CATALOG } from '../../src/catalog.js';

test('adds up the quantity of one product', () => {
  const carts = new CartStore(CATALOG);
  const { id } = carts.open();
  carts.add(id, 'pen', 2);
  assert.equal(carts.add(id, 'pen', 3).items[0].quantity, 5);
});

test('refuses half a piece', () => {
  const carts = new CartStore(CATALOG);
  assert.throws(() => carts.add(carts.open().id, 'pen', 0.5), { status: 400 });
});
