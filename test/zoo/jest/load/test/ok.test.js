test('holds', () => {});
