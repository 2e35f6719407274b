import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { folders } from '../../src/config.ts';
import { makeRedactor } from '../../src/safety/redact/redact.ts';
import { exactSecrets, wordSecrets } from '../../src/safety/redact/secrets.ts';
import { gitEnvironment, suiteEnvironment } from '../../src/safety/sandbox/child-env.ts';
import { workspaceKey } from '../../src/safety/workspace-key.ts';
import { fill, seeded } from './random.ts';

const random = seeded(11);
const token = fill(random, 'ghp_{w36}');
const env = {
  PATH: '/usr/bin',
  HOME: '/home/annika',
  USER: 'annika',
  NODE_ENV: 'test',
  MY_FLAG: 'on',
  HARMLESS: token,
  REMOTE_DB: 'postgres://app:hunter22hunter@db.acme.dev/main',
  LOCAL_DB: 'postgres://app:app@localhost/main',
  RUNAPI_API_KEY: fill(random, '{w40}'),
  STRIPE_SECRET: fill(random, '{w30}'),
  DB_PASSWORD: 'lantern-otter-9',
  SSH_AUTH_SOCK: '/run/agent',
  GH_TOKEN: token,
};

describe('the environment of tests', () => {
  it('is the own one without secrets, by name and by value', () => {
    const own = suiteEnvironment(env, { mode: 'own', names: [] });
    expect(Object.keys(own).sort()).toEqual(['CI', 'FORCE_COLOR', 'HOME', 'LOCAL_DB', 'MY_FLAG', 'NODE_ENV', 'NO_COLOR', 'PATH', 'USER']);
  });

  it('is an allow-list plus the names asked for after a model wrote code', () => {
    const listed = suiteEnvironment(env, { mode: 'allow_list', names: ['MY_FLAG', 'DB_PASSWORD', 'MISSING'] });
    expect(Object.keys(listed).sort()).toEqual([
      'CI',
      'DB_PASSWORD',
      'FORCE_COLOR',
      'HOME',
      'MY_FLAG',
      'NODE_ENV',
      'NO_COLOR',
      'PATH',
      'USER',
    ]);
  });

  it('of git holds no variable of ours or of git', () => {
    const git = gitEnvironment({ ...env, GIT_DIR: '/evil', GIT_SSH_COMMAND: 'evil', LD_PRELOAD: '/evil.so' });
    expect(JSON.stringify(git)).not.toContain('evil');
    expect(git).toMatchObject({ GIT_ALLOW_PROTOCOL: '', GIT_TERMINAL_PROMPT: '0', HOME: '/home/annika' });
  });
});

describe('values that are hidden everywhere', () => {
  const values = exactSecrets(env, ['key-from-a-file-1'], folders(env));

  it('are keys, secret variables, passwords in URLs, the home path and the user', () => {
    expect(values).toEqual(
      expect.arrayContaining([
        'key-from-a-file-1',
        env.RUNAPI_API_KEY,
        env.STRIPE_SECRET,
        env.DB_PASSWORD,
        token,
        'hunter22hunter',
        '/home/annika',
        'annika',
      ]),
    );
    expect(values).not.toEqual(expect.arrayContaining(['/run/agent']));
    expect(values).not.toContain('on');
  });

  it('do not reach a dump of the environment', () => {
    const dump = Object.entries(env)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n');
    const hidden = makeRedactor({ key: new Uint8Array(32), exact: values }).redact(dump).text;
    for (const value of [env.RUNAPI_API_KEY, env.STRIPE_SECRET, env.DB_PASSWORD, token, 'hunter22', 'annika'])
      expect(hidden).not.toContain(value);
    expect(hidden).toContain('MY_FLAG=on');
  });

  it('that are words are hidden where they stand as a value, and stay words elsewhere', () => {
    const words = wordSecrets({ APP_SECRET: 'butterfly' }, ['sunflower']);
    const exact = exactSecrets({ APP_SECRET: 'butterfly' }, ['sunflower'], folders({ HOME: '/' }));
    const text =
      'the sunflower and a butterfly\nkey: sunflower\nauth = "butterfly"\nAuthorization: Bearer sunflower\nsunflowers = butterflyOf(1)\n';
    const hidden = makeRedactor({ key: new Uint8Array(32), exact, words })
      .redact(text)
      .text.replace(/__SECRET_KNOWN_\w+?__/g, '?');
    expect(hidden).toBe('the sunflower and a butterfly\nkey: ?\nauth = "?"\nAuthorization: Bearer ?\nsunflowers = butterflyOf(1)\n');
  });

  it('leave out user names that are everyday words', () => {
    expect(exactSecrets({ USER: 'node', LOGNAME: 'root' }, [], folders({ HOME: '/' }))).toEqual([]);
  });
});

describe('the key of a workspace', () => {
  const home = mkdtempSync(join(tmpdir(), 'glm-key-'));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('is made once, private, and differs between workspaces', async () => {
    const own = folders({ GLM_SKILL_HOME: home });
    const made = await Promise.all(Array.from({ length: 8 }, () => workspaceKey(own, home)));
    expect(new Set(made.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    expect(made[0]).toHaveLength(32);
    expect(await workspaceKey(own, tmpdir())).not.toEqual(made[0]);
    if (process.platform !== 'win32') expect(statSync(join(home, 'state', 'keys')).mode & 0o077).toBe(0);
  });
});
