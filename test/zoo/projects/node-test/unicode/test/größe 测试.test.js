const assert = require('node:assert');
require('node:test').test('zählt "æ" › 數 🙂', () => assert.strictEqual('é', 'è'));
