import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../src/stand-in/gateway.ts';
import { layExample, packageRoot } from './example.ts';

const cli = join(packageRoot, 'dist', 'cli.mjs');
let folder: string;
let repo: string;
let gateway: Gateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glm-server-'));
  repo = join(folder, 'checkout');
  gateway = await layExample(repo);
});
afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

const env = () => ({
  PATH: process.env.PATH ?? '',
  HOME: join(folder, 'home'),
  GLM_SKILL_HOME: join(folder, 'state'),
  RUNAPI_API_KEY: 'key-of-the-stand-in',
  RUNAPI_BASE_URL: gateway.url,
});

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};

/** Descendants of our runs that are still there, found by their marker. */
function orphans(): string[] {
  try {
    return execFileSync(
      'sh',
      [
        '-c',
        `grep -lsz '^PATH=.*:/usr/local/share/[0-9a-f]*/bin$' /proc/[0-9]*/environ | xargs -r grep -lsz 'GLM_SKILL_HOME=${join(folder, 'state')}\\|${repo}'`,
      ],
      { encoding: 'utf8' },
    )
      .split('\n')
      .filter(Boolean);
  } catch {
    return [];
  }
}

function tree(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: repo, encoding: 'utf8' });
  return [
    git('status', '--porcelain', '-uall'),
    git('rev-parse', 'HEAD'),
    git('stash', 'list'),
    git('for-each-ref'),
    git('worktree', 'list'),
    git('ls-files', '-s'),
  ].join('\n');
}

test('two dozen starts and ends: only JSON-RPC on stdout, exit 0, nothing left', async () => {
  for (let round = 0; round < 24; round++) {
    const child = spawn(process.execPath, [cli, 'serve'], { env: env(), stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stdin.write(`${JSON.stringify(hello)}\n`);
    await once(child.stdout, 'data');
    if (round % 3 === 0) child.kill('SIGTERM');
    else child.stdin.end();
    const [code] = await once(child, 'close');
    expect(code).toBe(0);
    for (const line of out.split('\n').filter(Boolean)) expect(JSON.parse(line)).toMatchObject({ jsonrpc: '2.0', id: 1 });
  }
  expect(orphans()).toEqual([]);
}, 600_000);

/** Starts a server, says `initialize` and what else is given, and waits for as many answers. */
async function serving(args: readonly string[], more: readonly object[] = [], variables: Record<string, string> = {}) {
  const child = spawn(process.execPath, args, { env: { ...env(), ...variables }, stdio: ['pipe', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const lines = () => out.split('\n').filter(Boolean);
  for (const one of [hello, ...more]) child.stdin.write(`${JSON.stringify(one)}\n`);
  for (let waits = 0; lines().length <= more.length && waits < 600; waits++) await sleep(50);
  return { child, lines };
}

function residentMb(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

test.skipIf(process.platform !== 'linux')(
  'a server that waits holds little more than node itself',
  async () => {
    const bare = spawn(process.execPath, ['-e', "process.stdin.on('data', () => console.log('up'))"], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    bare.stdin.write('x');
    await once(bare.stdout, 'data');
    const { child } = await serving([cli, 'serve'], [{ jsonrpc: '2.0', id: 2, method: 'tools/list' }]);
    await sleep(1_000);
    // 60 MB to 42 MB where this was written: serving both eras takes 4 MB.
    expect(residentMb(child.pid) - residentMb(bare.pid)).toBeLessThan(22);
    for (const one of [child, bare]) {
      one.stdin.end();
      one.kill();
      await once(one, 'close');
    }
  },
  60_000,
);

test('whatever prints in the process, stdout holds JSON-RPC only', async () => {
  const noise = "data:text/javascript,setInterval(()=>{console.log('junk');process.stdout.write('junk')},50).unref()";
  const delayed = `data:text/javascript,setTimeout(()=>import(${JSON.stringify(noise)}),2e3).unref()`;
  const list = Array.from({ length: 3 }, (_, at) => ({ jsonrpc: '2.0', id: at + 2, method: 'tools/list' }));
  const { child, lines } = await serving(['--import', delayed, cli, 'serve'], list);
  await sleep(3_000);
  const call = { jsonrpc: '2.0', id: 9, method: 'tools/call', params: { name: 'find_failing_tests', arguments: { root: repo } } };
  child.stdin.write(`${JSON.stringify(call)}\n`);
  for (let waits = 0; lines().length < 5 && waits < 600; waits++) await sleep(50);
  expect(lines().map((line) => JSON.parse(line).id)).toEqual([1, 2, 3, 4, 9]);
  child.stdin.end();
  await once(child, 'close');
});

test.skipIf(process.platform === 'win32')(
  'the death of the parent is noticed although stdin stays open',
  async () => {
    const shell = spawn('sh', ['-c', `exec 3<&0; "${process.execPath}" "${cli}" serve <&3 & echo $!; wait`], {
      env: env(),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const pid = Number(String((await once(shell.stdout, 'data'))[0]));
    const lives = () => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    shell.stdin.write(`${JSON.stringify(hello)}\n`);
    await once(shell.stdout, 'data');
    shell.kill('SIGKILL');
    await sleep(500);
    expect(lives()).toBe(true);
    for (let waits = 0; lives() && waits < 100; waits++) await sleep(100);
    expect(lives()).toBe(false);
  },
  60_000,
);

test('no message brings the server down but one that is too long, and that one ends it in order', async () => {
  const deep = '['.repeat(200_000) + ']'.repeat(200_000);
  const { child, lines } = await serving([cli, 'serve']);
  for (const line of [
    'garbage',
    '[]',
    'null',
    '{"jsonrpc":"2.0"}',
    deep,
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{}}',
  ])
    child.stdin.write(`${line}\n`);
  child.stdin.write('{"jsonrpc":"2.0","id":2,"method":"ping"}\n');
  for (let waits = 0; lines().length < 2 && waits < 300; waits++) await sleep(50);
  expect(JSON.parse(lines()[1] ?? '{}')).toEqual({ jsonrpc: '2.0', id: 2, result: {} });
  child.stdin.on('error', () => {});
  child.stdin.write(`{"jsonrpc":"2.0","id":3,"method":"ping","params":{"_meta":{"x":"${'y'.repeat(11 << 20)}"}}}\n`);
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
  expect(lines()).toHaveLength(2);
});

test('two servers on one repository: both answer, neither disturbs the other', async () => {
  const call = { jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'find_failing_tests', arguments: { root: repo } } };
  const both = await Promise.all([serving([cli, 'serve'], [call]), serving([cli, 'serve'], [call])]);
  for (const { child, lines } of both) {
    expect(JSON.parse(lines()[1] ?? '{}')).toMatchObject({ id: 2, result: { structuredContent: { status: 'red', root: repo } } });
    child.stdin.end();
    await once(child, 'close');
  }
});

test('50 calls at once attach to one job and all get its result', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'serve'], env: env(), stderr: 'ignore' }));
  const results = await Promise.all(
    Array.from({ length: 50 }, () =>
      client.callTool({ name: 'find_failing_tests', arguments: { root: repo } }, undefined, { timeout: 120_000 }),
    ),
  );
  const jobs = new Set(results.map((result) => (result.structuredContent as { job: string }).job));
  expect(jobs.size).toBe(1);
  for (const result of results) expect(result.structuredContent).toMatchObject({ status: 'red' });
  await client.close();
}, 200_000);

test('a client that gives up after 60 s and ignores progress still gets its patch: the call answers in time', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'serve'], env: env(), stderr: 'ignore' }));
  let result = await client.callTool({ name: 'fix_failing_test', arguments: { root: repo } }, undefined, { timeout: 60_000 });
  while ((result.structuredContent as { status: string }).status === 'running') {
    result = await client.callTool({ name: 'get_job', arguments: { job: (result.structuredContent as { job: string }).job } }, undefined, {
      timeout: 60_000,
    });
  }
  expect(result.structuredContent).toMatchObject({ status: 'verified' });
  // Whoever speaks again has got the answer: from now on an equal call is a new one.
  await client.listTools();
  await client.close();
}, 300_000);

