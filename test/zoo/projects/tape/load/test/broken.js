const test = require('tape');
require('./missing-file.js');
test('never seen', (t) => t.end());
