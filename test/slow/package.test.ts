import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tools } from '../../src/mcp/tools.ts';
import { runProcess } from '../../src/process/run.ts';
import type { Gateway } from '../../src/stand-in/gateway.ts';
import { layExample, packageRoot } from './example.ts';

let folder: string;
let repo: string;
let cli: string;
let files: string[];
let unpackedBytes: number;
let gateway: Gateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glm-package-'));
  // What packing would do first, but for the build, which is there.
  execFileSync(process.execPath, [join(packageRoot, 'scripts', 'sbom.mjs'), join(packageRoot, 'sbom.cdx.json')], { stdio: 'ignore' });
  const packed = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: packageRoot, encoding: 'utf8' }),
  );
  unpackedBytes = packed[0].unpackedSize;
  files = packed[0].files.map((file: { path: string }) => file.path);
  // Unpacked without its dependencies: the bundle is whole.
  await mkdir(join(folder, 'node_modules'));
  execFileSync('tar', ['xzf', join(folder, packed[0].filename), '-C', join(folder, 'node_modules')]);
  cli = join(folder, 'node_modules', 'package', 'dist', 'cli.mjs');
  repo = join(folder, 'checkout');
  gateway = await layExample(repo);
});

afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

const env = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? '',
  HOME: join(folder, 'home'),
  GLM_SKILL_HOME: join(folder, 'state'),
  ...more,
});
const keyed = () => env({ RUNAPI_API_KEY: 'key-of-the-stand-in', RUNAPI_BASE_URL: gateway.url });
const run = (args: string[], variables: Record<string, string>) =>
  runProcess({ argv: [process.execPath, cli, ...args], cwd: folder, env: variables, timeoutMs: 120_000 });

test('the tarball holds what a user needs and nothing else', () => {
  const top = new Set(files.map((file) => file.split('/')[0]));
  const pages = [
    'AGENTS.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'LICENSE',
    'README.md',
    'SECURITY.md',
    'SKILL.md',
    'THIRD-PARTY-LICENSES',
    'docs',
    'sbom.cdx.json',
  ];
  const clients = ['.claude-plugin', '.codex-plugin', 'gemini-extension.json', 'skills'];
  expect([...top].sort()).toEqual([...pages, ...clients, 'action', 'dist', 'package.json', 'schemas'].sort());
  expect(files).toContain('skills/glm-skill/SKILL.md');
});

test('it brings no other package, and stays small', async () => {
  const about = JSON.parse(await readFile(join(folder, 'node_modules', 'package', 'package.json'), 'utf8'));
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {}, peerDependenciesMeta = {} } = about;
  const installed = [...Object.keys(dependencies), ...Object.keys(optionalDependencies)];
  expect([...installed, ...Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)]).toEqual([]);
  expect(unpackedBytes).toBeLessThan(6_000_000);
});

