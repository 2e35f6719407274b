import type { Use } from '../rank/uses.ts';
import { type Block, type Count, fileBlock, fileOverhead, mergeParts, partOverhead, type Read } from './blocks.ts';
import { headParts } from './heads.ts';
import type { Part } from './render.ts';

/** A test file up to this size is seen whole: its cuts would cost as much. */
const wholeTokens = 400;

/** The failing tests and what they use of test code, each use in its turn while there is room, with the imports that they need. */
export function testBlocks(uses: readonly Use[], read: Read, budget: number, count: Count): Block[] {
  const parts = new Map<string, Part[]>();
  const texts = new Map<string, readonly string[]>();
  let left = budget;
  for (const { path, startLine, endLine, reason } of uses) {
    const lines = texts.get(path) ?? read(path)?.split('\n');
    if (!lines) continue;
    texts.set(path, lines);
    const own = parts.get(path) ?? [];
    const missing = own.some((part) => part.startLine <= startLine && endLine <= part.endLine) ? undefined : { startLine, endLine, reason };
    if (!missing) continue;
    const joints = own.length === 0 ? fileOverhead : partOverhead;
    let last = endLine;
    while (last > startLine && count(lines.slice(startLine - 1, last).join('\n')) + joints > left && own.length === 0 && parts.size === 0)
      last = startLine + Math.floor((last - startLine) * 0.8);
    const cost = count(lines.slice(startLine - 1, last).join('\n')) + joints;
    if (cost > left) continue;
    left -= cost;
    parts.set(path, mergeParts([...own, { ...missing, endLine: last }]));
  }
  return [...parts].flatMap(([path, own]) => {
    const lines = texts.get(path) ?? [];
    const reason = own[0]?.reason ?? 'the failing test';
    const whole = fileBlock(path, lines, [{ startLine: 1, endLine: lines.length }], reason, count, []);
    if (whole.tokens <= wholeTokens && whole.tokens <= left) return [whole];
    const bare = fileBlock(path, lines, own, reason, count, []);
    const full = fileBlock(path, lines, mergeParts([...headParts(path, lines, own), ...own]), reason, count, []);
    const extra = full.tokens - bare.tokens;
    if (extra > left) return [bare];
    left -= extra;
    return [full];
  });
}
