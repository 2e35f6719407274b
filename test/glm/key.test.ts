import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Folders, folders } from '../../src/config.ts';
import { cleanKey, findBaseUrl, findKey } from '../../src/glm/key.ts';
import { forgetKey, storeKey } from '../../src/glm/login.ts';
import { apiRoot, findProfile } from '../../src/glm/profiles.ts';
import { key, temporaryFolder } from './world.ts';

function makeFolders(): Folders {
  const home = temporaryFolder();
  return folders({ HOME: home, GLM_SKILL_HOME: join(home, 'own') });
}

function writeRunapiFile(places: Folders, content: object | string): void {
  mkdirSync(join(places.home, '.config', 'runapi'), { recursive: true });
  writeFileSync(join(places.home, '.config', 'runapi', 'config.json'), typeof content === 'string' ? content : JSON.stringify(content));
}

const named = (name: string) => `${key}-${name}`;

describe('the key', () => {
  it('is taken in the agreed order, and its source never tells the value', async () => {
    const places = makeFolders();
    const all = { RUNAPI_API_KEY: named('1'), RUNAPI_KEY: named('2'), RUNAPI_TOKEN: named('3') };
    const sources: string[] = [];
    const look = (env: Readonly<Record<string, string>>) => {
      const found = findKey(env, places);
      sources.push(found?.source ?? '');
      return found?.key;
    };
    expect(look(all)).toBe(named('1'));
    expect(look({ ...all, RUNAPI_API_KEY: '' })).toBe(named('2'));
    expect(look({ ...all, RUNAPI_API_KEY: '$' + '{RUNAPI_API_KEY}', RUNAPI_KEY: '<your key>' })).toBe(named('3'));
    writeRunapiFile(places, { apiKey: named('5') });
    expect(look({})).toBe(named('5'));
    await storeKey(places, 'https://runapi.ai', named('4'));
    expect(look({})).toBe(named('4'));
    expect(await forgetKey(places, 'https://runapi.ai')).toBe(true);
    expect(look({})).toBe(named('5'));
    expect(sources.join()).not.toContain(key);
    expect(new Set(sources).size).toBe(5);
  });

  it.each([
    '',
    ' ',
    '""',
    '$' + '{X}',
    '$X',
    '<key>',
    'your-runapi-key',
    'YOUR_API_KEY',
    'xxx',
    'changeme',
    '***',
    'null',
    'two words',
    'schlüssel',
    'a\nb',
  ])('is no key: %j', (value) => expect(cleanKey(value)).toBeUndefined());

  it.each([key, ` ${key}\n`, `"${key}"`])('is a key: %j', (value) => expect(cleanKey(value)).toBe(key));

  it('is stored with mode 0600', async () => {
    const places = makeFolders();
    const path = await storeKey(places, 'https://runapi.ai/v1', key);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).toContain(key);
    for (const simple of ['<key>', 'sunflower', 'correct-horse-battery', 'k9x2'])
      await expect(storeKey(places, 'https://runapi.ai', simple)).rejects.toMatchObject({ code: 'bad_input' });
  });

  it('never goes to a host that it was not meant for', async () => {
    const places = makeFolders();
    const env = {
      RUNAPI_API_KEY: named('runapi'),
      ZAI_API_KEY: named('zai'),
      OPENROUTER_API_KEY: named('router'),
      OPENAI_API_KEY: named('openai'),
    };
    await storeKey(places, 'https://runapi.ai', named('login'));
    writeRunapiFile(places, { api_key: named('file') });
    expect(findKey(env, places, 'https://api.z.ai/api/paas/v4')?.key).toBe(named('zai'));
    expect(findKey(env, places, 'https://openrouter.ai/api/v1')?.key).toBe(named('router'));
    expect(findKey({}, places, 'https://api.z.ai/api/paas/v4')).toBeUndefined();
    expect(findKey(env, places, 'https://llm.example.com')?.key).toBe('');
    expect(findKey({ ...env, RUNAPI_BASE_URL: 'https://llm.example.com' }, places)?.key).toBe(named('runapi'));
    expect(findKey({ ...env, GLM_API_KEY: named('own') }, places, 'https://llm.example.com')?.key).toBe(named('own'));
    expect(findKey(env, places, 'https://runapi.ai.example.com')?.key).toBe('');
  });

  it('of OpenAI is taken only where its base URL is RunAPI', () => {
    const places = makeFolders();
    const env = { OPENAI_API_KEY: named('openai') };
    expect(findKey(env, places)).toBeUndefined();
    expect(findKey({ ...env, OPENAI_BASE_URL: 'https://api.openai.com/v1' }, places)).toBeUndefined();
    expect(findKey({ ...env, OPENAI_BASE_URL: 'https://runapi.ai/v1' }, places)?.key).toBe(named('openai'));
  });

  it('survives a broken file of RunAPI', () => {
    const places = makeFolders();
    writeRunapiFile(places, '{"api_key": ');
    expect(findKey({}, places)).toBeUndefined();
    writeRunapiFile(places, { api_key: key, baseUrl: 'https://eu.runapi.ai' });
    expect(findBaseUrl({}, places)).toBe('https://eu.runapi.ai');
    expect(findKey({}, places)?.key).toBe(key);
    expect(findKey({}, places, 'https://runapi.ai')).toBeUndefined();
  });
});

describe('the place', () => {
  it.each([
    ['https://runapi.ai', 'https://runapi.ai/v1', 'runapi'],
    ['https://runapi.ai/v1/', 'https://runapi.ai/v1', 'runapi'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/v1', 'runapi'],
    ['https://api.z.ai/api/paas/v4', 'https://api.z.ai/api/paas/v4', 'zai'],
    ['https://openrouter.ai/api', 'https://openrouter.ai/api/v1', 'openrouter'],
    ['http://10.0.0.7:8000', 'http://10.0.0.7:8000/v1', 'other'],
  ])('%s is %s of %s', (url, root, name) => {
    expect(apiRoot(url)).toBe(root);
    expect(findProfile(url).name).toBe(name);
  });

  it('maps model IDs where they have another name', () => {
    expect(findProfile('https://openrouter.ai/api').model('glm-4.6')).toBe('z-ai/glm-4.6');
    expect(findProfile('http://127.0.0.1:8000', 'vllm').model('glm-4.5-air')).toBe('zai-org/GLM-4.5-Air');
  });

  it.each(['', 'runapi.ai', 'ftp://runapi.ai', 'https://user:word@runapi.ai', 'https://runapi.ai/?x=1'])('is refused: %j', (url) => {
    expect(() => findProfile(url)).toThrow(expect.objectContaining({ code: 'bad_input' }));
  });

  it('refuses a profile that is unknown or belongs elsewhere', () => {
    expect(() => findProfile('https://runapi.ai', 'nowhere')).toThrow(/nowhere/);
    expect(() => findProfile('https://runapi.ai', 'zai')).toThrow(/not a host/);
  });
});
