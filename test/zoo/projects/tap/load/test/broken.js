const { test } = require('tap');
require('./missing-file.js');
test('never seen', (t) => t.end());
