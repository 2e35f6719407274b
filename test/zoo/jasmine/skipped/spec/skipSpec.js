it('holds', () => {});
xit('waits', () => {});
