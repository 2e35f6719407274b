require('./missing-file.js');
test('never seen', () => {});
