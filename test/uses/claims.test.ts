import { expect, test } from 'vitest';
import { checkCitations } from '../../src/asking/cite.ts';
import { judge } from '../../src/glm/wire/outcome.ts';
import { sarifOf } from '../../src/report/ci/sarif.ts';
import { readFindings } from '../../src/reviewing/findings.ts';
import { neutral } from '../../src/testing/neutral.ts';
import { weaknesses } from '../../src/testing/weaknesses.ts';
import { checkPlaces } from '../../src/uses/cause-place.ts';

const file = 'one\ntotal()\nthree\nfour\n';
const read = (path: string) => (path === 'src/a.js' || path === 'src/b.js' ? file : undefined);

test.each([
  ['`total` is called in src/a.js:2.', true, 'stands there'],
  ['`total` is called in src/a.js:3.', false, 'stands at line 2'],
  ['It begins at src/a.js:1.', false, 'nothing was checked'],
  ['total() is called in src/a.js:3.', false, 'stands at line 2'],
  ['Começa em src/a.js:1.\n\n## Fontes\nsrc/a.js:1 | one', true, 'quoted stands there'],
  ['Burada: src/a.js:3.\n\n**Kaynaklar**\n- `src/a.js:3` | one', false, 'stands at line 1'],
  ['从 src/a.js:1 开始。\n\n来源：\n```\nsrc/a.js:1 | one\n```', true, 'quoted stands there'],
  ['It begins at src/a.js:1.\n\n## Sources\nsrc/a.js:1 | one', true, 'quoted stands there'],
  ['It begins at src/a.js:1.\n\n## Sources\nsrc/a.js:1 | on e', false, 'nowhere'],
  ['It begins at src/b.js:1.\n\n## Sources\nsrc/b.js:1 | one', false, 'not sent'],
  ['It ends at src/a.js:4.\n\n## Sources\nsrc/a.js:4 | four', false, 'not sent'],
  ['It begins at src/a.js:1.\n\n## Sources\nsrc/a.js:1 | one\nsrc/a.js:1 | two', false, 'nowhere'],
  ['`total` is on line 3 of `src/a.js`.', false, 'stands at line 2'],
  ['`total` is in src/a.js (L3).', false, 'stands at line 2'],
  ['`total` is in /etc/passwd:3.', false, 'no such text file'],
  ['See https://forge.example/some/shop/blob/main/src/a.js#L99.', false, 'has 4 lines'],
  ['See `total` in [the code](https://forge.example/some/shop/-/blob/v1.2/src/a.js#L2).', true, 'stands there'],
])('of a place, only what was sent and is shown holds: %s', (answer, holds, why) => {
  const sent = (path: string, _from: number, to: number) => path === 'src/a.js' && to < 4;
  const [citation] = checkCitations(answer, read, ['src/a.js', 'src/b.js'], sent).citations;
  expect(citation).toMatchObject({ holds, why: expect.stringContaining(why) });
});

test.each([
  ['Goods may be returned for 30 days (terms.md:3).', true],
  ['Goods may be returned for 30 days (terms.md:4).', false],
  ['The customer pays (terms.md:3).', false],
])('prose that is not quoted holds where its words stand and nowhere else: %s', (answer, holds) => {
  const terms = '# Terms\n\nAll goods may be returned within 30 days.\nThe customer pays for returned goods.\n';
  expect(checkCitations(answer, () => terms).citations[0]).toMatchObject({ holds, checked: holds });
});

test.each([
  [
    'app/(shop)/[id]/page.tsx',
    [
      'app/(shop)/[id]/page.tsx:1',
      '`app/(shop)/[id]/page.tsx`, line 1',
      '**app/(shop)/[id]/page.tsx**:1',
      '[the page](app/(shop)/%5Bid%5D/page.tsx#L1)',
    ],
  ],
  [
    'docs/My File, 100% #1.md',
    ['"docs/My File, 100% #1.md":1', '[it](docs/My%20File%2C%20100%25%20%231.md#L1)', 'docs/My File, 100% #1.md (line 1)'],
  ],
  [
    'src/my_long_name.ts',
    ['src\\my_long_name.ts:1', 'src/my\\_long\\_name.ts:1', 'src/my_long_name.ts (lines 1-1)', './src/my_long_name.ts#L1'],
  ],
  ["it's a test.js", ["it's a test.js:1", "`it's a test.js:1`", "it's a test.js, line 1"]],
])('a file is cited in every form that models write: %s', (path, forms) => {
  for (const form of forms)
    expect(
      checkCitations(`It begins in ${form}.`, (one) => (one === path ? file : undefined), [path, 'src/other.ts']).citations,
    ).toMatchObject([{ path, startLine: 1 }]);
});

