import { couponDiscount } from './coupons.js';
import { unitPrice } from './tiers.js';

/** Prices a cart in cents: lines at their bulk price, then the coupon on the sum. */
export function priceCart(cart, coupon) {
  const lines = cart.items.map(({ sku, quantity, product }) => {
    const each = unitPrice(product.tiers, quantity);
    return { sku, quantity, each, sum: each * quantity };
  });
  const subtotal = lines.reduce((sum, line) => sum + line.sum, 0);
  const discount = couponDiscount(coupon, subtotal);
  return { lines, subtotal, discount, total: subtotal - discount };
}
