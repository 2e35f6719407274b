import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCitations } from '../../src/asking/cite.ts';
import { readable } from '../../src/context/scan/html.ts';
import { toMarkdown } from '../../src/report/markdown.ts';
import { Report } from '../../src/schema/report.ts';
import { ask } from '../../src/uses/ask.ts';
import { git, write } from '../repo/fixture.ts';
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

test('files that a merge left with both sides are named', async () => {
  const root = await at.repo('merging', shop);
  await git(root, 'checkout', '-q', '-b', 'other');
  write(root, { 'src/price.js': 'export const total = 1;\n' });
  await git(root, 'commit', '-qam', '1');
  await git(root, 'checkout', '-q', '-');
  write(root, { 'src/price.js': 'export const total = 2;\n' });
  await git(root, 'commit', '-qam', '2');
  await git(root, 'merge', '-q', 'other').catch(() => {});
  const report = await ask({ root, question: 'What does total do?' }, at.world([answer]).deps);
  expect(report.status).toBe('answered');
  expect(report.warnings).toContain('1 file is unmerged: src/price.js.');
});

test('files, globs, piped text and plain chat narrow what is read; an empty reply is no answer', async () => {
  const root = await at.repo('narrow', { ...shop, 'docs/terms.odt': 'PK' });
  const { deps, asked } = at.world(['Nothing.', 'Nothing.', 'Nothing.', { outcome: 'empty' }]);
  const globbed = await ask({ root, question: 'What is the price?', glob: ['docs/**'] }, deps);
  const content = (index: number) => asked[index]?.messages.map((one) => one.content).join('\n') ?? '';
  expect(content(0)).not.toContain('export function discount');
  expect(globbed.warnings.join('\n')).toMatch(/pandoc[\s\S]*cites nothing/);
  await ask({ root, question: 'What is it?', files: ['src/cart.js'], text: 'piped words' }, deps);
  expect(content(1)).toContain('1| piped words');
  expect(content(1)).toContain('checkout(items');
  expect(content(1)).not.toContain('Goods may');
  await ask({ root, question: 'Say hello.', chat: true }, deps);
  expect(asked[2]?.messages).toHaveLength(2);
  expect(content(2)).not.toContain('shop');
  expect((await ask({ root, question: 'And?' }, deps)).status).toBe('no_answer');
  await expect(ask({ root, question: 'What?', files: ['../x'] }, deps)).rejects.toThrow('not among the files of the root');
  await expect(ask({ root, question: 'What?', files: ['docs/terms.odt'] }, deps)).rejects.toThrow('has to become text');
  await expect(ask({ root, question: 'What?', glob: ['*.nothing'] }, deps)).rejects.toThrow('No file matches');
});

test('a small folder of documents is sent whole, without git and whatever the question says', async () => {
  const root = at.folder('papers', { 'a.md': '# Terms\n\nGoods may be returned.\n', 'b/c.txt': 'nine o clock\n' });
  const { deps, asked } = at.world(['It is at b/c.txt:1.\n\n## Sources\nb/c.txt:1 | nine o clock']);
  const report = await ask({ root, question: 'Qu?' }, deps);
  expect(report.citations).toMatchObject([{ path: 'b/c.txt', holds: true }]);
  expect(asked[0]?.messages[1]?.content).toContain('1| nine o clock');
});

test('what is too long for one request is read in parts: one sum before, every part on disk, citations checked at the end', async () => {
  const book = Array.from({ length: 900 }, (_, at) => `Clause ${at + 1}: the notice period is ${at % 7} months.`).join('\n');
  const root = at.folder('long', { 'book.md': book, 'small.txt': 'Nothing of it.\n' });
  const replies = ['book.md:3 says two months.', 'Nothing.', { outcome: 'length' as const }, 'book.md:850 says so.'];
  const { deps, asked, kept } = at.world([
    ...replies,
    'Two months (book.md:3), see book.md:9999.\n\n## Sources\nbook.md:3 | Clause 3: the notice period is 2 months.',
  ]);
  const input = { root, question: 'What is the notice period?', files: ['book.md', 'small.txt'], budget: 5_000 };
  const none = await ask(input, { ...deps, ask: undefined });
  const alone = await ask({ ...input, files: ['small.txt'] }, { ...deps, ask: undefined });
  expect(none.status).toBe('needs_key');
  expect(Number(none.estimate?.usd.high)).toBeGreaterThan(3 * Number(alone.estimate?.usd.high) * 0.5);
  expect((await ask({ ...input, max_cost: 0.05 }, deps)).status).toBe('over_cap');
  expect(asked).toHaveLength(0);
  const report = Report.parse(await ask(input, deps));
  const parts = asked.length - 1;
  expect(parts).toBe(4);
  expect(report).toMatchObject({
    status: 'answered',
    citations: [
      { startLine: 3, holds: true },
      { startLine: 9999, holds: false },
    ],
  });
  expect(report.attempts).toHaveLength(parts + 1);
  expect(report.warnings.join('\n')).toMatch(
    /part 3 of 4 \(book\.md:\d+-\d+\) is not in the answer: The answer was cut off at the token limit/,
  );
  const shown = asked
    .slice(0, parts)
    .map(({ messages }) => messages[1]?.content ?? '')
    .join('\n');
  for (const line of [1, 450, 900]) expect(shown.match(new RegExp(`^${line}\\| Clause ${line}:`, 'gm'))).toHaveLength(1);
  expect(asked.at(-1)?.messages[1]?.content).toContain('book.md:850 says so.');
  expect(kept).toContain('book.md:850 says so.');
  expect(report.manifest?.entries.at(-1)).toMatchObject({ path: 'small.txt', form: 'whole' });
  const many = await ask({ ...input, budget: 2_000 }, deps);
  expect(many).toMatchObject({ status: 'over_cap', summary: expect.stringContaining('nothing was sent') });
  expect(asked).toHaveLength(parts + 1);
});

