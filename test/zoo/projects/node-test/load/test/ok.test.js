require('node:test').test('holds', () => {});
