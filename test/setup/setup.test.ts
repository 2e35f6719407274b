import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parse as parseJsonc } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { applySetup } from '../../src/setup/apply.ts';
import { clients } from '../../src/setup/clients.ts';
import { findPackage } from '../../src/setup/launch.ts';
import { planSetup } from '../../src/setup/plan.ts';
import { printClient } from '../../src/setup/print.ts';
import { planUpdate, setupStatus } from '../../src/setup/status.ts';
import { settings, writeJson, writing } from './documents.ts';
import { dropGround, makeGround, makeSmallGround, put, remove, setup, snapshot, type TestGround } from './ground.ts';

let ground: TestGround;
beforeEach(() => {
  ground = makeGround();
});
afterEach(() => dropGround(ground));

/** What starts a package: this node and its program, both by absolute paths. */
const started = (root: string) => ({ command: process.execPath, args: [join(root, 'dist/cli.mjs'), 'serve'] });
const read = (path: string) => readFileSync(join(ground.root, path), 'utf8');
const actions = (plan: { steps: readonly { path: string; action: string }[] }) =>
  Object.fromEntries(plan.steps.map(({ path, action }) => [path, action]));

describe('setup without arguments', () => {
  test('writes the shared skill folders and .mcp.json, and remove leaves no trace', async () => {
    put(ground, 'README.md', 'mine');
    const before = [snapshot(ground.root), snapshot(ground.home)];
    await setup({ ...ground, package: findPackage() });
    expect(existsSync(join(ground.root, '.agents/skills/glm-skill/assets/schemas/report.schema.json'))).toBe(true);
    for (const folder of ['.agents/skills', '.claude/skills']) {
      expect(read(`${folder}/glm-skill/SKILL.md`)).toBe(readFileSync('skills/glm-skill/SKILL.md', 'utf8'));
      expect(existsSync(join(ground.root, folder, 'glm-skill/references/api.md'))).toBe(true);
      expect(existsSync(join(ground.root, folder, 'fix-failing-test/SKILL.md'))).toBe(true);
    }
    expect(JSON.parse(read('.mcp.json'))).toEqual({ mcpServers: { glm: { type: 'stdio', ...started(findPackage().root) } } });
    expect(snapshot(ground.home)).toEqual(before[1]);
    await remove(ground);
    expect([snapshot(ground.root), snapshot(ground.home)]).toEqual(before);
    expect(existsSync(join(ground.folders.state, 'setup'))).toBe(true);
    expect(Object.keys(snapshot(join(ground.folders.state, 'setup')))).toEqual([]);
  });

  test('takes the clients found in the workspace, and offers the others', async () => {
    put(ground, '.gemini/settings.json', '{}');
    put(ground, 'opencode.jsonc', '// mine\n{\n}\n');
    put(ground, '.cursor/mcp.json', '{}', 'home');
    const plan = await setup(ground);
    expect(plan.clients).toEqual(['claude', 'gemini', 'opencode']);
    expect(plan.found.map(({ id, where }) => [id, where])).toContainEqual(['cursor', 'user']);
    expect(plan.notes).toContain('Also on this machine: Cursor (--client cursor).');
    expect(JSON.parse(read('.gemini/settings.json')).mcpServers.glm.env).toEqual({ RUNAPI_API_KEY: '$RUNAPI_API_KEY' });
    expect(read('opencode.jsonc')).toMatch(/^\/\/ mine\n\{\n {2}"mcp": /);
    expect(existsSync(join(ground.root, 'opencode.json'))).toBe(false);
  });

  test('run twice changes nothing', async () => {
    await setup(ground);
    const once = snapshot(ground.root);
    const plan = await setup(ground);
    expect(plan.steps.every(({ action }) => action === 'keep')).toBe(true);
    expect(snapshot(ground.root)).toEqual(once);
  });

  test.each(['work/node_modules/glm-skill', 'home/.npm/_npx/0a1b/node_modules/glm-skill', 'home/.cache/pnpm/dlx-12/glm-skill'])(
    'starts a copy beside our state, not %s, and remove drops it',
    async (place) => {
      const root = join(ground.base, place);
      cpSync(ground.package?.root ?? '', root, { recursive: true });
      mkdirSync(join(root, 'dist'));
      writeFileSync(join(root, 'dist/cli.mjs'), 'export {};');
      writeFileSync(join(root, 'package.json'), '{"name":"glm-skill","files":["dist","skills"]}');
      const options = { ...ground, package: { root, version: '1.2.3' } };
      await setup(options);
      const [program = ''] = JSON.parse(read('.mcp.json')).mcpServers.glm.args;
      expect(program).toMatch(/own\/state\/program\/1\.2\.3-[0-9a-f]{12}\/dist\/cli\.mjs$/);
      expect(existsSync(join(program, '../../skills/glm-skill/SKILL.md'))).toBe(true);
      expect(readFileSync(program, 'utf8')).toBe('export {};');
      await remove(options);
      expect(existsSync(program)).toBe(false);
    },
  );

  test("a node of the workspace's own packages is not the one that is started", async () => {
    put(ground, 'node_modules/.bin/node', '');
    const node = join(ground.base, 'bin/node');
    mkdirSync(join(ground.base, 'bin'));
    writeFileSync(node, '');
    const PATH = [join(ground.root, 'node_modules/.bin'), join(ground.base, 'bin')].join(':');
    const before = process.execPath;
    process.execPath = join(ground.root, 'node_modules/.bin/node');
    await setup({ ...ground, env: { ...ground.env, PATH } }).finally(() => {
      process.execPath = before;
    });
    expect(JSON.parse(read('.mcp.json')).mcpServers.glm.command).toBe(node);
  });
});

describe('the six clients that run on the reference machine get exactly this', () => {
  const program = started('ROOT');
  const toml = [
    '# >>> glm-skill: written by `glm-skill setup`, taken back by `glm-skill remove`',
    '[mcp_servers.glm]',
    `command = "${program.command}"`,
    `args = ["${program.args[0]}", "serve"]`,
    'env_vars = ["RUNAPI_API_KEY"]',
    'startup_timeout_sec = 20',
    '# <<< glm-skill',
    '',
  ].join('\n');
  const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  const expected: [string, string, string, string, string][] = [
    ['claude', '.mcp.json', '.claude/skills', '.claude.json', pretty({ mcpServers: { glm: { type: 'stdio', ...program } } })],
    ['codex', '.codex/config.toml', '.agents/skills', '.codex/config.toml', toml],
    [
      'gemini',
      '.gemini/settings.json',
      '.agents/skills',
      '.gemini/settings.json',
      pretty({ mcpServers: { glm: { ...program, env: { RUNAPI_API_KEY: '$RUNAPI_API_KEY' } } } }),
    ],
    [
      'opencode',
      'opencode.json',
      '.agents/skills',
      '.config/opencode/opencode.json',
      pretty({
        $schema: 'https://opencode.ai/config.json',
        mcp: { glm: { type: 'local', command: [program.command, ...program.args], enabled: true } },
      }),
    ],
    ['qwen', '.qwen/settings.json', '.agents/skills', '.qwen/settings.json', pretty({ mcpServers: { glm: program } })],
    ['copilot', '.mcp.json', '.agents/skills', '.copilot/mcp-config.json', pretty({ mcpServers: { glm: { type: 'stdio', ...program } } })],
  ];
  test.each(expected)('%s', async (id, file, skills, userFile, text) => {
    const empty = snapshot(ground.root);
    await setup({ ...ground, clients: [id] });
    const written = Object.entries(snapshot(ground.root)).flatMap(([path, held]) => (held === 'folder' ? [] : path));
    expect(written.filter((path) => !path.startsWith(skills))).toEqual([file]);
    const expected = text.replace('ROOT', ground.package?.root ?? '');
    expect(read(file)).toBe(expected);
    expect(existsSync(join(ground.root, skills, 'glm-skill/SKILL.md'))).toBe(true);
    await remove(ground);
    expect(snapshot(ground.root)).toEqual(empty);
    await setup({ ...ground, scope: 'user', clients: [id] });
    expect(readFileSync(join(ground.home, userFile), 'utf8')).toBe(expected);
    expect(snapshot(ground.root)).toEqual(empty);
  });
});

describe('all clients at once', () => {
  test.each(['workspace', 'user'] as const)('%s: every file parses, holds no key, and is gone after remove', async (scope) => {
    const options = { ...ground, scope, clients: ['all'] };
    const before = snapshot(ground.base);
    const plan = await setup(options);
    expect(plan.steps.filter(({ action }) => action !== 'create')).toEqual([]);
    const trees = { ...snapshot(ground.root), ...snapshot(ground.home) };
    for (const [path, held] of Object.entries(trees)) {
      const text = held.replace(/^\d+ /, '');
      if (path.endsWith('.toml')) expect(parseToml(text)).toHaveProperty('mcp_servers.glm');
      else if (path.endsWith('.yaml')) expect(JSON.stringify(parseYaml(text))).toContain('dist/cli.mjs');
      else if (path.endsWith('.json')) expect(JSON.stringify(JSON.parse(text))).toContain('dist/cli.mjs');
    }
    await remove(options);
    const { own: _own, 'own/state': _state, 'own/state/setup': _setup, ...after } = snapshot(ground.base);
    expect(after).toEqual(before);
  });

  test.each(clients.map(({ id }) => id))('setup --print %s shows what setup writes', async (id) => {
    const printed = await printClient(id, ground);
    expect(printed.files.length).toBeGreaterThan(0);
    const client = clients.find((one) => one.id === id);
    const scope = client?.config.workspace ? 'workspace' : 'user';
    await setup({ ...ground, scope, clients: [id] });
    const [first = ''] = printed.files;
    expect(readFileSync(first.startsWith('/') ? first : join(ground.root, first), 'utf8')).toBe(printed.text);
  });
});

describe('generated files of every client', () => {
  const jsonClients = clients.filter(({ id, config }) => config.format === 'json' && config.workspace && id !== 'copilot');
  const documents = fc.tuple(...jsonClients.map(({ config }) => fc.record({ data: settings(config.path), how: writing })));
  test('more than a hundred survive setup and remove', async () => {
    let files = 0;
    await fc.assert(
      fc.asyncProperty(documents, async (generated) => {
        const one = makeSmallGround({ clients: jsonClients.map(({ id }) => id) });
        try {
          const held = jsonClients.map(({ config }, index) => ({ path: config.workspace?.[0] ?? '', ...generated[index] }));
          for (const { path, data, how } of held) if (data && how) put(one, path, writeJson(data, how));
          const before = snapshot(one.root);
          await setup(one);
          for (const { path, data } of held) {
            const text = readFileSync(join(one.root, path), 'utf8').replace(/^\uFEFF/, '');
            expect(parseJsonc(text, [], { allowTrailingComma: true })).toMatchObject(data ?? {});
            expect(text).toContain('small/dist/cli.mjs');
            files++;
          }
          await remove(one);
          expect(snapshot(one.root)).toEqual(before);
        } finally {
          dropGround(one);
        }
      }),
      { numRuns: 12 },
    );
    expect(files).toBeGreaterThan(100);
  });
});

describe('what is not ours', () => {
  test.each([
    ['a foreign server of our name', '{"mcpServers":{"glm":{"command":"theirs"}}}', /did not write/],
    ['a broken file', '{"mcpServers":{', /line 1, column 16/],
    ['a list at the top', '[1]', /no object/],
    ['a doubled key', '{"mcpServers":{},"mcpServers":{}}', /twice/],
    ['bytes that are no text', Buffer.from([0x7b, 0xff, 0x7d]), /UTF-8/],
    ['UTF-16', Buffer.from('\uFEFF{}', 'utf16le'), /UTF-8/],
  ])('%s is refused and left as it is', async (_what, content, why) => {
    put(ground, '.mcp.json', content);
    const before = snapshot(ground.root)['.mcp.json'];
    const plan = await setup(ground);
    expect(plan.steps.find(({ kind }) => kind === 'server')).toMatchObject({ action: 'refuse', why: expect.stringMatching(why) });
    expect(snapshot(ground.root)['.mcp.json']).toBe(before);
  });

  test('force replaces a foreign server, and remove gives it back', async () => {
    put(ground, '.mcp.json', '{"mcpServers":{"glm":{"command":"theirs"}, "x":{}}}');
    const before = snapshot(ground.root);
    await setup({ ...ground, force: true });
    expect(JSON.parse(read('.mcp.json')).mcpServers.glm.command).toBe(process.execPath);
    await remove(ground);
    expect(snapshot(ground.root)).toEqual(before);
  });

  test('a skill that was edited is kept without force', async () => {
    await setup(ground);
    put(ground, '.claude/skills/glm-skill/SKILL.md', 'mine');
    expect(actions(await setup(ground))).toMatchObject({ '.claude/skills/glm-skill': 'refuse', '.agents/skills/glm-skill': 'keep' });
    expect(read('.claude/skills/glm-skill/SKILL.md')).toBe('mine');
    expect((await setupStatus(ground)).items.find(({ path }) => path === '.claude/skills/glm-skill')?.state).toBe('edited');
    expect(actions(await remove(ground))['.claude/skills/glm-skill']).toBe('refuse');
    expect(read('.claude/skills/glm-skill/SKILL.md')).toBe('mine');
    await setup({ ...ground, force: true });
    expect(read('.claude/skills/glm-skill/SKILL.md')).not.toBe('mine');
  });

  test('a file added to a skill counts as an edit', async () => {
    await setup(ground);
    put(ground, '.agents/skills/glm-skill/references/mine.md', 'x');
    expect(actions(await planUpdate(ground))['.agents/skills/glm-skill']).toBe('refuse');
  });

  test('links that lead out of the workspace are not followed', async () => {
    put(ground, 'elsewhere/x', '', 'home');
    symlinkSync(join(ground.home, 'elsewhere'), join(ground.root, '.agents'));
    symlinkSync(join(ground.home, 'mcp.json'), join(ground.root, '.mcp.json'));
    const before = snapshot(ground.home);
    const plan = await setup(ground);
    expect(actions(plan)).toMatchObject({
      '.agents/skills/glm-skill': 'refuse',
      '.mcp.json': 'refuse',
      '.claude/skills/glm-skill': 'create',
    });
    expect(snapshot(ground.home)).toEqual(before);
  });

  test('a file where a folder is needed is refused, the rest is done', async () => {
    put(ground, '.agents', 'a file');
    put(ground, '.codex', 'a file');
    const plan = await setup({ ...ground, clients: ['claude', 'codex'] });
    expect(actions(plan)).toMatchObject({ '.agents/skills/glm-skill': 'refuse', '.codex/config.toml': 'refuse', '.mcp.json': 'create' });
    expect(plan.steps.find(({ path }) => path === '.codex/config.toml')?.why).toContain('.codex is a file, and a folder is needed there');
  });

  test('copies that another installer linked to the shared folder are left to it', async () => {
    await setup({ ...ground, clients: ['codex'] });
    mkdirSync(join(ground.root, '.claude/skills'), { recursive: true });
    symlinkSync('../../.agents/skills/glm-skill', join(ground.root, '.claude/skills/glm-skill'));
    const plan = await setup(ground);
    expect(actions(plan)['.claude/skills/glm-skill']).toBe('keep');
    expect(snapshot(ground.root)['.claude/skills/glm-skill']).toBe('link ../../.agents/skills/glm-skill');
  });

  test('a linked file of the user is changed behind its link', async () => {
    const real = put(ground, 'dotfiles/settings.json', '{}\n', 'home');
    put(ground, '.qwen/x', '', 'home');
    symlinkSync(real, join(ground.home, '.qwen/settings.json'));
    const before = snapshot(ground.home);
    const options = { ...ground, scope: 'user', clients: ['qwen'] } as const;
    await setup(options);
    expect(readFileSync(real, 'utf8')).toContain('dist/cli.mjs');
    await remove(options);
    expect(snapshot(ground.home)).toEqual(before);
  });
});

describe('over time', () => {
  const older = () => {
    const root = join(ground.base, 'older');
    cpSync(ground.package?.root ?? '', root, { recursive: true });
    return { ...ground, package: { root, version: '0.0.1' } };
  };

  test('update brings entries and copies to this version', async () => {
    const before = snapshot(ground.root);
    await setup({ ...older(), clients: ['claude', 'codex', 'vscode'] });
    expect((await setupStatus(ground)).items.filter(({ state }) => state === 'outdated').map(({ path }) => path)).toEqual([
      '.mcp.json',
      '.codex/config.toml',
      '.vscode/mcp.json',
    ]);
    await applySetup(await planUpdate(ground), ground.folders);
    expect(read('.codex/config.toml')).toContain(started(ground.package?.root ?? '').args[0]);
    expect((await setupStatus(ground)).items.every(({ state }) => state === 'ok')).toBe(true);
    await remove(ground);
    expect(snapshot(ground.root)).toEqual(before);
  });

  test('update replaces a copy that nobody edited, with files that came and went', async () => {
    const one = makeSmallGround({ clients: ['codex'] });
    try {
      const source = join(one.package?.root ?? '', 'skills/one');
      writeFileSync(join(source, 'old.md'), 'old');
      await setup(one);
      unlinkSync(join(source, 'old.md'));
      writeFileSync(join(source, 'new.md'), 'new');
      await applySetup(await planUpdate(one), one.folders);
      expect(Object.keys(snapshot(join(one.root, '.agents/skills/one')))).toEqual(['SKILL.md', 'new.md']);
      expect(Object.keys(snapshot(join(one.root, '.agents')))).toEqual([
        'skills',
        'skills/one',
        'skills/one/SKILL.md',
        'skills/one/new.md',
      ]);
    } finally {
      dropGround(one);
    }
  });

  test('a file that the client rewrote for itself goes when only its marks are left', async () => {
    await setup({ ...ground, clients: ['qwen'] });
    writeFileSync(join(ground.root, '.qwen/settings.json'), JSON.stringify({ ...JSON.parse(read('.qwen/settings.json')), $version: 4 }));
    await remove(ground);
    expect(existsSync(join(ground.root, '.qwen'))).toBe(false);
  });

  test('what the user deleted by hand is forgotten by remove', async () => {
    const before = snapshot(ground.root);
    await setup(ground);
    for (const path of Object.keys(snapshot(ground.root))) rmSync(join(ground.root, path), { recursive: true, force: true });
    const plan = await remove(ground);
    expect(plan.steps.every(({ action }) => action === 'remove')).toBe(true);
    expect(snapshot(ground.root)).toEqual(before);
    expect((await remove(ground)).steps).toEqual([]);
  });

  test('what others added since stays', async () => {
    await setup({ ...ground, clients: ['claude', 'codex'] });
    const edited = JSON.parse(read('.mcp.json'));
    edited.mcpServers.other = { command: 'x' };
    writeFileSync(join(ground.root, '.mcp.json'), JSON.stringify(edited));
    writeFileSync(join(ground.root, '.codex/config.toml'), `model = "a"\n${read('.codex/config.toml')}[tui]\nx = 1\n`);
    await remove(ground);
    expect(JSON.parse(read('.mcp.json'))).toEqual({ mcpServers: { other: { command: 'x' } } });
    expect(read('.codex/config.toml')).toBe('model = "a"\n[tui]\nx = 1\n');
  });

  test('an entry that was edited by hand is neither updated nor removed without force', async () => {
    await setup(older());
    const edited = JSON.parse(read('.mcp.json'));
    edited.mcpServers.glm.env = { X: '1' };
    writeFileSync(join(ground.root, '.mcp.json'), JSON.stringify(edited));
    expect(actions(await setup(ground))['.mcp.json']).toBe('refuse');
    expect(actions(await remove(ground))['.mcp.json']).toBe('refuse');
    expect(actions(await remove({ ...ground, force: true }))['.mcp.json']).toBe('remove');
    expect(existsSync(join(ground.root, '.mcp.json'))).toBe(false);
  });

  test('a clone without a record can be updated and cleaned', async () => {
    const before = snapshot(ground.root);
    await setup({ ...older(), clients: ['claude', 'codex'] });
    const clone = { ...ground, folders: { ...ground.folders, state: join(ground.base, 'other') } };
    await setup({ ...clone, clients: ['claude', 'codex'] });
    expect(read('.mcp.json')).toContain(started(ground.package?.root ?? '').args[0]);
    await remove(clone);
    expect(Object.keys(snapshot(ground.root)).filter((path) => existsSync(join(ground.root, path)) && /glm|SKILL/.test(path))).toEqual([]);
    expect(JSON.parse(read('.mcp.json'))).toEqual({ mcpServers: {} });
    expect(Object.keys(before)).toEqual([]);
  });

  test('a copy that git checked out with other line ends is no edit', async () => {
    await setup(ground);
    const path = '.claude/skills/glm-skill/SKILL.md';
    put(ground, path, read(path).replaceAll('\n', '\r\n'));
    expect((await setupStatus(ground)).items.every(({ state }) => state === 'ok')).toBe(true);
  });

  test('an entry that the user copied from --print is left to the user', async () => {
    await setup(ground);
    const { text } = await printClient('zed', ground);
    put(ground, '.zed/settings.json', text);
    await remove(ground);
    expect(read('.zed/settings.json')).toBe(text);
    expect(existsSync(join(ground.root, '.mcp.json'))).toBe(false);
  });

  test.each(['', ' \n', '\uFEFF', '{}', '{ }', '[]', 'null', '// only a comment\n', '{"mcpServers":null}', "{'a':1}"])(
    '%j as a file comes back',
    async (text) => {
      put(ground, '.mcp.json', text);
      const before = snapshot(ground.root);
      await setup(ground);
      await remove(ground);
      expect(snapshot(ground.root)).toEqual(before);
    },
  );

  test('remove of one client keeps what the others need', async () => {
    await setup({ ...ground, clients: ['claude', 'codex', 'gemini'] });
    await remove({ ...ground, clients: ['codex'] });
    expect(existsSync(join(ground.root, '.codex'))).toBe(false);
    expect(existsSync(join(ground.root, '.gemini/settings.json'))).toBe(true);
    expect(existsSync(join(ground.root, '.agents/skills/glm-skill/SKILL.md'))).toBe(true);
    await remove({ ...ground, clients: ['gemini'] });
    expect(existsSync(join(ground.root, '.agents'))).toBe(false);
    expect(existsSync(join(ground.root, '.claude/skills/glm-skill/SKILL.md'))).toBe(true);
  });

  test('a file that changes between plan and write stops everything', async () => {
    const plan = await planSetup(ground);
    put(ground, '.mcp.json', '{}');
    const before = snapshot(ground.root);
    await expect(applySetup(plan, ground.folders)).rejects.toMatchObject({ code: 'tree_changed' });
    expect(snapshot(ground.root)).toEqual(before);
  });

  test('a run that was killed half way is finished by the next one, or taken back', async () => {
    put(ground, '.mcp.json', '{}\n');
    const before = snapshot(ground.root);
    const plan = await planSetup({ ...ground, clients: ['claude', 'codex'] });
    const killed = { ...plan, work: { ...plan.work, writes: plan.work.writes.slice(0, 3) } };
    await applySetup(killed, ground.folders);
    put(ground, '.claude/.glm-skill-0123456789ab.new/SKILL.md', 'half');
    await setup({ ...ground, clients: ['claude', 'codex'] });
    expect((await setupStatus(ground)).items.every(({ state }) => state === 'ok')).toBe(true);
    await remove(ground);
    expect(snapshot(ground.root)).toEqual(before);
    await applySetup(killed, ground.folders);
    await remove(ground);
    expect(snapshot(ground.root)).toEqual(before);
  });

  test('a step that fails takes the others back', async () => {
    const before = snapshot(ground.root);
    const plan = await planSetup({ ...ground, clients: ['claude', 'codex'] });
    const writes = plan.work.writes.map((write) =>
      write.path.endsWith('config.toml') ? { ...write, path: join(write.path, '\0') } : write,
    );
    await expect(applySetup({ ...plan, work: { ...plan.work, writes } }, ground.folders)).rejects.toThrow();
    expect(snapshot(ground.root)).toEqual(before);
  });

  test('--link makes one copy and links to it', async () => {
    const before = snapshot(ground.root);
    const options = { ...ground, link: true, clients: ['claude', 'kiro'] };
    await setup(options);
    expect(snapshot(ground.root)['.claude/skills/glm-skill']).toBe('link ../../.agents/skills/glm-skill');
    expect(snapshot(ground.root)['.kiro/skills/fix-failing-test']).toBe('link ../../.agents/skills/fix-failing-test');
    expect(read('.claude/skills/glm-skill/SKILL.md')).toContain('name: glm-skill');
    expect((await setup(options)).steps.every(({ action }) => action === 'keep')).toBe(true);
    unlinkSync(join(ground.root, '.claude/skills/glm-skill'));
    expect((await setupStatus(ground)).items.find(({ path }) => path === '.claude/skills/glm-skill')?.state).toBe('missing');
    await setup(options);
    await remove(ground);
    expect(snapshot(ground.root)).toEqual(before);
  });

  test('an unknown client is named with the list', async () => {
    await expect(planSetup({ ...ground, clients: ['emacs'] })).rejects.toMatchObject({
      code: 'bad_input',
      hint: expect.stringContaining('claude'),
    });
  });
});
