import { createServer } from 'node:http';
import { CartStore } from './carts.js';
import { CATALOG } from './catalog.js';
import { readJson, sendJson } from './json.js';
import { priceCart } from './pricing.js';

export function createService(carts = new CartStore(CATALOG)) {
  return createServer(async (request, response) => {
    try {
      const { status, body } = await route(request, carts);
      sendJson(response, status, body);
    } catch (error) {
      sendJson(response, error.status ?? 500, { error: error.message });
    }
  });
}

async function route(request, carts) {
  const url = new URL(request.url, 'http://localhost');
  const [, collection, id, part] = url.pathname.split('/');
  if (collection !== 'carts') return { status: 404, body: { error: 'not found' } };
  if (request.method === 'POST' && !id) return { status: 201, body: carts.open() };
  if (request.method === 'POST' && part === 'items') {
    const { sku, quantity } = await readJson(request);
    return { status: 200, body: carts.add(id, sku, quantity) };
  }
  if (request.method === 'GET' && part === 'total') {
    return { status: 200, body: priceCart(carts.get(id), url.searchParams.get('coupon')) };
  }
  return { status: 404, body: { error: 'not found' } };
}
