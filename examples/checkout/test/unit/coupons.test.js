import assert from 'node:assert/strict';
import { test } from 'node:test';
import { couponDiscount } from '../../src/coupons.js';

test('takes ten percent off, rounded', () => assert.equal(couponDiscount('SPRING10', 1995), 200));
test('knows coupons in any case', () => assert.equal(couponDiscount('spring10', 1000), 100));
test('asks for the minimum', () => assert.equal(couponDiscount('BULK20', 9_999), 0));
test('ignores unknown coupons', () => assert.equal(couponDiscount('NOPE', 1000), 0));