/** Before the reply, under it and after it; kill.test.ts kills at every stage. */
test.each(['observe', 'ask', 'prove'])(
  'SIGKILL at stage %s: no orphan, the tree as it was, and the next call resumes',
  async (stage) => {
    const before = tree();
    const child = spawn(process.execPath, [cli, 'fix', repo, '--json'], { env: env(), stdio: ['ignore', 'ignore', 'pipe'] });
    const closed = once(child, 'close');
    let said = '';
    const reached = new Promise<void>((resolve) => {
      child.stderr.on('data', (chunk) => {
        said += chunk;
        if (said.includes(`${stage}:`)) resolve();
      });
      child.once('exit', () => resolve());
    });
    await reached;
    child.kill('SIGKILL');
    await closed;
    expect(said, 'the stage was reached').toContain(`${stage}:`);
    for (let waits = 0; orphans().length > 0 && waits < 50; waits++) await sleep(100);
    expect(orphans()).toEqual([]);
    expect(tree()).toBe(before);
    const asked = gateway.requests.filter((request) => request.path === '/v1/chat/completions').length;
    const again = spawn(process.execPath, [cli, 'fix', repo, '--json', '--quiet'], { env: env(), stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    again.stdout.on('data', (chunk) => {
      text += chunk;
    });
    await once(again, 'close');
    expect(JSON.parse(text)).toMatchObject({ status: 'verified' });
    const paid = gateway.requests.filter((request) => request.path === '/v1/chat/completions').length - asked;
    expect(paid).toBe(stage === 'prove' ? 0 : 1);
    expect(tree()).toBe(before);
    expect(await readdir(join(folder, 'state', 'cache', 'worktrees')).catch(() => [])).toEqual([]);
  },
  200_000,
);
