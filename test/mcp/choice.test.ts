import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { tools } from '../../src/mcp/tools.ts';

const Asked = z.strictObject({ request: z.string().min(10), tool: z.string() });
const asked = readFileSync('evals/requests.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line) => Asked.parse(JSON.parse(line)));

/** Words that say nothing of what is wanted, as every search leaves them out. */
const empty = new Set(
  'a an and any are at be by do does for from has have how i if in is it its me my not of on or our so that the them then this to was what when which who why will with you your'.split(
    ' ',
  ),
);

/** The words that say something, without the endings in which a request and a description differ. */
const wordsOf = (text: string) =>
  (text.toLowerCase().match(/[a-z0-9]+/g) ?? [])
    .filter((word) => !empty.has(word))
    .map((word) => word.replace(/(?<=[a-z]{3})(?:ing|ed|es|s|e)$/, ''));

/**
 * The tools by BM25 over name and description, best first: the words alone, as clients search them that show a model only names
 * until it asks for more.
 */
function rank(request: string): readonly string[] {
  const pages = tools.map(({ name, description }) => ({ name, words: wordsOf(`${name} ${description}`) }));
  const mean = pages.reduce((sum, { words }) => sum + words.length, 0) / pages.length;
  const score = (words: readonly string[]) =>
    [...new Set(wordsOf(request))].reduce((sum, word) => {
      const having = pages.filter((page) => page.words.includes(word)).length;
      const times = words.filter((one) => one === word).length;
      const weight = Math.log(1 + (pages.length - having + 0.5) / (having + 0.5));
      return sum + (weight * times * 2.2) / (times + 1.2 * (0.25 + (0.75 * words.length) / mean));
    }, 0);
  const scored = pages.map(({ name, words }) => ({ name, score: score(words) }));
  return scored.sort((a, b) => b.score - a.score).map(({ name }) => name);
}

test('the thirty requests differ, and every tool is wanted by one', () => {
  const names = asked.map(({ tool }) => tool);
  expect([...new Set(names)].sort()).toEqual(tools.map(({ name }) => name).sort());
  expect(new Set(asked.map(({ request }) => request)).size).toBe(30);
});

test('the words of the descriptions alone decide for the right tool', () => {
  const missed = asked.flatMap(({ request, tool }) => {
    const [first, second] = rank(request);
    return first === tool ? [] : [`${request} → ${first}, ${second}, not ${tool}`];
  });
  expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(3);
});
