import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';
import { all, base, kept, layPlanted, leaked, replies, repo, secrets } from './planted.ts';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
let gateway: Gateway;
let env: Record<string, string> = {};

beforeAll(async () => {
  env = layPlanted();
  let asked = 0;
  gateway = await startGateway({ replies: () => replies[asked++ % replies.length] ?? '' });
  env.RUNAPI_BASE_URL = gateway.url;
});
afterAll(async () => {
  await gateway.close();
  rmSync(base, { recursive: true, force: true });
});

/** What was sent, without the one header that has to carry the key. */
function sent(): string {
  return JSON.stringify(gateway.requests.map(({ path, raw, headers: { authorization: _key, ...headers } }) => ({ path, raw, headers })));
}

test.each([
  ['context', ['--json']],
  ['fix', ['--sandbox', 'off', '--attempts', '2']],
])(
  '%s %j sends and prints no secret',
  async (verb, flags) => {
    // The first request is refused and sent again.
    await fetch(`${gateway.url}/control/faults`, { method: 'POST', body: JSON.stringify({ fault: '503', times: 1 }) });
    const before = gateway.requests.length;
    const run = await runProcess({ argv: [process.execPath, cli, verb, repo, ...flags], cwd: base, env, timeoutMs: 60_000 });
    const printed = run.stdout.toString() + run.stderr.toString();
    expect(run.exitCode, printed).toBeLessThan(70);
    if (verb === 'context') expect(gateway.requests).toHaveLength(before);
    else expect(gateway.requests.length, printed).toBeGreaterThan(before + 2);
    expect(leaked(sent(), all)).toEqual([]);
    expect(leaked(printed, secrets)).toEqual([]);
  },
  90_000,
);

test('a tool called over MCP sends and answers no secret', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'serve'], env, cwd: repo, stderr: 'ignore' }));
  try {
    const before = gateway.requests.length;
    let result = await client.callTool({ name: 'diagnose_failure', arguments: { root: repo } });
    // On a slow machine the call answers before the job has.
    for (let job = jobOf(result); job; job = jobOf(result)) result = await client.callTool({ name: 'get_job', arguments: { job } });
    expect(gateway.requests.length, JSON.stringify(result)).toBeGreaterThan(before);
    expect(leaked(sent(), all)).toEqual([]);
    expect(leaked(JSON.stringify(result), secrets)).toEqual([]);
  } finally {
    await client.close();
  }
});

test('what was kept of it, journals, ledgers, reports and caches, holds no secret', () => {
  // The proven patch is what apply puts into the files: it stays as it is, for its owner alone.
  const files = kept().filter(([path]) => !path.endsWith('/patch.diff') || (statSync(path).mode & 0o077) !== 0);
  expect(files.some(([path]) => path.endsWith('report.json'))).toBe(true);
  const found = files.flatMap(([path, text]) => leaked(text, secrets).map((name) => `${name} in ${path}`));
  expect(found).toEqual([]);
});

test('what was sent is the pack, so that the checks above mean something', () => {
  expect(sent()).toContain('export function sum');
  expect(sent()).toContain('__SECRET_');
  expect(sent()).toContain('got __SECRET_');
});

const jobOf = (result: unknown): string | undefined => /Still running.*?Job `(\w+)`/.exec(JSON.stringify(result))?.[1];
