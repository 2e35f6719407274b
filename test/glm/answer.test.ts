import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readAnswer } from '../../src/glm/prompts/answer.ts';
import { hasToolMarkup, visibleText } from '../../src/glm/prompts/markup.ts';
import { goodReply } from './world.ts';

const block = 'src/price.ts\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE';

describe('root cause', () => {
  const forms: Readonly<Record<string, string>> = {
    'the agreed form': `## Root cause\nWhere: src/price.ts:12-14\nThe count is ignored.\n\n## Edits\n${block}`,
    'bold headings': `**Root Cause**\n\n**Where:** \`src/price.ts:12-14\`\n\nThe count is ignored.\n\n**Edits**\n\n${block}`,
    'numbered headings': `### 1. Root cause:\n- Where: src/price.ts:12–14\n\nThe count is ignored.\n### 2. Patch\n${block}`,
    'GitHub lines': `# Root-Cause\nLocation: src/price.ts#L12-L14\nThe count is ignored.\n# Fix\n${block}`,
    'words for lines': `## Root cause\nWhere: src/price.ts:lines 12-14\nThe count is ignored.\n## Changes\n${block}`,
    'one fence around all': `\`\`\`markdown\n## Root cause\nWhere: src/price.ts:12-14\nThe count is ignored.\n\n## Edits\n${block}\n\`\`\``,
    'thoughts before': `<think>\n## Root cause\nWhere: src/other.ts:1\nWrong.\n</think>\n## Root cause\nWhere: ./src/price.ts:12-14\nThe count is ignored.\n## Edits\n${block}`,
    CRLF: `## Root cause\r\nWhere: src/price.ts:12-14\r\nThe count is ignored.\r\n\r\n## Edits\r\n${block}`,
    'no headings': `The count is ignored. See src/price.ts:12-14\n\n${block}`,
  };
  it.each(Object.entries(forms))('is read from %s', (_, text) => {
    const { rootCause, editsText } = readAnswer(text);
    expect(rootCause).toMatchObject({ file: 'src/price.ts', startLine: 12, endLine: 14, summary: 'The count is ignored.' });
    expect(editsText).toContain(block);
    expect(editsText).not.toContain('Wrong.');
  });

  it('keeps the whole explanation and names no place that was not given', () => {
    expect(readAnswer('## Root cause\nTwo things go wrong. First this.\n\nThen that.').rootCause).toEqual({
      summary: 'Two things go wrong.',
      why: 'Two things go wrong. First this.\n\nThen that.',
    });
  });

  it('is absent when nothing is said', () => {
    expect(readAnswer('').rootCause).toBeUndefined();
    expect(readAnswer('NEED src/a.ts').rootCause).toBeUndefined();
    expect(readAnswer(block).rootCause).toBeUndefined();
  });
});

describe('edits', () => {
  it('do not hold code that the root cause quotes', () => {
    const quote = '```diff\n-a\n+b\n```';
    const { editsText } = readAnswer(`## Root cause\nWhere: a.ts:1\nLike so:\n${quote}\n## Edits\n${block}`);
    expect(editsText).not.toContain('+b');
  });

  it('are found above the heading when nothing stands below it', () => {
    expect(readAnswer(`${block}\n\n## Edits\nSee above.`).editsText).toContain(block);
  });

  it('keep a closing think tag that is code', () => {
    const code = 'src/a.ts\n<<<<<<< SEARCH\nsplit("</think>")\n=======\nsplit("</think>", 2)\n>>>>>>> REPLACE';
    expect(readAnswer(`## Root cause\nx\n## Edits\n${code}`).editsText).toContain(code);
  });
});

describe('needs', () => {
  it('are read in any dress, once each, and not from code', () => {
    const text = 'NEED src/a.ts\n- NEED `src/b.ts:1-20`\nNEED: src/a.ts\n```\nNEED src/c.ts\n```\nI NEED coffee now';
    expect(readAnswer(text).needs).toEqual(['src/a.ts', 'src/b.ts:1-20']);
  });
});

describe('markup', () => {
  it('tells a leaked tool call from code and prose about it', () => {
    expect(hasToolMarkup('<tool_call>read\n<arg_key>p</arg_key>')).toBe(true);
    expect(hasToolMarkup('ok</arg_value>')).toBe(true);
    expect(hasToolMarkup('The parser drops `<tool_call>` marks.')).toBe(false);
    expect(hasToolMarkup('```\n<tool_call>x</tool_call>\n```')).toBe(false);
    expect(hasToolMarkup(goodReply)).toBe(false);
  });

  it('leaves nothing of thoughts that never end', () => {
    expect(visibleText('<think>\nmaybe')).toBe('');
  });

  it('leaves out the marks that end a turn, and flags those within', () => {
    expect(visibleText(`${goodReply}<|user|>\n<|endoftext|>\n`).trimEnd()).toBe(goodReply.trimEnd());
    expect(hasToolMarkup('Done.\n<|observation|>\n{"ok": 1}')).toBe(true);
  });
});

it('reads anything without throwing', () => {
  const part = fc.constantFrom(
    '## Root cause\n',
    'Where: a.ts:1-2\n',
    '```',
    '\n',
    '<<<<<<< SEARCH\n',
    '=======\n',
    '>>>>>>> REPLACE\n',
    '<think>',
    '</think>',
    'NEED x\n',
    '`',
    '~~~\n',
    'a: ',
    '漢',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 40 }), (parts) => {
      const { editsText, needs } = readAnswer(parts.join(''));
      expect(typeof editsText).toBe('string');
      expect(new Set(needs).size).toBe(needs.length);
    }),
    { numRuns: 500 },
  );
});

it.each(['`', '```\n', '<<<<<<< SEARCH\n', '<think>', '## Root cause\n', 'where: a', 'a.b:1 ', '~~~~ x\n', ' ', '<|user|>'])(
  'stays linear on 400 kB of %j',
  (piece) => {
    readAnswer(piece.repeat(400_000 / piece.length));
  },
);

test.each([
  ['## Causa raiz\nOnde: src/a.js:3-4\nO total ignora a quantidade. Mais.\n\n## Edições', 'O total ignora a quantidade.'],
  ['**Kök neden**\nNerede: `src/a.js:3-4`\nToplam adedi yok sayar. Evet.\n\n## Düzenlemeler', 'Toplam adedi yok sayar.'],
  ['## 根本原因\n位置：src/a.js:3-4\n总数忽略了数量。还有。\n\n## 修改', '总数忽略了数量。'],
  ['## 근본 원인\n위치: src/a.js:3-4\n합계가 수량을 무시한다. 예.\n\n## 수정', '합계가 수량을 무시한다.'],
  ['## السبب الجذري\nالموقع: src/a.js:3-4\nيتجاهل المجموع الكمية. نعم.\n\n## التعديلات', 'يتجاهل المجموع الكمية.'],
])('headings in another language are no part of the root cause: %s', (above, summary) => {
  const { rootCause, editsText } = readAnswer(`${above}\nsrc/a.js\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n`);
  expect(rootCause).toMatchObject({ summary, file: 'src/a.js', startLine: 3, endLine: 4 });
  expect(rootCause?.why).not.toMatch(/^#|\*\*|a\.js/);
  expect(editsText).toContain('SEARCH');
});
