import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readList, readLogs } from '../../src/fleet/list.ts';
import { checkRepo } from '../../src/repo/clones/mirror.ts';
import { makeHome, makeRepo, write } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);
const deps = { ...own, signal: undefined, tell: () => {}, now: Date.now };

test('a list names folders and repositories; what is no row gets one sentence and stops no other', async () => {
  await makeRepo(own.home, 'shop', { 'a.txt': 'a' });
  const lines = [
    '\uFEFF{"root": "shop"}',
    '# a remark',
    '',
    '{"repo": "./shop", "ref": "main", "test": "adds"}',
    '{"root": "shop", "repo": "./shop"}',
    '{}',
    '{"root": "nowhere"}',
    '{"rooot": "shop"}',
    '{"root": 7}',
    '[1]',
    'no json',
    '{"repo": "https://me:secret@example.org/x.git"}',
    '{"repo": "ext::sh -c touch% x"}',
    '{"repo": "./shop", "ref": "--upload-pack=x"}',
    '{"root": "shop", "log": "missing.log"}',
    '{"root": "shop", "log": "a", "report": "b"}',
    '{"root": "shop", "ref": "main"}',
  ];
  write(own.home, { 'list.jsonl': lines.join('\r\n') });
  const { rows, bad } = await readList(join(own.home, 'list.jsonl'), deps);
  expect(rows.map(({ line, name, row }) => [line, name, row.root ?? row.repo])).toEqual([
    [1, 'shop', join(own.home, 'shop')],
    [4, 'shop@main adds', join(own.home, 'shop')],
  ]);
  expect(bad.map(({ line }) => line)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]);
  for (const { summary, status } of bad) {
    expect(status).toBe('bad_row');
    expect(summary).toMatch(/^[^\n]{5,200}\.$|^It is not JSON/);
    expect(summary).not.toContain('secret@');
  }
  expect(bad.map(({ summary }) => summary).join('\n')).toContain('"rooot"');
});

test('the key of a row changes with the files of its folder, and equal rows share it', async () => {
  const root = await makeRepo(own.home, 'keyed', { 'a.txt': 'a' });
  write(own.home, { 'keyed.jsonl': '{"root": "keyed"}\n{"root": "keyed"}\n' });
  const keys = async () => (await readList(join(own.home, 'keyed.jsonl'), deps)).rows.map(({ key }) => key);
  const [one, two] = await keys();
  expect(two).toBe(one);
  write(root, { 'a.txt': 'changed' });
  expect((await keys())[0]).not.toBe(one);
});

test('CI logs are rows of one repository; an empty list and a missing log are refused', async () => {
  const root = await makeRepo(own.home, 'logged', { 'a.txt': 'a' });
  write(own.home, { 'logs/b/1.log': 'x', 'logs/a.log': 'y', 'logs/.hidden/z': 'z', 'empty.jsonl': '\n# nothing\n' });
  const { rows } = await readLogs([join(own.home, 'logs')], root, deps);
  expect(rows.map(({ name }) => name)).toEqual(['logged a.log', 'logged 1.log']);
  await expect(readLogs([join(own.home, 'none')], root, deps)).rejects.toMatchObject({ code: 'bad_input' });
  await expect(readList(join(own.home, 'empty.jsonl'), deps)).rejects.toMatchObject({ code: 'bad_input' });
  await expect(readList(join(own.home, 'none.jsonl'), deps)).rejects.toMatchObject({ code: 'bad_input' });
});

test.each(['https://example.org/a/b.git', 'ssh://git@example.org/a.git', 'git@example.org:a/b.git', 'file:///srv/a', '/srv/a'])(
  '%s may be cloned',
  (repo) => {
    expect(checkRepo(repo)).toBe(repo);
  },
);

test.each(['https://token@example.org/a', 'ftp://example.org/a', 'ext::sh', '-oProxyCommand=x', 'a b', 'git@example.org:a\nb'])(
  '%s may not',
  (repo) => {
    expect(() => checkRepo(repo)).toThrow();
  },
);
