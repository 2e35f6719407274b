require('./missing-file.js');
it('never seen', () => {});