test('every link of its pages leads to a file of it', async () => {
  const faults: string[] = [];
  for (const page of files.filter((file) => file.endsWith('.md'))) {
    const text = await readFile(join(folder, 'node_modules', 'package', page), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\((?![a-z]+:|#)([^)#\s]+)/g)) {
      const target = normalize(join(dirname(page), link));
      if (!files.some((file) => file === target || file.startsWith(`${target}/`))) faults.push(`${page}: ${link}`);
    }
  }
  expect(faults).toEqual([]);
});

test('fix, then apply, then undo by git, from the command line', async () => {
  const before = execFileSync('git', ['status', '--porcelain'], { cwd: repo, encoding: 'utf8' });
  const fixed = await run(['fix', repo, '--json', '--quiet'], keyed());
  const report = JSON.parse(fixed.stdout.toString());
  expect([fixed.exitCode, report.status], fixed.stderr.toString()).toEqual([0, 'verified']);
  expect(execFileSync('git', ['status', '--porcelain'], { cwd: repo, encoding: 'utf8' })).toBe(before);
  const applied = await run(['apply', repo, '--json'], env());
  expect([applied.exitCode, JSON.parse(applied.stdout.toString()).status], applied.stderr.toString()).toEqual([0, 'applied']);
  expect(execFileSync('git', ['diff', '--stat'], { cwd: repo, encoding: 'utf8' })).toContain('src/tiers.js');
  const green = await run(['find', repo, '--json', '--quiet'], env());
  expect([green.exitCode, JSON.parse(green.stdout.toString()).status]).toEqual([0, 'green']);
  execFileSync('git', ['checkout', '-q', '--', '.'], { cwd: repo });
}, 240_000);

test('without a key: needs_key, exit 2, with a pack that is there to read', async () => {
  const asked = await run(['fix', repo, '--json', '--quiet'], env());
  const report = JSON.parse(asked.stdout.toString());
  expect([asked.exitCode, report.status]).toEqual([2, 'needs_key']);
  expect(await readFile(report.contextFile, 'utf8')).toContain('unitPrice');
});

test('context says the same bytes for the same tree', async () => {
  const [first, second] = [
    await run(['context', repo, '--json', '--quiet'], env()),
    await run(['context', repo, '--json', '--quiet'], env()),
  ];
  expect(JSON.parse(first.stdout.toString())).toMatchObject({ status: 'packed' });
  expect(second.stdout.toString()).toBe(first.stdout.toString());
});

test('over stdio: the same fix, within 9 kB in both forms, with progress', async () => {
  const client = new Client({ name: 'test', version: '1' });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, 'serve'],
    env: keyed(),
    cwd: folder,
    stderr: 'pipe',
  });
  await client.connect(transport);
  expect((await client.listTools()).tools.map((tool) => tool.name)).toEqual(tools.map((tool) => tool.name));
  const progress: number[] = [];
  const call = (name: string, args: Record<string, unknown>) =>
    client.callTool({ name, arguments: args }, undefined, { timeout: 120_000, onprogress: (note) => progress.push(note.progress) });
  let result = await call('fix_failing_test', { root: repo });
  for (let waits = 0; waits < 5 && JSON.stringify(result.structuredContent).includes('"status":"running"'); waits++) {
    result = await call('get_job', { job: (result.structuredContent as { job: string }).job });
  }
  expect(result.structuredContent).toMatchObject({ status: 'verified', root: repo });
  const text = JSON.stringify(result.content);
  for (const part of ['verified', 'src/tiers.js', '>= tier.from', 'gives the bulk price']) {
    expect(text).toContain(part);
    expect(JSON.stringify(result.structuredContent)).toContain(part);
  }
  const [first] = result.content as { text: string }[];
  expect(Buffer.byteLength(first?.text ?? '')).toBeLessThanOrEqual(9_000);
  expect(Buffer.byteLength(JSON.stringify(result.structuredContent))).toBeLessThanOrEqual(9_000);
  expect(progress.length).toBeGreaterThan(2);
  expect(progress).toEqual([...progress].sort((a, b) => a - b));
  const applied = await call('apply_patch', { root: repo });
  expect(applied.structuredContent).toMatchObject({ status: 'applied' });
  await client.close();
  expect(await readdir(join(folder, 'state', 'cache', 'worktrees')).catch(() => [])).toEqual([]);
}, 300_000);

test('the callback check comes with the package, typed', async () => {
  const use = `import { isGenuine, type Callback } from 'package/callback';
const callback: Callback = { body: new Uint8Array(), headers: {}, secrets: [], nowMs: 0, seen: new Map() };
const answer: boolean = isGenuine(callback);
console.log(answer);
`;
  await writeFile(join(folder, 'use.mts'), use);
  const tsc = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--ignoreConfig', '--strict', '--target', 'es2023', '--module', 'nodenext', '--types', '', 'use.mts'];
  execFileSync(process.execPath, [tsc, ...options], { cwd: folder, encoding: 'utf8' });
  expect(execFileSync(process.execPath, ['use.mjs'], { cwd: folder, encoding: 'utf8' })).toBe('false\n');
});
