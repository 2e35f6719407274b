const test = require('tape');
test('never ends', () => { for (;;); });
