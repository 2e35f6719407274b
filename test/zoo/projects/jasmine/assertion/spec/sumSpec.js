describe('sum', () => {
  it('adds', () => { expect(1 + 1).toBe(3); });
  it('holds', () => {});
});
