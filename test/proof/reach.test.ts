import { expect, test } from 'vitest';
import { reachFlags } from '../../src/proof/reach/reach.ts';

const tree: Readonly<Record<string, string>> = {
  'src/price.js': "exports.total = require('./rate').rate;\n",
  'src/rate.js': 'exports.rate = 2;\n',
  'test/price.test.js': "const { total } = require('../src/price');\n",
};
const flagsOf = (path: string, after: string) =>
  reachFlags([{ path, before: null, after, from: undefined }], {
    paths: Object.keys(tree),
    read: (one) => tree[one],
    isTest: (one) => one.startsWith('test/'),
    suites: [],
    failures: [],
  }).map(({ flag, message }) => `${flag}: ${message}`);

test.each(['src/price', 'src/rate'])('a new file that a name without an ending finds first stands before the module: %s', (path) => {
  expect(flagsOf(path, 'exports.total = 3;\n')).toEqual([`shadows: the new file stands before ${path}.js`]);
});

test.each(['LICENSE', 'bin/price'])('others do not: %s', (path) => {
  expect(flagsOf(path, 'text\n').filter((flag) => flag.startsWith('shadows'))).toEqual([]);
});
