import { appendFileSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { answerAgain, keepAnswer } from '../../src/cli/again.ts';
import { folders } from '../../src/config.ts';
import { openGit } from '../../src/repo/git.ts';
import { digestState, readState } from '../../src/repo/status.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

test('an answer is given again where nothing that it rests on has changed, and only there', async () => {
  const root = await makeRepo(own.home, 'shop', { 'src/price.js': 'one\n', '.gitignore': '.env\n' });
  const report = join(own.home, 'junit.xml');
  const { config } = folders(own.env);
  mkdirSync(config, { recursive: true });
  writeFileSync(report, '<testsuites/>');
  const asked = { words: ['shop', '--report', report], code: 'a', env: own.env };
  const keep = async (started = Date.now() + 1_000) => {
    const git = await openGit(root, { env: own.env });
    const tree = git && digestState(git, await readState(git, folders(own.env)));
    if (git && tree) keepAnswer(asked, { git, tree, files: [report], text: 'packed', started });
  };
  expect(await answerAgain(asked)).toBeUndefined();
  await keep(0);
  expect(await answerAgain(asked), 'kept although something changed meanwhile').toBeUndefined();

  const edits: readonly (readonly [string, () => void, () => void])[] = [
    [join(root, 'src/price.js'), () => writeFileSync(join(root, 'src/price.js'), 'two\n'), () => {}],
    ...[join(root, '.env'), join(root, 'new.js'), join(config, 'config.json')].map(
      (path) => [path, () => writeFileSync(path, 'A=b\n'), () => unlinkSync(path)] as const,
    ),
    ...[report, join(root, '.git/config'), join(root, '.git/info/exclude')].map(
      (path) => [path, () => appendFileSync(path, '\n'), () => {}] as const,
    ),
  ];
  for (const [path, edit, back] of edits) {
    await keep();
    expect(await answerAgain(asked), path).toBe('packed');
    edit();
    expect(await answerAgain(asked), path).toBeUndefined();
    back();
  }
  await keep();
  for (const other of [
    { ...asked, code: 'b' },
    { ...asked, words: ['shop'] },
    { ...asked, env: { ...own.env, GLM_SKILL_BUDGET: '9000' } },
  ])
    expect(await answerAgain(other)).toBeUndefined();
  expect(await answerAgain({ ...asked, env: { ...own.env, SHLVL: '7' } })).toBe('packed');

  writeFileSync(join(root, '.git/config'), `${readFileSync(join(root, '.git/config'))}[include]\n\tpath = other\n`);
  await keep();
  expect(await answerAgain(asked), 'a config that is not looked at').toBeUndefined();
});
