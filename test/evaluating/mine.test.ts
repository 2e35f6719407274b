import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { layBug, placeFor } from '../../src/evaluating/laying/lay.ts';
import { openStore } from '../../src/evaluating/laying/store.ts';
import { toBug } from '../../src/evaluating/mining/bugs.ts';
import { readCandidate } from '../../src/evaluating/mining/candidate.ts';
import { splitChanges } from '../../src/evaluating/mining/changes.ts';
import { mine } from '../../src/evaluating/mining/mine.ts';
import { git, makeHome, open } from '../repo/fixture.ts';
import { asking, makePast, mends, merge, module, right, suite, take } from './past.ts';

const own = makeHome();
afterAll(own.remove);

test('a history gives up its fixes: plain, merged as a branch, and with a renamed test; nothing later can be reached', async () => {
  const root = await makePast(own.home, 'mined', 4);
  const plain = await take(root, mends(3));
  await take(root, { say: 'docs: say more', files: { 'README.md': '# More\n' } });
  await take(root, { say: 'feat: fix the colour', files: { 'src/colour.js': 'export const colour = 1;\n' } });
  const merged = await merge(root, 'repair-four', 'Correct four', [
    { say: 'show it', files: { 'test/four.test.js': suite(4, asking(4)) } },
    { say: 'mend it', files: { 'src/four.js': module(4, right(4)) } },
  ]);
  const renamed = await take(root, {
    say: 'Five was wrong',
    move: { 'test/five.test.js': 'test/cinq.test.js' },
    files: { 'test/cinq.test.js': suite(5, asking(5)), 'src/five.js': module(5, right(5)) },
  });
  await take(root, {
    ...mends(6),
    say: 'fix: six, with a new package',
    files: { ...mends(6).files, 'package.json': '{"type":"module","dependencies":{"a":"1"},"scripts":{"test":"node --test"}}\n' },
  });
  const repository = await open(root);
  const { candidates, looked, refused } = await mine(repository);
  expect(candidates.map(({ sha }) => sha)).toEqual([renamed, merged, plain]);
  expect(candidates[1]?.subject).toBe('Correct four');
  expect(candidates[0]).toMatchObject({ tests: ['test/cinq.test.js'], sources: ['src/five.js'] });
  expect(candidates[0]?.testPart).toContain('test/five.test.js');
  expect([looked, refused]).toEqual([6, { no_test: 2, dependencies: 1 }]);

  const room = join(own.home, 'room');
  mkdirSync(room);
  const store = await openStore(
    repository,
    candidates.map(({ base }) => base),
    join(room, 'past'),
  );
  const later = (await git(root, 'rev-parse', 'HEAD')).trim();
  for (const [number, one] of candidates.entries()) {
    const bug = await toBug(repository, 'me/mined', one);
    const laid = await layBug(repository, bug, store, placeFor(room, number, 'mined'));
    const objects = await git(laid.path, 'cat-file', '--batch-all-objects', '--batch-check=%(objectname)');
    const fixed = (await git(root, 'rev-parse', `${one.sha}:${one.sources[0]}`)).trim();
    expect(objects).toContain(one.base);
    for (const hidden of [one.sha, fixed, later]) expect(objects).not.toContain(hidden);
    expect(await git(laid.path, 'status', '--porcelain')).toBe('');
    const source = join(laid.path, one.sources[0] ?? '');
    const before = readFileSync(source, 'utf8');
    await laid.fix(true);
    expect(readFileSync(source, 'utf8')).toBe(await git(root, 'show', `${one.sha}:${one.sources[0]}`));
    await laid.fix(false);
    expect(readFileSync(source, 'utf8')).toBe(before);
    await laid.remove();
  }
});

test('the log is read with renames, blanks and line breaks in names, and without a parent it is no change', () => {
  const head = (sha: string, parents: string, subject: string) =>
    `\x01${sha}\0${parents}\x002026-01-02T03:04:05+00:00\0${subject}\0body\n#1\0x\x02`;
  const log = `${head('a', 'b c', 'one')}\0\n1\t2\tsrc/a b.js\x003\t0\t\0old\nname.js\0new.js\0-\t-\tpic.png\0${head('b', '', 'root')}\0\n1\t0\tx\0`;
  expect(splitChanges(log)).toEqual([
    {
      sha: 'a',
      base: 'b',
      merge: true,
      date: '2026-01-02T03:04:05+00:00',
      subject: 'one',
      body: 'body\n#1',
      files: [
        { path: 'src/a b.js', added: 1, removed: 2 },
        { path: 'new.js', from: 'old\nname.js', added: 3, removed: 0 },
        { path: 'pic.png', added: 0, removed: 0 },
      ],
    },
  ]);
});

test.each<[string, string, readonly string[], string]>([
  ['fix: the sum', '', ['src/a.ts', 'src/a.test.ts'], 'says'],
  ['Handle empty input (#12)', '', ['pkg/a.go', 'pkg/a_test.go'], 'says'],
  ['Rework the parser', 'Closes #12', ['lib/a.py', 'tests/test_a.py'], 'says'],
  ['Rework the parser', '', ['lib/a.py', 'tests/test_a.py'], 'silent'],
  ['feat: add a way to fix things', '', ['lib/a.py', 'tests/test_a.py'], 'silent'],
  ['docs: fix a typo', '', ['lib/a.py', 'tests/test_a.py'], 'no_fix'],
  ['chore(release): 1.2', '', ['lib/a.py', 'tests/test_a.py'], 'no_fix'],
  ['fix: it', '', ['lib/a.py'], 'no_test'],
  ['fix: it', '', ['tests/test_a.py', 'README.md'], 'no_source'],
  ['fix: it', '', ['lib/a.py', 'tests/__snapshots__/a.snap', 'tests/helpers/b.py'], 'no_test'],
  ['fix: it', '', ['lib/a.js', 'test/a.js', 'yarn.lock'], 'dependencies'],
  ['fix: it', '', ['test/a.js', ...Array.from({ length: 7 }, (_, at) => `lib/${at}.js`)], 'too_large'],
])('%s (%s) with %j is %s', (subject, body, paths, expected) => {
  const files = paths.map((path) => ({ path, added: 5, removed: 1 }));
  const read = readCandidate({ sha: 'a', base: 'b', merge: false, date: '', subject, body, files });
  expect(typeof read === 'string' ? read : read.says ? 'says' : 'silent').toBe(expected);
});