test('of a list of lines each is a place, and a quote of one sign checks nothing', () => {
  const { text, citations } = checkCitations('`total` is in src/a.js:2, 3 and 99. After src/a.js:4, 30 days pass.', read, ['src/a.js']);
  expect(citations.map(({ startLine, holds }) => [startLine, holds])).toEqual([
    [2, true],
    [3, false],
    [99, false],
    [4, false],
  ]);
  expect(text).toContain('src/a.js:99 [does not hold: the file has 4 lines]');
  const [bracket] = checkCitations('It ends in a.js:2.\n\n## Sources\na.js:2 | }', () => 'a\n}\n').citations;
  expect(bracket).toMatchObject({ holds: false, checked: false });
});

const lease = '[page 1]\nThe rent is 900 euros.\n[page 2]\nPets are allowed with consent.\n';
const leasePage = (path: string, line: number) => (path === 'lease.pdf' ? (line < 3 ? 1 : 2) : undefined);

test.each([
  ['Pets are allowed with consent (lease.pdf, page 2).', true, ''],
  ['Pets are allowed with consent (page 2 of lease.pdf).', true, ''],
  ['Pets are allowed with consent (lease.pdf, p. 1).', false, ''],
  ['Pets are allowed, see lease.pdf (page 7).', false, 'has 2 pages'],
  ['Pets are allowed with consent (lease.pdf:4 (page 1)).', false, 'on page 2'],
  ['Pets are allowed with consent (lease.pdf:4 (page 2)).', true, ''],
])('a page of a document is a place: %s', (answer, holds, why) => {
  const { citations, text } = checkCitations(
    answer,
    (path) => (path === 'lease.pdf' ? lease : undefined),
    ['lease.pdf'],
    undefined,
    leasePage,
  );
  expect(citations).toMatchObject([{ path: 'lease.pdf', holds, why: expect.stringContaining(why) }]);
  expect(text.includes('does not hold') || text.includes('not checked')).toBe(!holds);
});

test('words behind what is no file are no place', () => {
  expect(checkCitations('As in Node.js, line 5 of the log, or v1.2 (line 3).', read, ['src/a.js']).citations).toEqual([]);
});

const said = (where: string) => `## Finding\nSeverity: major\nWhere: ${where}\nWhy: wrong\n`;
const diff = new Map([
  ['src/new.js', { changed: new Set([4]), removed: new Set([3]), from: 'src/old.js', last: { changed: 9, removed: 8 } }],
  ['src/a#b.js', { changed: new Set([1]), removed: new Set<number>(), last: { changed: 2, removed: 0 } }],
]);

test.each([
  ['src/old.js:3 (old)', { path: 'src/new.js', startLine: 3, side: 'old' }],
  ['src/old.js:4', { path: 'src/new.js', startLine: 4, endLine: 4 }],
  ['src/new.js:4-4000', { path: 'src/new.js', startLine: 4, endLine: 9 }],
  ['src/a#b.js:1', { path: 'src/a#b.js', startLine: 1 }],
  ['src/a#b.js#L1', { path: 'src/a#b.js', startLine: 1 }],
])('a finding at %s lies where the file is now', (where, placed) => {
  expect(readFindings(said(where), diff).findings[0]).toMatchObject(placed);
});

test('every rule of SARIF says what it is, and a finding keeps its mark when it moves', () => {
  const finding = { severity: 'major', path: 'a.js', startLine: 3, endLine: 3, why: 'At line 3 the bound is wrong.' } as const;
  const [run] = sarifOf({ findings: [finding, { ...finding, startLine: 8, endLine: 8, why: 'At line 8 the bound is wrong.' }] }).runs;
  for (const rule of run?.tool.driver.rules ?? [])
    expect([rule.fullDescription.text, rule.help.text].every((text) => text.length > 20)).toBe(true);
  const marks = run?.results.map(({ partialFingerprints }) => Object.values(partialFingerprints)[0]);
  expect(marks?.[0]).toMatch(/^[0-9a-f]{32}$/);
  expect(marks?.[1]).toBe(marks?.[0]);
});

const entry = { path: 'src/lib/a.js', startLine: 1, endLine: 20, form: 'whole', reason: '', tokens: 1, sha256: '' } as const;
const manifest = {
  version: 1 as const,
  tokens: 1,
  budgetTokens: 1,
  bundle: '',
  redactions: 0,
  entries: [entry],
  leftOut: [],
  leftOutCount: 0,
};

