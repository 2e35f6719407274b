const { test, describe, it } = require('node:test');
test('adds', () => {});
describe('group', () => it('nests', () => {}));
