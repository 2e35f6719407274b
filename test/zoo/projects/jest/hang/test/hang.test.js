test('never ends', () => { for (;;); });
