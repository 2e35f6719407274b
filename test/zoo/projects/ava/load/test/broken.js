import test from 'ava';
import './missing-file.js';
test('never seen', (t) => t.pass());
