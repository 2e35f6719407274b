/** Prices in cents. A tier gives the price of each piece from a quantity on. */
export const CATALOG = new Map([
  [
    'pen',
    {
      name: 'Pen',
      tiers: [
        { from: 1, price: 120 },
        { from: 10, price: 100 },
        { from: 100, price: 80 },
      ],
    },
  ],
  [
    'pad',
    {
      name: 'Writing pad',
      tiers: [
        { from: 1, price: 350 },
        { from: 5, price: 300 },
      ],
    },
  ],
  ['lamp', { name: 'Desk lamp', tiers: [{ from: 1, price: 4900 }] }],
]);
