const { test } = require('tap');
test('zählt "æ" › 數 🙂', (t) => { t.equal('é', 'è'); t.end(); });
