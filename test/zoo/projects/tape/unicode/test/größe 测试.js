const test = require('tape');
test('zählt "æ" › 數 🙂', (t) => { t.equal('é', 'è'); t.end(); });
