test('adds', () => {});
describe('group', () => { it('nests', () => {}); });
