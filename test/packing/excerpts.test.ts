import { expect, test } from 'vitest';
import { excerpts } from '../../src/packing/excerpts.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';

const redactor = makeRedactor({ key: Buffer.alloc(32, 7), exact: [] });
const text = Array.from({ length: 120 }, (_, at) => `line ${at + 1}`).join('\n');
const read = (path: string) => (path === 'gone.ts' ? undefined : text);
const at = (file: string, line?: number, endLine?: number) => ({
  file,
  score: 1,
  evidence: ['x'],
  ...(line !== undefined && { name: `f${line}`, line, endLine: endLine ?? line }),
});

test('definitions come first, stretches that touch are one, and no line is shown twice', () => {
  const suspects = [at('a.ts'), at('b.ts'), at('gone.ts'), at('a.ts', 50, 60), at('a.ts', 58, 70), at('a.ts', 10, 12), at('a.ts', 14, 49)];
  const shown = excerpts(suspects, read, redactor, 8);
  expect(shown.map(({ path, startLine, text }) => [path, startLine, startLine + text.split('\n').length - 1])).toEqual([
    ['a.ts', 7, 73],
    ['b.ts', 1, 40],
  ]);
  expect(excerpts([at('a.ts', 5), at('a.ts', 50), at('a.ts', 90)], read, redactor, 2)).toHaveLength(2);
});
