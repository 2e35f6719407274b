import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { createService } from '../../src/server.js';

describe('checkout over HTTP', () => {
  const service = createService();
  let base;

  before(async () => {
    await once(service.listen(0, '127.0.0.1'), 'listening');
    base = `http://127.0.0.1:${service.address().port}`;
  });
  after(() => service.close());

  const post = async (path, body) => (await fetch(base + path, { method: 'POST', body: JSON.stringify(body ?? {}) })).json();
  const total = async (id, query = '') => (await fetch(`${base}/carts/${id}/total${query}`)).json();

  test('prices a small cart', async () => {
    const { id } = await post('/carts');
    await post(`/carts/${id}/items`, { sku: 'lamp', quantity: 1 });
    await post(`/carts/${id}/items`, { sku: 'pen', quantity: 2 });
    assert.equal((await total(id)).total, 5140);
  });

  test('gives the bulk price from the tenth pen on', async () => {
    const { id } = await post('/carts');
    await post(`/carts/${id}/items`, { sku: 'pen', quantity: 4 });
    await post(`/carts/${id}/items`, { sku: 'pen', quantity: 6 });
    assert.equal((await total(id, '?coupon=SPRING10')).total, 900);
  });
});
