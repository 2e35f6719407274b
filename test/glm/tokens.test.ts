import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { countTokens as countCl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, it } from 'vitest';
import { boundTokens } from '../../src/glm/money/bound.ts';
import { countTokens } from '../../src/tokens/tokens.ts';

const lines = (count: number, line: (at: number) => string) => Array.from({ length: count }, (_, at) => line(at)).join('\n');

const texts: Readonly<Record<string, string>> = {
  code: readFileSync(new URL('../../src/process/run.ts', import.meta.url), 'utf8'),
  prose: readFileSync(new URL('../../LICENSE', import.meta.url), 'utf8'),
  JSON: readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8').slice(0, 60_000),
  Chinese: lines(200, (at) => `第${at}个测试失败,因为总价没有考虑数量;请修复订单模块中的计算逻辑。`),
  Japanese: lines(200, (at) => `テスト${at}は合計金額が数量を考慮しないため失敗します。`),
  digits: lines(300, (at) => `${at * 7919},${at * 104729},0.${at * 1299709}`),
  symbols: lines(200, () => '=> {}[]();;!==&&||??...<<>>//**++--'),
  minified: readFileSync(new URL('../../src/process/run.ts', import.meta.url), 'utf8').replace(/\s*\n\s*/g, ''),
  base64: readFileSync(new URL('../../package-lock.json', import.meta.url))
    .subarray(0, 20_000)
    .toString('base64'),
  hex: readFileSync(new URL('../../LICENSE', import.meta.url)).toString('hex'),
  Korean: lines(200, (at) => `테스트 ${at}은 수량을 고려하지 않아 실패합니다. 주문 모듈을 수정하세요.`),
  Arabic: lines(200, (at) => `يفشل الاختبار ${at} لأن الحساب لا يأخذ الكمية في الاعتبار.`),
  blanks: lines(200, (at) => `${' '.repeat(at % 40)}x${'\t'.repeat(at % 7)}\r\n\n`),
  emoji: lines(100, () => '🦊🚀✅❌🧪 done'),
};

describe.each(Object.entries(texts))('%s', (_, text) => {
  it('is bounded from above for every tokenizer at hand', () => {
    const bound = boundTokens(text);
    for (const count of [countTokens(text), countO200k(text), digitsApart(text)]) expect(bound).toBeGreaterThanOrEqual(count);
    expect(bound).toBeLessThanOrEqual(Buffer.byteLength(text));
  });
});

it('bounds any text for every tokenizer at hand', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom('    ', '\n\n', '0x1f', '漢字', 'العربية', '한국어', '🦊', '<|endoftext|>', 'function ', '/*', '\u200d', 'é'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = Buffer.from(pieces.join('')).toString();
      const bound = boundTokens(text);
      for (const count of [countTokens(text), countO200k(text, { disallowedSpecial: new Set() }), digitsApart(text)])
        expect(bound).toBeGreaterThanOrEqual(count);
    }),
    { numRuns: 100 },
  );
});

it.each(Object.entries(texts))('counts %s as the reference does', (_, text) => {
  expect(countTokens(text)).toBe(countCl100k(text));
});

it('counts any text as the reference does', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
    fc.constantFrom(
      "'s",
      "it'LL",
      "''re",
      ' ',
      '  ',
      '\n',
      '\r\n',
      '\t',
      '123',
      '4567',
      '\v',
      '\u0000',
      '\u00a0',
      'é',
      '漢字',
      ' .',
      '!!\n',
      '\ud800',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('');
      expect(countTokens(text)).toBe(countCl100k(text, { disallowedSpecial: new Set() }));
    }),
    { numRuns: 300 },
  );
});

it.each(['code', 'prose', 'JSON', 'minified'])('counts %s within 15 %% of the next tokenizer', (name) => {
  const text = texts[name] ?? '';
  expect(Math.abs(countTokens(text) / countO200k(text) - 1)).toBeLessThan(0.15);
});

/** A stricter relative: every digit is a token of its own. */
function digitsApart(text: string): number {
  return countTokens(text.replace(/\d+/g, '')) + (text.match(/\d/g)?.length ?? 0);
}

it('counts special marks as plain text', () => {
  expect(countTokens('<|endoftext|>')).toBeGreaterThan(1);
});

it.each(['a', '漢', ' ', '=', 'ab '])('counts 200 kB of %j in linear time', (piece) => {
  expect(countTokens(piece.repeat(200_000 / piece.length))).toBeGreaterThan(1_000);
});
