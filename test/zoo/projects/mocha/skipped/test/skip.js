it('holds', () => {});
it.skip('waits', () => {});
