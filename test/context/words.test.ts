import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashWord, listWords, makeWordList, splitWords } from '../../src/context/index/tokenize.ts';

const hashesOf = (text: string) => {
  const bytes = Buffer.from(text);
  const list = listWords(bytes, bytes.length, makeWordList());
  return [...list.hashes.subarray(0, list.length)];
};

test('identifiers are split at case, underscore and digits stay', () => {
  expect(splitWords('getHTTPServer2 snake_case $scope tokens class')).toEqual([
    'get',
    'http',
    'server2',
    'gethttpserver2',
    'snake',
    'case',
    'snakecase',
    'scope',
    'token',
    'class',
  ]);
});

test('the bytes of the index and the strings of the query give the same words', () => {
  const identifier = fc.stringMatching(/^[a-zA-Z_$][a-zA-Z0-9_$]{0,30}$/);
  fc.assert(
    fc.property(fc.array(identifier, { maxLength: 8 }), (names) => {
      const text = names.join(' ');
      expect(hashesOf(text).sort()).toEqual(splitWords(text).map(hashWord).sort());
    }),
  );
});

test('any bytes are read without an error and within bounds', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const list = listWords(bytes, bytes.length, makeWordList());
      expect(list.length).toBeLessThanOrEqual(bytes.length + 8);
    }),
  );
});

test('a defined name weighs more than a used one, a Go method too', () => {
  const weight = (text: string, word: string) => {
    const bytes = Buffer.from(text);
    const list = listWords(bytes, bytes.length, makeWordList());
    return list.weights[list.hashes.indexOf(hashWord(word))];
  };
  expect(weight('function parse() {}', 'parse')).toBeGreaterThan(weight('x = parse()', 'parse') ?? 0);
  expect(weight('func (r *Reader) Value() int {', 'value')).toBeGreaterThan(1);
});
