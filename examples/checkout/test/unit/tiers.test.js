import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unitPrice } from '../../src/tiers.js';

const tiers = [
  { from: 1, price: 120 },
  { from: 10, price: 100 },
  { from: 100, price: 80 },
];

test('a single piece costs the first price', () => assert.equal(unitPrice(tiers, 1), 120));
test('a dozen costs the second price', () => assert.equal(unitPrice(tiers, 12), 100));
test('five hundred cost the last price', () => assert.equal(unitPrice(tiers, 500), 80));
