import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tools } from '../../src/mcp/tools.ts';
import { doctorClients } from '../../src/setup/doctor.ts';
import { findPackage } from '../../src/setup/launch.ts';
import { setupStatus, startServers } from '../../src/setup/status.ts';
import { dropGround, makeGround, put, setup, type TestGround } from './ground.ts';

let ground: TestGround;
beforeEach(() => {
  ground = makeGround();
});
afterEach(() => dropGround(ground));

const lines = async (online = false) =>
  (await doctorClients(ground, online)).map(({ level, topic, message }) => `${level} ${topic}: ${message}`);

test('an empty workspace is told to run setup', async () => {
  expect(await lines()).toEqual([
    'warn clients: No client was found; name one with `glm-skill setup --client`.',
    'warn setup: Setup did not run here from this account: run `glm-skill setup`.',
    'ok skills: No skill is installed twice.',
  ]);
});

test('a workspace that was set up is fine, and each server is started', async () => {
  ground = { ...ground, package: findPackage() };
  await setup({ ...ground, clients: ['claude', 'codex'] });
  const found = await lines();
  expect(found.filter((line) => !line.startsWith('ok'))).toEqual([]);
  expect(found.join('\n')).toMatch(/ok Codex: The server in \.codex\/config\.toml starts: 1\d tools in \d+ ms\./);
  const status = await setupStatus({ ...ground, clients: ['claude', 'codex'] });
  expect(await startServers(ground, status)).toMatchObject([
    { path: '.mcp.json', started: true, tools: tools.length },
    { path: '.codex/config.toml', started: true },
  ]);
});

test('a program that has gone is named, with what to do', async () => {
  await setup({ ...ground, clients: ['claude'] });
  expect((await lines()).join('\n')).toMatch(
    /warn Claude Code: The server in .mcp.json does not start: .*cli\.mjs.*Run `glm-skill update`/,
  );
});

test("what a repository's file names is not started", async () => {
  put(ground, 'CLAUDE.md', '');
  const made = join(ground.base, 'made');
  const program = put(ground, 'dist/cli.mjs', `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(made)}, '');`);
  for (const [command, file] of [
    ['node', 'dist/cli.mjs'],
    [process.execPath, program],
  ]) {
    put(ground, '.mcp.json', JSON.stringify({ mcpServers: { glm: { type: 'stdio', command, args: [file, 'serve'] } } }));
    expect((await lines()).join('\n')).toContain('does not start: it was not written by setup, so it is not tried');
  }
  expect(existsSync(made)).toBe(false);
});

test('an entry that npx would look up in vain is named as such', async () => {
  put(ground, 'CLAUDE.md', '');
  put(ground, '.mcp.json', '{"mcpServers":{"glm":{"type":"stdio","command":"npx","args":["-y","glm-skill@0.1.0","serve"]}}}');
  put(ground, 'node_modules/.bin/npm', `#!/bin/sh\ntouch ${ground.base}/planted\n`);
  const npm = put(ground, '../bin/npm', '#!/bin/sh\necho "npm error code E404" >&2\nexit 1\n');
  for (const path of [npm, join(ground.root, 'node_modules/.bin/npm')]) chmodSync(path, 0o755);
  ground = { ...ground, env: { ...ground.env, PATH: `${ground.root}/node_modules/.bin:${ground.env.PATH}:/usr/bin:/bin` } };
  expect((await lines(true)).join('\n')).toContain('does not start: npx ends in E404: the registry has no glm-skill@0.1.0.');
  expect((await lines(false)).join('\n')).toContain("npx takes what the repository's .npmrc and node_modules name");
  expect(existsSync(join(ground.base, 'planted'))).toBe(false);
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
