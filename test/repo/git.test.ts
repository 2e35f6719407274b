import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readEnvironment } from '../../src/config.ts';
import { openGit } from '../../src/repo/git.ts';
import { makeWorktree } from '../../src/repo/worktree.ts';
import { git, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);

test('a repository that starts programs from its config starts none of them', async () => {
  const root = await makeRepo(own.home, 'hostile', { 'a.txt': 'a\n', '.gitattributes': '* filter=evil diff=evil merge=evil\n' });
  const trace = join(own.home, 'ran');
  const evil = join(own.home, 'evil.sh');
  writeFileSync(evil, `#!/bin/sh\necho "$0 $*" >> '${trace}'\ncat 2>/dev/null\n`);
  chmodSync(evil, 0o755);
  const settings = [
    'core.fsmonitor',
    'core.pager',
    'core.editor',
    'core.sshCommand',
    'core.askPass',
    'diff.external',
    'filter.evil.clean',
    'filter.evil.smudge',
    'filter.evil.process',
    'diff.evil.textconv',
    'diff.evil.command',
    'merge.evil.driver',
    'gpg.program',
    'credential.helper',
    'alias.status',
  ];
  for (const name of settings) await git(root, 'config', name, name === 'alias.status' ? `!${evil}` : evil);
  await git(root, 'config', 'filter.evil.required', 'true');
  await git(root, 'config', 'core.hooksPath', own.home);
  mkdirSync(join(root, '.git/hooks'), { recursive: true });
  for (const hook of ['post-checkout', 'post-index-change', 'pre-commit', 'reference-transaction']) {
    writeFileSync(join(root, '.git/hooks', hook), `#!/bin/sh\necho ${hook} >> '${trace}'\n`);
    chmodSync(join(root, '.git/hooks', hook), 0o755);
  }
  write(root, { 'a.txt': 'changed\n', 'b.txt': 'new\n' });
  const opened = await open(root);
  for (const args of [
    ['status', '--porcelain'],
    ['diff'],
    ['log', '-p', '-1'],
    ['ls-files', '-o'],
    ['show', 'HEAD'],
    ['blame', 'a.txt'],
    ['hash-object', 'a.txt'],
  ])
    await opened.run(args);
  const simple = await opened.simple();
  await simple.status();
  await simple.diff(['--no-ext-diff', '--no-textconv']);
  await simple.log({ maxCount: 1 });
  const worktree = await makeWorktree({ git: opened, folders: own.folders, tell: () => {} });
  expect(readFileSync(join(worktree.path, 'a.txt'), 'utf8')).toBe('changed\n');
  await worktree.change([{ path: 'a.txt', before: 'changed\n', after: 'patched\n' }]);
  await worktree.reset();
  await worktree.remove();
  expect(existsSync(trace) ? readFileSync(trace, 'utf8') : '').toBe('');
});

test('a folder without git is undefined; a work tree that lies elsewhere by its own config is refused', async () => {
  const env = readEnvironment();
  mkdirSync(join(own.home, 'bare'));
  expect(await openGit(join(own.home, 'bare'), { env })).toBeUndefined();
  const root = await makeRepo(own.home, 'redirect', { 'a.txt': 'a\n' });
  await git(root, 'config', 'core.worktree', '/');
  const found = await openGit(root, { env }).catch((error: unknown) => error);
  expect(found).toMatchObject({ code: 'no_git' });
});

test('head, branch and folders are known; a repository without a commit has no head', async () => {
  const root = await makeRepo(own.home, 'facts', { 'a.txt': 'a\n' });
  const opened = await open(join(root));
  expect(opened).toMatchObject({ root, branch: 'refs/heads/main', objectFormat: 'sha1', gitDir: join(root, '.git') });
  expect(opened.head).toMatch(/^[0-9a-f]{40}$/);
  mkdirSync(join(own.home, 'empty'));
  await git(join(own.home, 'empty'), 'init', '-q');
  expect((await open(join(own.home, 'empty'))).head).toBeUndefined();
  await expect(opened.run(['rev-parse', 'no-such-ref'])).rejects.toMatchObject({ code: 'bad_input' });
});

test.each([['node_modules', '.bin'], ['bin'], ['.venv', 'bin']])(
  'a git that a repository brings along is not run: %s',
  async (...where) => {
    const planted = join(...where);
    const root = await makeRepo(own.home, `planted-${where.length}-${where[0]}`, {
      [`${planted}/git`]: '#!/bin/sh\necho ran > "$0.ran"\nexit 1\n',
    });
    chmodSync(join(root, planted, 'git'), 0o755);
    for (const entry of [join(root, planted), planted, `${root}/./${planted}`]) {
      const opened = await openGit(root, { env: { ...readEnvironment(), PATH: `${entry}:${readEnvironment().PATH}` } });
      expect((await opened?.run(['rev-parse', 'HEAD']))?.toString().trim()).toBe(opened?.head);
      expect(await (await opened?.simple())?.revparse(['HEAD'])).toBe(opened?.head);
    }
    expect(existsSync(join(root, planted, 'git.ran'))).toBe(false);
  },
);

test('trailers in a config are of no concern', async () => {
  const root = await makeRepo(own.home, 'trailers', { 'a.txt': 'a\n' });
  for (const name of ['trailer.sign.key', 'trailer.sign.command', 'trailer.sign.cmd', 'trailer.ifexists', 'trailer.separators'])
    await git(root, 'config', name, 'x');
  const opened = await open(root);
  expect((await opened.run(['log', '--format=%s'])).toString()).not.toBe('');
  expect((await (await opened.simple()).log()).total).toBe(1);
});
