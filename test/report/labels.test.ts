import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { labelsFor, turnAround } from '../../src/report/labels.ts';

const english = labelsFor('en');

describe('labels', () => {
  test.each(
    readdirSync(join(import.meta.dirname, '../../src/report/labels'))
      .filter((name) => name !== 'en.json')
      .map((name) => name.replace('.json', '')),
  )('%s has every label in its own script', (tag) => {
    const code = new Intl.Locale(tag).maximize().script ?? '';
    const script = new RegExp(`\\p{Script=${{ Kore: 'Hangul', Hans: 'Han', Hant: 'Han' }[code] ?? code}}`, 'u');
    const labels = labelsFor(tag);
    expect(Object.keys(labels)).toEqual(Object.keys(english));
    for (const [name, label] of Object.entries(labels)) {
      expect(label, name).toMatch(script);
      expect(label, name).not.toMatch(/[`#|<>\n]/);
    }
    expect(Object.values(labels).filter((label, index) => label === Object.values(english)[index])).toEqual([]);
  });

  test.each([
    ['ko-KR', 'ko'],
    ['zh-TW', 'zh-Hant'],
    ['zh-HK', 'zh-Hant'],
    ['pt-BR', 'pt'],
    ['AR', 'ar'],
    ['de-AT', 'de'],
    ['nl', 'en'],
    ['zh-CN', 'zh-Hans'],
    ['zh', 'zh-Hans'],
    ['not a tag', 'en'],
    ['', 'en'],
  ])('%s takes those of %s', (tag, same) => expect(labelsFor(tag)).toBe(labelsFor(same)));
});

describe('right to left', () => {
  const text = '# تقرير\n- الملف `src/a.ts:3` هنا ``a `b` c``\n\n```diff\n- const a = `x`;\n```\n1. نص';
  test('marks lines and isolates code, but not what is fenced', () => {
    expect(turnAround(text, 'ar')).toBe(
      '# \u200Fتقرير\n- \u200Fالملف \u2066`src/a.ts:3`\u2069 هنا \u2066``a `b` c``\u2069\n\n```diff\n- const a = `x`;\n```\n1. \u200Fنص',
    );
  });
  test('leaves other languages alone', () => {
    expect(turnAround(text, 'ko')).toBe(text);
    expect(turnAround(text, undefined)).toBe(text);
  });
});
