import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { countLines } from '../../src/proof/count-lines.ts';
import { applyPatch } from '../../src/repo/apply.ts';
import { recover, replaceAll } from '../../src/repo/replace.ts';
import { makeWorktree } from '../../src/repo/worktree.ts';
import type { FileChange, Patch } from '../../src/schema/patch.ts';
import { git, imprint, makeHome, makeRepo, open, write } from './fixture.ts';

const own = makeHome();
afterAll(own.remove);

async function patchOf(root: string, changes: readonly FileChange[]): Promise<Patch> {
  const worktree = await makeWorktree({ git: await open(root), folders: own.folders, tell: () => {} });
  const { diff, sha256 } = await worktree.change(changes);
  await worktree.remove();
  return { diff, sha256, files: countLines(diff), flags: [] };
}

const changes: readonly FileChange[] = [
  { path: 'src/a.ts', before: 'one\r\ntwo\r\n', after: 'one\r\nthree\r\n' },
  { path: 'src/gone.ts', before: 'gone\n', after: null },
  { path: 'new/deep/ünew.ts', before: null, after: 'no newline' },
];
const files = { 'src/a.ts': 'one\r\ntwo\r\n', 'src/gone.ts': 'gone\n', 'src/run.sh': '#!/bin/sh\n', '.gitattributes': '* text=auto\n' };

test('a patch is applied to the files alone, can be undone by the command it prints, and leaves the index as it is', async () => {
  const root = await makeRepo(own.home, 'plain', files);
  const patch = await patchOf(root, changes);
  expect(patch.files).toEqual([
    { path: 'new/deep/ünew.ts', added: 1, removed: 0 },
    { path: 'src/a.ts', added: 1, removed: 1 },
    { path: 'src/gone.ts', added: 0, removed: 1 },
  ]);
  const index = readFileSync(join(root, '.git/index'));
  const applied = await applyPatch({ git: await open(root), patch, folders: own.folders });
  expect(applied.files.sort()).toEqual(['new/deep/ünew.ts', 'src/a.ts', 'src/gone.ts']);
  expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe('one\r\nthree\r\n');
  expect(readFileSync(join(root, 'new/deep/ünew.ts'), 'utf8')).toBe('no newline');
  expect(existsSync(join(root, 'src/gone.ts'))).toBe(false);
  expect(readFileSync(join(root, '.git/index')).equals(index)).toBe(true);
  expect(await applyPatch({ git: await open(root), patch, folders: own.folders })).toEqual({ files: [], undo: applied.undo });
  const [, ...words] = applied.undo.split(' ');
  await git(root, ...words);
  expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe('one\r\ntwo\r\n');
  expect(readFileSync(join(root, 'src/gone.ts'), 'utf8')).toBe('gone\n');
});

test('a file that has changed since, or a patch that is not the proven one, applies nothing', async () => {
  const root = await makeRepo(own.home, 'changed', files);
  const patch = await patchOf(root, changes);
  write(root, { 'src/run.sh': 'elsewhere\n', 'src/gone.ts': 'gone\nand more\n' });
  const before = imprint(root);
  const opened = await open(root);
  await expect(applyPatch({ git: opened, patch, folders: own.folders })).rejects.toMatchObject({ code: 'tree_changed' });
  await expect(applyPatch({ git: opened, patch: { ...patch, diff: `${patch.diff} ` }, folders: own.folders })).rejects.toMatchObject({
    code: 'bad_input',
  });
  expect(imprint(root)).toEqual(before);
  write(root, { 'src/gone.ts': 'gone\n' });
  await applyPatch({ git: opened, patch, folders: own.folders });
  expect(readFileSync(join(root, 'src/run.sh'), 'utf8')).toBe('elsewhere\n');
  expect((await applyPatch({ git: opened, patch, folders: own.folders })).files).toEqual([]);
});

