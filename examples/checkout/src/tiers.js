/** The price of one piece when `quantity` are bought. Tiers are sorted by `from`, the first starts at 1. */
export function unitPrice(tiers, quantity) {
  let price = tiers[0].price;
  for (const tier of tiers) {
    if (quantity > tier.from) price = tier.price;
  }
  return price;
}