test.each([
  ['lib/a.js', 5, '', undefined],
  ['src/lib/a.js', 99, '', 'has 20 lines'],
  ['src/lib/a.js', 5, 'It goes on in src/lib/a.js:19-40.', 'a.js:19-40, and the file has 20 lines'],
  ['src/lib/a.js', 5, 'It is called in src/ghost.js:3.', 'src/ghost.js, which was not sent'],
  ['src/lib/a.js', 5, 'The stack names node_modules/x/y.js:7, and it was 12:30 at 127.0.0.1:80.', undefined],
  ['src/z.js', 1, '', 'was not sent'],
  ['src/lib/a.js', 0, '', 'a.js:0, and these are no lines'],
  ['src/lib/a.js', 5, 'It goes on in src/lib/a.js:9-3.', 'a.js:9-3, and these are no lines'],
  [undefined, undefined, 'Something is wrong.', 'names no place'],
])('each place of a root cause is looked up in what was sent: %s:%s %s', (named, startLine, why, problem) => {
  const said = { summary: 's', why, ...(named && { file: named }), ...(startLine !== undefined && { startLine }) };
  const { cause, problems } = checkPlaces(said, { manifest, text: 'at node_modules/x/y.js:7:1' });
  if (named?.endsWith('lib/a.js')) expect(cause.file).toBe('src/lib/a.js');
  expect(problems).toHaveLength(problem === undefined ? 0 : 1);
  if (problem !== undefined) expect(problems[0]).toContain(problem);
  if (named !== undefined) expect(`${cause.summary}${cause.why}`.includes('does not hold')).toBe(problem !== undefined);
});

const body = (text: string) =>
  ({
    text,
    form: 'stream',
    finish: 'stop',
    ended: true,
    broken: false,
    toolCalls: false,
    reasoningChars: 0,
    usage: { inputTokens: 1, outputTokens: 1, cachedTokens: 0 },
    model: 'm',
    error: undefined,
  }) as const;
const english = 'The bound of the loop is wrong, so that the last item is counted twice and the sum comes out too large. '.repeat(3);
const hant = '迴圈的邊界錯了，最後一項被計算了兩次，因此總和過大。'.repeat(8);
const hans = '循环的边界错了，最后一项被计算了两次，因此总和过大。这个问题应该这样解决。'.repeat(8);
const japanese = 'ループの境界が間違っているため、最後の項目が二度数えられ、合計が大きくなりすぎます。'.repeat(8);
const russian =
  'Граница цикла неверна, поэтому последний элемент считается дважды, и сумма выходит слишком большой, чего быть не должно. '.repeat(3);
const polish =
  'Granica pętli jest błędna, więc ostatni element liczy się dwa razy, a suma wychodzi za duża dla wszystkich klientów. '.repeat(4);
const german = 'Die Grenze der Schleife ist falsch, und das letzte Stück wird zweimal gezählt, so dass die Summe nicht stimmt. '.repeat(3);

test.each([
  ['ko', english, 1],
  ['ru', english, 1],
  ['de', english, 1],
  ['tr', english, 1],
  ['en', english, 0],
  ['de', german, 0],
  ['en', german, 1],
  ['pt', german, 1],
  ['pt', 'O limite do laço está errado, e por isso o último item é contado duas vezes e a soma não é a que se espera. '.repeat(3), 0],
  ['es', 'El límite del bucle no es correcto, y por eso la última parte se cuenta dos veces y la suma es mayor. '.repeat(3), 0],
  ['fr', 'La borne de la boucle est fausse, et le dernier élément est compté deux fois dans la somme, qui ne va pas. '.repeat(3), 0],
  [
    'tr',
    'Bu döngünün sınırı yanlış ve son öğe iki kez sayılıyor, bu da toplam için doğru değil, çünkü bir öğe fazla olan bir sonuç çıkıyor. '.repeat(
      3,
    ),
    0,
  ],
  ['ko', '반복문의 경계가 잘못되어 마지막 항목이 두 번 계산됩니다. 그래서 합계가 너무 큽니다. '.repeat(6), 0],
  ['zh-Hant', hant, 0],
  ['zh-Hans', hans, 0],
  ['zh', hans, 0],
  ['zh-TW', hant, 0],
  ['zh-TW', hans, 1],
  ['zh-Hans', hant, 1],
  ['zh-Hans', japanese, 1],
  ['ja', japanese, 0],
  ['ja', hans, 1],
  ['ru', russian, 0],
  ['uk', russian, 1],
  ['en', russian, 1],
  ['sr-Latn', english, 1],
  ['pl', english, 1],
  ['vi', english, 1],
  ['sv', german, 1],
  ['en', polish, 1],
  ['pl', polish, 0],
  ['bn', english, 1],
  ['xx-nothing-known', english, 0],
])('a reply in another language than %s is said to be one', (language, text, warnings) => {
  expect(judge({ ...body(text) }, true, language)).toMatchObject({ outcome: 'complete', warnings: { length: warnings } });
});

