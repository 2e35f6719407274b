test('holds', () => {});
test.skip('waits', () => {});
