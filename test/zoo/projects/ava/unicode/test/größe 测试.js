import test from 'ava';
test('zählt "æ" › 數 🙂', (t) => t.is('é', 'è'));