test('links and forged paths are not written through', async () => {
  const root = await makeRepo(own.home, 'links', files);
  const patch = await patchOf(root, [{ path: 'src/a.ts', before: files['src/a.ts'], after: 'x\n' }]);
  const outside = join(own.home, 'outside');
  mkdirSync(outside);
  write(outside, { 'a.ts': files['src/a.ts'], 'gone.ts': 'gone\n' });
  rmSync(join(root, 'src'), { recursive: true });
  symlinkSync(outside, join(root, 'src'));
  const opened = await open(root);
  await expect(applyPatch({ git: opened, patch, folders: own.folders })).rejects.toMatchObject({ code: 'forbidden_path' });
  expect(readFileSync(join(outside, 'a.ts'), 'utf8')).toBe(files['src/a.ts']);
  for (const path of ['../outside/a.ts', '.git/hooks/post-commit', 'x/../../y']) {
    const diff = patch.diff.replaceAll('src/a.ts', path);
    const forged = { ...patch, diff, sha256: createHash('sha256').update(diff).digest('hex') };
    await expect(applyPatch({ git: opened, patch: forged, folders: own.folders })).rejects.toMatchObject({
      code: expect.stringMatching(/forbidden_path|bad_input/),
    });
  }
});

test('modes are kept', async () => {
  const root = await makeRepo(own.home, 'modes', files);
  chmodSync(join(root, 'src/run.sh'), 0o755);
  const patch = await patchOf(root, [{ path: 'src/run.sh', before: files['src/run.sh'], after: '#!/bin/sh\ntrue\n' }]);
  await applyPatch({ git: await open(root), patch, folders: own.folders });
  expect(lstatSync(join(root, 'src/run.sh')).mode & 0o777).toBe(0o755);
});

test('a patch that says who may run a file does that, with other text or without, and can be undone', async () => {
  const root = await makeRepo(own.home, 'runs', files);
  const at = (path: string) => lstatSync(join(root, path)).mode & 0o111;
  const text = files['src/run.sh'];
  const patch = await patchOf(root, [
    { path: 'src/run.sh', before: text, after: text, runs: true },
    { path: 'src/a.ts', before: files['src/a.ts'], after: '#!/usr/bin/env node\n', runs: true },
  ]);
  expect(patch.diff).toContain('new mode 100755');
  const { undo } = await applyPatch({ git: await open(root), patch, folders: own.folders });
  expect([at('src/run.sh') > 0, at('src/a.ts') > 0]).toEqual([true, true]);
  expect((await applyPatch({ git: await open(root), patch, folders: own.folders })).files).toEqual([]);
  const [, ...words] = undo.split(' ');
  await git(root, ...words);
  expect([at('src/run.sh'), at('src/a.ts')]).toEqual([0, 0]);
});

const bytes = (text: string | null) => (text === null ? undefined : Buffer.from(text));
const plan = changes.map(({ path, before, after }) => ({ path, before: bytes(before), after: bytes(after) }));

test('when the last look fails, everything is as it was', async () => {
  const root = await makeRepo(own.home, 'rollback', files);
  const before = imprint(root);
  const folder = join(own.home, 'journal-1');
  mkdirSync(folder);
  await expect(replaceAll(root, plan, folder, () => Promise.reject(new Error('changed')))).rejects.toThrow('changed');
  const after = imprint(root);
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect(after['src/a.ts']).toBe(before['src/a.ts']);
});

test('a killed apply is taken back by whoever finds its journal; a finished one stays', async () => {
  const root = await makeRepo(own.home, 'killed', files);
  const folder = join(own.home, 'journal-2');
  mkdirSync(folder);
  await replaceAll(root, plan, folder, () => Promise.resolve());
  await recover(folder);
  expect(existsSync(join(root, 'src/gone.ts'))).toBe(false);
  // Killed after some renames: one file is still old, one lies beside its target.
  write(root, { 'src/gone.ts': 'gone\n' });
  const tag = /"tag":"(\w+)"/.exec(readFileSync(join(folder, 'journal.json'), 'utf8'))?.[1];
  writeFileSync(join(root, `src/a.ts.${tag}.glm-skill`), 'half');
  await recover(folder);
  expect(readFileSync(join(root, 'src/a.ts'), 'utf8')).toBe(files['src/a.ts']);
  expect(existsSync(join(root, 'new'))).toBe(false);
  expect(readdirSync(join(root, 'src')).sort()).toEqual(['a.ts', 'gone.ts', 'run.sh']);
});
