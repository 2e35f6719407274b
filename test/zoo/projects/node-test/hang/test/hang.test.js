require('node:test').test('never ends', () => { for (;;); });
