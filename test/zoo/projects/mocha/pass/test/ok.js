describe('group', () => {
  it('adds', () => {});
  it('nests', () => {});
});
