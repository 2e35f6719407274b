import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { folders } from '../src/config.ts';
import { gatewayEnvironment, readSettings, userFile, workspaceFile } from '../src/settings.ts';

let root: string;
const places = () => folders({ GLM_SKILL_HOME: join(root, 'home') });
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'glm-settings-'));
  await mkdir(places().config, { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const workspace = (text: string) => writeFile(join(root, workspaceFile), text);
const user = (text: string) => writeFile(userFile(places()), text);
const value = (name: string, env = {}) => readSettings(root, env, places()).get(name);

test('environment over workspace over user over default, each with its source', async () => {
  expect(value('budget')).toEqual({ name: 'budget', value: 32_000, from: 'default' });
  await user('{ "budget": 5000, "max_cost": 0.5 }');
  expect(value('budget')?.from).toBe(userFile(places()));
  await workspace('{ // comments and trailing commas are fine\n "budget": 6000, }');
  expect(value('budget')).toMatchObject({ value: 6000, from: join(root, workspaceFile) });
  expect(value('budget', { GLM_SKILL_BUDGET: '7000' })).toMatchObject({ value: 7000, from: 'environment variable GLM_SKILL_BUDGET' });
  expect(value('max_cost')?.value).toBe(0.5);
});

test.each(['base_url', 'profile', 'max_cost', 'sandbox', 'price', 'daily_cap', 'key', 'command', 'allow', 'callback'])(
  'a repository may not set %s',
  async (name) => {
    await workspace(JSON.stringify({ [name]: 'x' }));
    expect(() => value('budget')).toThrow(
      expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(`"${name}"`) }),
    );
  },
);

test.each([
  ['{ "budget": ', 'line 1, column 13'],
  ['{ "budget": "much" }', 'budget'],
  ['[]', 'the file'],
])('a broken file is refused with its place: %s', async (text, place) => {
  await workspace(text);
  expect(() => value('budget')).toThrow(expect.objectContaining({ code: 'config_invalid', message: expect.stringContaining(place) }));
});

test('a variable that is none is refused by name', () => {
  expect(() => value('budget', { GLM_SKILL_BUDGET: 'lots' })).toThrow(expect.objectContaining({ message: 'GLM_SKILL_BUDGET is "lots".' }));
});

test("the user's file reaches the gateway settings, variables win", async () => {
  await user('{ "base_url": "https://example.test", "daily_cap": 2 }');
  expect(gatewayEnvironment({ GLM_SKILL_DAILY_CAP: '1' }, places())).toMatchObject({
    RUNAPI_BASE_URL: 'https://example.test',
    GLM_SKILL_DAILY_CAP: '1',
  });
});
