describe('group', () => { before(() => { throw new Error('no database'); }); it('one', () => {}); describe('inner', () => { it('two', () => {}); }); });
it('holds', () => {});
