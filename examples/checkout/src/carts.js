function fail(status, message) {
  throw Object.assign(new Error(message), { status });
}

export class CartStore {
  #carts = new Map();
  #catalog;

  constructor(catalog) {
    this.#catalog = catalog;
  }

  open() {
    const cart = { id: String(this.#carts.size + 1), items: [] };
    this.#carts.set(cart.id, cart);
    return cart;
  }

  get(id) {
    return this.#carts.get(id) ?? fail(404, `no cart ${id}`);
  }

  add(id, sku, quantity) {
    const cart = this.get(id);
    const product = this.#catalog.get(sku) ?? fail(404, `no product ${sku}`);
    if (!Number.isInteger(quantity) || quantity < 1) fail(400, 'quantity must be a whole number from 1');
    const known = cart.items.find((item) => item.sku === sku);
    if (known) known.quantity += quantity;
    else cart.items.push({ sku, quantity, product });
    return cart;
  }
}
