const { test } = require('node:test');
require('./missing-file.js');
test('never seen', () => {});