const today = new Date('2031-05-06T07:00:00Z');

test.each([
  ["test('x', () => { total([1]); });", 'assert nothing'],
  ["assert.equal = () => {};\ntest('x', () => assert.equal(total([1]), 2));", 'replace what assertions do'],
  ["test('x', () => assert.equal(day(), '2031-05-06'));", 'day of today'],
  ["test('x', () => expect(total).toBeDefined());", 'only that something is there'],
  ["test('x', () => assert.strictEqual(typeof total([]), 'number'));", 'only that something is there'],
  ["test('x', () => assert.doesNotThrow(() => total([])));", 'only that something is there'],
  ["test('x', () => assert.notStrictEqual(total([]), undefined));", 'only that something is there'],
  ['def test_x():\n    assert isinstance(total(1), int)', 'only that something is there'],
  ['def test_x():\n    assert total(1) is not None', 'only that something is there'],
  ['const begun = Date.now();\ntotal([1]);\nassert.ok(Date.now() - begun < 50);', 'how long something takes'],
  ['def test_x():\n    begun = time.time()\n    total(1)\n    took = time.time() - begun\n    assert took < 1', 'how long something takes'],
  ['assert.strictEqual(age(1990), new Date().getFullYear() - 1990);', 'by the clock of now'],
  ['jest.useFakeTimers();\nassert.strictEqual(age(1990), new Date().getFullYear() - 1990);', undefined],
  ['assert.strictEqual(label(), os.hostname());', 'on this machine'],
  ['assert.ok(total([Math.random()]) <= 1);', 'draw lots'],
  ['random.seed(1)\nassert total([random.random()]) == 0.13', undefined],
  ["await fetch('https://example.org/');\nassert.equal(total([1]), 1);", 'ask the network'],
  ["const answer = await fetch('http://127.0.0.1:8080/');\nassert.equal(await answer.text(), '1');", undefined],
  ["if (total([1]) !== 1) throw new Error('not 1');", undefined],
  ["test('x', () => expect(total([1])).toBe(1));", undefined],
  ['def test_x():\n    assert total(1) == 1', undefined],
])('a test that shows little is named: %s', (after, why) => {
  const [flag] = weaknesses([{ path: 'a.test.js', before: null, after }], { mutants: 2, killed: 2, asserted: 1, today });
  if (why === undefined) expect(flag).toBeUndefined();
  else expect(flag?.message).toContain(why);
});

test.each([
  [2, 1, 0, 1],
  [2, 2, 0, 1],
  [1, 1, 0, 0],
  [2, 1, 1, 0],
])(
  'tests whose assertions notice none of what errors show are named: %i mutants, %i killed, %i asserted',
  (mutants, killed, asserted, flags) => {
    const after = "test('x', () => { total([1]); assert.strictEqual(1, 1); });";
    expect(weaknesses([{ path: 'a.test.js', before: null, after }], { mutants, killed, asserted, today })).toHaveLength(flags);
  },
);

test.each([
  ['a.js', 'const a = b < 3;', 'const a  =  b  <  3;'],
  ['a.js', "const a = b + ' < ';", "const a  =  b + ' < ';"],
  ['a.js', 'const a = /x + y/;', 'const a = /x + y/;'],
  ['a.js', "if (a < 0) throw new E('x - y') - 1;", "if (a  <  0) throw new E('x - y')  -  1;"],
  ['a.js', 'return a - (a * b) / 100;', 'return a  -  (a  *  b)  /  100;'],
  ['a.js', 'const a = `\nx < y\n`;\na = 1;', 'const a = `\nx < y\n`;\na  =  1;'],
  ['a.py', 'def f():\n    """\n    x = 1\n    """\n    return a and b', 'def f():\n    """\n    x = 1\n    """\n    return a  and  b'],
  ['a.rb', 'a = 1', 'a = 1'],
])('what is neutral changes no string: %s %s', (path, text, wide) => {
  expect(neutral(path, text)?.startsWith(`${wide}\n`)).toBe(true);
});
