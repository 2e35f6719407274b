const assert = require('node:assert');
it('zählt "æ" › 數 🙂', () => { assert.strictEqual('é', 'è'); });
