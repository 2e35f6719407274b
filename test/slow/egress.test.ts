import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runProcess } from '../../src/process/run.ts';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';
import { all, base, kept, layPlanted, leaked, planted, replies, repo, secrets } from '../safety/planted.ts';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
const posted: string[] = [];
let gateway: Gateway;
let receiver: Server;
let callback = '';
let env: Record<string, string> = {};

beforeAll(async () => {
  env = layPlanted();
  // The diff under review holds a secret of its own.
  appendFileSync(join(repo, 'src/sum.js'), `export const slack = '${planted.diff}';\n`);
  let asked = 0;
  gateway = await startGateway({ replies: () => replies[asked++ % replies.length] ?? '' });
  receiver = createServer((request, response) => {
    request.on('data', (bytes) => posted.push(String(bytes)));
    request.on('end', () => response.end());
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  const address = receiver.address();
  callback = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
  env = { ...env, RUNAPI_BASE_URL: gateway.url, RUNAPI_WEBHOOK_SECRET: Buffer.from('a'.repeat(32)).toString('base64') };
});
beforeEach(() => void posted.splice(0));
afterAll(async () => {
  receiver.close();
  await gateway.close();
  rmSync(base, { recursive: true, force: true });
});

/** What was sent since, without the headers that have to carry the key. */
function sent(from: number): string {
  return JSON.stringify(
    gateway.requests
      .slice(from)
      .map(({ path, raw, headers: { authorization: _key, 'x-api-key': _other, ...headers } }) => ({ path, raw, headers })),
  );
}

async function call(verb: string, ...flags: string[]) {
  const from = gateway.requests.length;
  const run = await runProcess({ argv: [process.execPath, cli, verb, ...flags], cwd: repo, env, timeoutMs: 100_000 });
  const printed = run.stdout.toString() + run.stderr.toString();
  expect(run.exitCode, printed).toBeLessThan(70);
  expect(leaked(sent(from), all), verb).toEqual([]);
  expect(leaked(printed, secrets), verb).toEqual([]);
  expect(leaked(posted.join(''), all), `callback of ${verb}`).toEqual([]);
  return { asked: gateway.requests.length - from, printed };
}
const fault = (name: string, times: number) =>
  fetch(`${gateway.url}/control/faults`, { method: 'POST', body: JSON.stringify({ fault: name, times }) });

const uses: readonly (readonly [verb: string, ...flags: string[]])[] = [
  ['find'],
  ['context'],
  ['diagnose'],
  ['fix', '--sandbox', 'off', '--attempts', '3'],
  ['ask', '--question', `How is the sum made with ${planted.document}?`],
  ['ask', '--question', 'What is in it?', '--files', 'README.md', '--text', `piped ${planted.messageToken}`],
  ['review', '--sandbox', 'off', '--since', 'HEAD'],
  ['write-tests', 'src/sum.js', '--sandbox', 'off'],
];

for (const surface of ['chat', 'responses', 'messages']) {
  test.each(uses)(`%s %s %s %s over ${surface} sends, prints and posts no secret`, async (verb, ...flags) => {
    const talks = verb !== 'find' && verb !== 'context';
    if (talks) await fault('503', 1);
    const { asked } = await call(
      verb,
      ...flags.filter(Boolean),
      ...(talks ? ['--surface', surface, '--callback', callback] : []),
      '--json',
    );
    if (!talks) expect(asked).toBe(0);
    else expect(asked).toBeGreaterThan(0);
    if (talks) expect(posted.length).toBeGreaterThan(0);
  });
}

test.each([
  ['ask', '--question', 'What is in it?', '--files', '.env'],
  ['ask', '--question', 'What is in it?', '--files', '../../../etc/passwd'],
  ['write-tests', '.npmrc'],
  ['diagnose', '--log', '.env'],
])('%s %s %s asks for a file that is never read', async (verb, ...flags) => {
  await call(verb, ...flags, '--json');
});

test.each(['echo-key', 'echo-escaped', '401', '400', 'error-in-200', 'html-200', 'redirect', 'cut'])(
  'the fault %s makes nothing leave',
  async (name) => {
    await fault(name, 20);
    await call('diagnose', '--json');
    await fault('400', 0);
  },
);

test('every tool over HTTP MCP sends and answers no secret', async () => {
  const from = gateway.requests.length;
  writeFileSync(join(base, 'bearer'), 'bearer-for-this-test');
  const server = spawn(process.execPath, [cli, 'serve', '--http', '--port', '0', '--token-file', join(base, 'bearer')], { cwd: repo, env });
  let said = '';
  const url = await new Promise<string>((done) => {
    server.stderr.on('data', (bytes) => {
      said += String(bytes);
      const found = /http:\/\/[\d.]+:\d+\/mcp/.exec(said)?.[0];
      if (found) done(found);
    });
  });
  const client = new Client({ name: 'test', version: '1' });
  try {
    await client.connect(
      new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: 'Bearer bearer-for-this-test' } } }),
    );
    const { tools } = await client.listTools();
    const extra: Readonly<Record<string, Record<string, unknown>>> = {
      ask_repo: { question: 'What is summed?' },
      write_tests: { file: 'src/sum.js', sandbox: 'off' },
      fix_failing_test: { attempts: 2, sandbox: 'off' },
      get_job: { job: 'nothing-there' },
    };
    let answers = '';
    for (const { name } of tools) {
      const rooted = name === 'list_variants' || name === 'get_job' ? {} : { root: repo };
      answers += JSON.stringify(await client.callTool({ name, arguments: { ...rooted, ...extra[name] } }, undefined, { timeout: 90_000 }));
    }
    expect(gateway.requests.length).toBeGreaterThan(from + 4);
    expect(leaked(sent(from), all)).toEqual([]);
    expect(leaked(answers, secrets)).toEqual([]);
    expect(leaked(said, secrets)).toEqual([]);
  } finally {
    await client.close();
    const closed = once(server, 'close');
    server.kill();
    await closed;
  }
});

test('nothing of it is kept but the proven patch and what was typed, for their owner alone', () => {
  const found = kept()
    .filter(([path]) => !/\/(?:patch\.diff|job\.json)$/.test(path) || (statSync(path).mode & 0o077) !== 0)
    .flatMap(([path, text]) => leaked(text, secrets).map((name) => `${name} in ${path}`));
  expect(found).toEqual([]);
});
