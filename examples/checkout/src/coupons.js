const COUPONS = new Map([
  ['SPRING10', { percent: 10, minimum: 0 }],
  ['BULK20', { percent: 20, minimum: 10_000 }],
]);

/** Cents to take off. Unknown coupons and sums below the minimum take off nothing. */
export function couponDiscount(code, subtotal) {
  const coupon = code ? COUPONS.get(code.toUpperCase()) : undefined;
  if (!coupon || subtotal < coupon.minimum) return 0;
  return Math.round((subtotal * coupon.percent) / 100);
}
