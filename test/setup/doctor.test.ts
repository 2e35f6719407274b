import { afterEach, beforeEach, expect, test } from 'vitest';
import { doctorClients } from '../../src/setup/doctor.ts';
import { dropGround, makeGround, put, setup, type TestGround } from './ground.ts';

let ground: TestGround;
beforeEach(() => {
  ground = makeGround();
});
afterEach(() => dropGround(ground));

const lines = async () => (await doctorClients(ground)).map(({ level, topic, message }) => `${level} ${topic}: ${message}`);

test('an empty workspace is told to run setup', async () => {
  expect(await lines()).toEqual([
    'warn clients: No client was found; name one with `glm-skill setup --client`.',
    'warn setup: Setup did not run here from this account: run `glm-skill setup`.',
    'ok skills: No skill is installed twice.',
  ]);
});

test('a workspace that was set up is fine', async () => {
  await setup({ ...ground, clients: ['claude', 'codex'] });
  const found = await lines();
  expect(found.filter((line) => !line.startsWith('ok'))).toEqual([]);
  expect(found.join('\n')).toContain('ok Codex: The server is named in .codex/config.toml.');
});

test('drift, broken files, keys in files and doubles are named with what to do', async () => {
  await setup({ ...ground, clients: ['claude', 'gemini'] });
  put(ground, '.claude/skills/glm-skill/SKILL.md', 'mine');
  put(ground, '.gemini/settings.json', '{ broken');
  put(ground, '.claude.json', '{"mcpServers":{"glm":{"command":"x","env":{"RUNAPI_API_KEY":"abcdefghijk"}}}}', 'home');
  put(ground, '.claude/skills/glm-skill/SKILL.md', 'older', 'home');
  const found = (await lines()).join('\n');
  expect(found).toContain('warn setup: .claude/skills/glm-skill is edited, .gemini/settings.json is blocked: run `glm-skill update`');
  expect(found).toMatch(/fail Gemini CLI: .gemini\/settings.json is broken at line 1, column 3/);
  expect(found).toContain('fail Claude Code: ~/.claude.json seems to hold a key');
  expect(found).toContain('warn Claude Code: The server is named in .mcp.json and ~/.claude.json');
  expect(found).toContain('warn skills: glm-skill is in the workspace and at ~/.claude/skills/glm-skill');
  expect(found).not.toContain('abcdefghijk');
});
