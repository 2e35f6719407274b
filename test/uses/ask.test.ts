import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ask } from '../../src/ask.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { Report } from '../../src/schema/report.ts';
import { checkCitations } from '../../src/stages/cite.ts';
import { ground, shop } from './ground.ts';

const at = ground();

const answer = `A parcel may come back within 30 days [docs/returns.md:3]. The sum is made by \`total\` (src/price.js:1-5).
The tax is in src/tax.js:4, the discount in src/price.js:700, and \`discount\` is defined in src/price.js:2.

## Sources
docs/returns.md:3 | Goods may be returned within 30 days.
src/price.js:1 | export function total(items) {
docs/returns.md:5 | Goods may be returned within 30 days.
docs/rates.csv:2 | DE,7
`;

test('an answer comes with its price, its manifest and its citations, those that do not hold marked and named', async () => {
  const root = await at.repo('asked', shop);
  const { deps, asked, kept } = at.world([answer]);
  const report = Report.parse(await ask({ root, question: 'How long may goods be returned, and who sums up the price?' }, deps));
  expect(report.status).toBe('answered');
  const held = (report.citations ?? []).map(({ path, startLine, holds }) => `${path}:${startLine} ${holds}`);
  expect(held).toEqual([
    'docs/returns.md:3 true',
    'src/price.js:1 true',
    'src/tax.js:4 false',
    'src/price.js:700 false',
    'src/price.js:2 false',
    'docs/returns.md:5 false',
    'docs/rates.csv:2 false',
  ]);
  expect(report.citations?.find(({ startLine }) => startLine === 5)?.why).toContain('line 3');
  expect(report.answer).toContain('src/tax.js:4 [does not hold: there is no such text file]');
  expect(report.answer).not.toContain('## Sources');
  expect(report.warnings.filter((one) => one.startsWith('citation '))).toHaveLength(5);
  expect(toMarkdown(report)).toContain('**does not hold** `src/price.js:700`');
  expect(report.costUsd).toBe(0.001);
  expect(report.estimate?.usd.high).toBeGreaterThan(0);
  const paths = report.manifest?.entries.map(({ path }) => path);
  for (const path of ['docs/returns.md', 'docs/rates.csv', 'src/price.js']) expect(paths).toContain(path);
  expect(asked[0]?.messages[1]?.content).toContain('3| Goods may be returned within 30 days.');
  expect(kept[0]).toContain('3| Goods may be returned');
});

test('without a key it says so with the price, over the cap nothing is sent, and secrets never leave', async () => {
  const secret = ['sk', 'live', 'Zx81Kq0pTf93Lm2Wd7Rb'].join('_');
  const root = await at.repo('capped', { ...shop, 'src/key.js': `export const token = '${secret}';\n` });
  const { deps, asked } = at.world(['src/key.js:1 holds it.']);
  const none = await ask({ root, question: 'Where is the token?' }, { ...deps, ask: undefined });
  expect(none).toMatchObject({ status: 'needs_key', estimate: { variant: 'glm-4.7' } });
  const capped = await ask({ root, question: 'Where is the token?', max_cost: 0.000001 }, deps);
  expect(capped.status).toBe('over_cap');
  expect(asked).toHaveLength(0);
  await ask({ root, question: `Where is the token ${secret}?` }, deps);
  expect(JSON.stringify(asked)).toContain('export const token');
  expect(JSON.stringify(asked)).not.toContain(secret);
});

test('files, globs, piped text and plain chat narrow what is read; an empty reply is no answer', async () => {
  const root = await at.repo('narrow', { ...shop, 'docs/terms.pdf': '%PDF' });
  const { deps, asked } = at.world(['Nothing.', 'Nothing.', 'Nothing.', { outcome: 'empty' }]);
  const globbed = await ask({ root, question: 'What is the price?', glob: ['docs/**'] }, deps);
  const content = (index: number) => asked[index]?.messages.map((one) => one.content).join('\n') ?? '';
  expect(content(0)).not.toContain('export function discount');
  expect(globbed.warnings.join('\n')).toMatch(/pdftotext[\s\S]*cites nothing/);
  await ask({ root, question: 'What is it?', files: ['src/cart.js'], text: 'piped words' }, deps);
  expect(content(1)).toContain('1| piped words');
  expect(content(1)).toContain('checkout(items');
  expect(content(1)).not.toContain('Goods may');
  await ask({ root, question: 'Say hello.', chat: true }, deps);
  expect(asked[2]?.messages).toHaveLength(2);
  expect(content(2)).not.toContain('shop');
  expect((await ask({ root, question: 'And?' }, deps)).status).toBe('no_answer');
  await expect(ask({ root, question: 'What?', files: ['../x'] }, deps)).rejects.toThrow('not a text file');
});

test('a small folder of documents is sent whole, without git and whatever the question says', async () => {
  const root = at.folder('papers', { 'a.md': '# Terms\n\nGoods may be returned.\n', 'b/c.txt': 'nine o clock\n' });
  const { deps, asked } = at.world(['It is at b/c.txt:1.']);
  const report = await ask({ root, question: 'Qu?' }, deps);
  expect(report.citations).toMatchObject([{ path: 'b/c.txt', holds: true }]);
  expect(asked[0]?.messages[1]?.content).toContain('1| nine o clock');
});

test('no answer breaks the check, and no text without places gets a citation', () => {
  const read = (path: string) => (path === 'a.ts' ? 'one\n\nthree\n' : undefined);
  fc.assert(
    fc.property(fc.string(), fc.nat(9), (noise, line) => {
      const { citations } = checkCitations(`${noise} a.ts:${line} ${noise}`, read);
      for (const one of citations)
        if (one.path === 'a.ts' && one.holds) expect([1, 3]).toContain(one.startLine === one.endLine ? one.startLine : 1);
    }),
  );
  expect(checkCitations('At 10:30 on localhost:8080, see https://example.org/a.ts:1 or v1.2:3.', read).citations).toEqual([]);
});
