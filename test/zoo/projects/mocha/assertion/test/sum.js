const assert = require('node:assert');
describe('sum', () => {
  it('adds', () => { assert.strictEqual(1 + 1, 3); });
  it('holds', () => {});
});
