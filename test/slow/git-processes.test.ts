import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readEnvironment } from '../../src/config.ts';
import { play } from '../jobs/world.ts';
import { good, shop } from '../proof/checkout.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

/** The git processes that work starts, one line each: a program in front of git on PATH counts them. */
function countGit() {
  const { PATH: path = '' } = readEnvironment();
  const bin = join(own.home, 'bin');
  const log = join(own.home, 'git.log');
  mkdirSync(bin);
  writeFileSync(log, '');
  const [real] = path.split(':').flatMap((folder) => {
    try {
      readFileSync(join(folder, 'git'));
      return [join(folder, 'git')];
    } catch {
      return [];
    }
  });
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$@" >>'${log}'\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  return { env: { ...own.env, PATH: `${bin}:${path}` }, started: () => readFileSync(log, 'utf8').split('\n').filter(Boolean) };
}

test('one fix asks git for its facts once', async () => {
  const { env, started } = countGit();
  const root = await makeRepo(own.home, 'shop', shop);
  const { run } = play({ ...own, env }, [good]);
  const fixed = await run('fix', root, { sandbox: 'off', attempts: 1 });
  expect(fixed.status).toBe('verified');
  const said = started().join('\n');
  expect(started().length, said).toBeLessThanOrEqual(15);
  expect(said.match(/rev-parse/g), said).toHaveLength(1);
});