test('documents with long lines and HTML are read as people read them, with the lines that they have', async () => {
  const page =
    '<!doctype html>\n<html><head><title>Terms</title><style>\n.a { color: red }\n</style></head>\n<body><p>Fish &amp; chips may be\n<b>returned</b> within <i>30</i> days.</p>\n<script>\nlet secret = "no";\n</script></body></html>\n';
  const root = at.folder('pages', { 'a.html': page, 'long.md': `${'A paragraph that goes on. '.repeat(300)}\n` });
  const { deps, asked } = at.world([
    'Within 30 days (a.html:6), and so on (long.md:1).\n\n## Sources\na.html:6 | returned within 30 days.',
  ]);
  const report = await ask({ root, question: 'When may it be returned?' }, deps);
  const content = asked[0]?.messages[1]?.content ?? '';
  expect(content).toContain('5| Fish & chips may be');
  expect(content).not.toContain('secret');
  expect(content).toContain('A paragraph that goes on.');
  expect(report.citations).toMatchObject([
    { path: 'a.html', holds: true },
    { path: 'long.md', holds: false, checked: false },
  ]);
});

test('HTML keeps its lines whatever it holds; templates and code stay as they are', () => {
  const pieces = [
    '<p>',
    '</p>',
    '<script>',
    '</script>',
    '<!--',
    '-->',
    'word word word word',
    '&amp;',
    '&#10;',
    '&#x110000;',
    '<',
    '>',
    '\n',
    '<svg/>',
    'a < b',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces)), (parts) => {
      const text = parts.join('');
      expect(readable('a.html', text).split('\n')).toHaveLength(text.split('\n').length);
    }),
  );
  expect(readable('a.html', '<p>Ten &lt; <b>eleven</b></p><script>x</script>')).toBe('Ten < eleven');
  for (const [path, text] of [
    ['a.html', '<p>{{ name }} and more</p>'],
    ['a.ts', '<p>words</p>'],
    ['a.html', `<script src="${'x'.repeat(200)}"></script>App`],
  ])
    expect(readable(path ?? '', text ?? '')).toBe(text);
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
  const texts = new Map([
    ['Terms of use.md', 'one\n'],
    ['verträge/miete.md', 'one\n'],
    ['合同.md', 'one\n'],
    ['src/deep/only.ts', 'one\n'],
    ['a/x.ts', ''],
    ['b/x.ts', ''],
  ]);
  const { citations } = checkCitations(
    'See Terms of use.md:1, verträge/miete.md:1 and verträge/kauf.md:1; 请看合同.md:1。参见only.ts:1, `only.ts:1` and x.ts:1, `only.ts`:1.\n\n## Sources\nTerms of use.md:1 | one\n`合同.md:1` | two\n',
    (path) => texts.get(path),
    [...texts.keys()],
  );
  expect(citations.map(({ path, startLine, holds, checked }) => `${path}:${startLine} ${holds || !checked}`)).toEqual([
    'Terms of use.md:1 true',
    'verträge/miete.md:1 true',
    'verträge/kauf.md:1 false',
    '合同.md:1 false',
    'src/deep/only.ts:1 true',
    'x.ts:1 false',
  ]);
  expect(checkCitations('At 10:30 on localhost:8080, see https://example.org/a.ts:1 or v1.2:3.', read).citations).toEqual([]);
});
