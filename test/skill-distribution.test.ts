import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { clients } from '../src/setup/clients.ts';
import { version } from '../src/version.ts';

const read = (path: string) => readFileSync(path, 'utf8');
const json = (path: string): unknown => JSON.parse(read(path));
test('one version everywhere', () => {
  const versions = {
    'package.json': z.object({ version: z.string() }).parse(json('package.json')).version,
    'plugin of Claude Code': z.object({ version: z.string() }).parse(json('.claude-plugin/plugin.json')).version,
    'plugin of Codex': z.object({ version: z.string() }).parse(json('.codex-plugin/plugin.json')).version,
    'extension of Gemini CLI': z.object({ version: z.string() }).parse(json('gemini-extension.json')).version,
    'bundle of Claude Desktop': z.object({ version: z.string() }).parse(json('mcpb/manifest.json')).version,
    marketplace: z.object({ plugins: z.tuple([z.object({ version: z.string() })]) }).parse(json('.claude-plugin/marketplace.json'))
      .plugins[0].version,
    registry: z.object({ version: z.string() }).parse(json('server.json')).version,
  };
  expect(versions).toEqual(Object.fromEntries(Object.keys(versions).map((name) => [name, version])));
});

test('every page names that version and no other', () => {
  const skillPages = readdirSync('skills', { recursive: true, encoding: 'utf8' }).map((name) => join('skills', name));
  const pages = ['SKILL.md', 'README.md', 'action.yml', ...skillPages].filter((path) => /\.(md|yml)$/.test(path) && existsSync(path));
  for (const page of pages) {
    for (const [, named] of read(page).matchAll(/glm-skill@(\d[\w.-]*\w)/g)) expect(named, page).toBe(version);
    for (const [, named] of read(page).matchAll(/^ {2}version: "(.*)"$/gm)) expect(named, page).toBe(version);
  }
  expect(read('skills/glm-skill/SKILL.md')).toContain(`# glm-skill ${version}`);
});

test('the plugins start what lies beside them, hold no key, and name folders that exist', () => {
  const started = (folder: string, cut: RegExp, [program = '', verb]: readonly string[]) => {
    expect(verb).toBe('serve');
    expect(program).toMatch(cut);
    expect(join('/', folder, program.replace(cut, '').replace(/\$\{\/\}/g, '/'))).toBe('/dist/cli.mjs');
  };
  const Server = z.object({ command: z.literal('node'), args: z.array(z.string()), cwd: z.string().optional() });
  const servers = z.object({ mcpServers: z.object({ glm: Server }) });
  const manifest = z.object({ name: z.literal('glm-skill'), skills: z.string() });
  const claude = manifest.extend(servers.shape).parse(json('.claude-plugin/plugin.json'));
  const codex = manifest.extend({ mcpServers: z.string() }).parse(json('.codex-plugin/plugin.json'));
  for (const path of [claude.skills, codex.skills, codex.mcpServers]) expect(existsSync(normalize(path)), path).toBe(true);
  started('', /^\$\{CLAUDE_PLUGIN_ROOT\}/, claude.mcpServers.glm.args);
  started('', /^\$\{extensionPath\}/, servers.parse(json('gemini-extension.json')).mcpServers.glm.args);
  // Codex replaces no variable, but starts in a folder that is meant from the plugin's.
  const { glm } = servers.parse(json(codex.mcpServers)).mcpServers;
  started(glm.cwd ?? '', /^\.(?=\/)/, glm.args);
  const files = ['.claude-plugin/plugin.json', '.codex-plugin/plugin.json', 'gemini-extension.json', 'server.json', 'mcpb/manifest.json'];
  expect([...files, codex.mcpServers].map(read).join('\n')).not.toMatch(/runapi_[a-z0-9]{6}|sk-[A-Za-z0-9]{8}/i);
});

test('server.json keeps the rules of the registry', () => {
  const registry = z
    .object({
      $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
      name: z.string().regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
      title: z.string().max(100),
      description: z.string().min(1).max(100),
      packages: z.tuple([
        z.object({
          registryType: z.literal('npm'),
          identifier: z.literal('glm-skill'),
          version: z.literal(version),
          transport: z.object({ type: z.literal('stdio') }),
          packageArguments: z.tuple([z.object({ type: z.literal('positional'), value: z.literal('serve') })]),
          environmentVariables: z.array(z.object({ name: z.string(), isSecret: z.boolean(), isRequired: z.literal(false) })),
        }),
      ]),
    })
    .parse(json('server.json'));
  expect(z.object({ mcpName: z.string() }).parse(json('package.json')).mcpName).toBe(registry.name);
});

test('the bundle starts what the package brings', () => {
  const { server } = z.object({ server: z.object({ entry_point: z.string() }) }).parse(json('mcpb/manifest.json'));
  expect(server.entry_point).toBe(z.object({ bin: z.object({ 'glm-skill': z.string() }) }).parse(json('package.json')).bin['glm-skill']);
  expect(dirname(server.entry_point)).toBe('dist');
});

test('the README has an install line for every client, which writes no key and fetches nothing', () => {
  const lines = read('README.md').split('\n');
  for (const line of lines.filter((one) => one.startsWith('| '))) expect(line).not.toMatch(/npx|=\$RUNAPI|="\$RUNAPI/);
  for (const { name } of clients) expect(lines.filter((line) => line.startsWith(`| ${name} | \``)).length, name).toBe(1);
  const marketplace = z.object({ name: z.string(), plugins: z.tuple([z.object({ name: z.string() })]) });
  const { name, plugins } = marketplace.parse(json('.claude-plugin/marketplace.json'));
  expect(read('README.md')).toContain(`/plugin install ${plugins[0].name}@${name}`);
});
