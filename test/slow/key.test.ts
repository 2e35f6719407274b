import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { folders } from '../../src/config.ts';
import { runProcess } from '../../src/process/run.ts';
import { findSandbox } from '../../src/safety/sandbox/sandbox.ts';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';

const Action = z.object({
  runs: z.object({ steps: z.array(z.object({ id: z.string().optional(), env: z.record(z.string(), z.string()), run: z.string() })) }),
});
const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
const base = mkdtempSync(join(tmpdir(), 'glm-key-'));
const repo = join(base, 'repo');
// No test may hold the key in a file: the walk looks for what its digest says.
const key = `glm${randomBytes(20).toString('hex')}`;
const start = key.slice(0, 3);
const env = { PATH: process.env.PATH ?? '', HOME: base, GLM_SKILL_HOME: join(base, 'glm'), TMPDIR: base, CI: 'true' };
const works = (await findSandbox('auto', { env, folders: folders(env) })).name !== 'none';
let gateway: Gateway;

/** What a test sees of all processes: environments, command lines, and what their open files lead to. */
const walk = `import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
const wanted = '${'{digest}'}';
const holds = (text) => [...text.matchAll(/${start}[0-9a-f]{40}/g)].some(([one]) => createHash('sha256').update(one).digest('hex') === wanted);
const read = (path) => { try { return statSync(path).size < 100_000 ? readFileSync(path, 'latin1') : ''; } catch { return ''; } };
export function spied() {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\\d+$/.test(name))) {
    for (const name of ['environ', 'cmdline']) if (holds(read('/proc/' + pid + '/' + name))) found.push(name + ' of ' + read('/proc/' + pid + '/cmdline').replaceAll('\\0', ' '));
    let fds = [];
    try { fds = readdirSync('/proc/' + pid + '/fd'); } catch {}
    for (const fd of fds) {
      let target = '';
      try { target = readlinkSync('/proc/' + pid + '/fd/' + fd); } catch {}
      if (target.startsWith('/') && !target.startsWith('/dev') && holds(read(target))) found.push('open file ' + target);
    }
  }
  return found.join(', ') || 'nothing';
}
`;

const write = (path: string, text: string) => {
  mkdirSync(dirname(join(repo, path)), { recursive: true });
  writeFileSync(join(repo, path), text);
};

beforeAll(async () => {
  const digest = createHash('sha256').update(key).digest('hex');
  write('package.json', '{"type":"module","scripts":{"test":"node --test"}}');
  write('spy.mjs', walk.replace('{digest}', digest));
  write('sum.mjs', 'export const sum = (a, b) => a - b;\n');
  write(
    'sum.test.mjs',
    `import test from 'node:test';\nimport assert from 'node:assert';\nimport { sum } from './sum.mjs';\nimport { spied } from './spy.mjs';\ntest('adds', () => {\n  assert.equal(spied(), 'nothing');\n  assert.equal(sum(1, 2), 3);\n});\n`,
  );
  for (const words of [
    ['init', '-q'],
    ['add', '-A'],
    ['commit', '-q', '-m', 'one'],
  ])
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', ...words], { cwd: repo });
  const edit =
    '<root_cause>sum.mjs:1 takes away.</root_cause>\n\n```diff\n--- a/sum.mjs\n+++ b/sum.mjs\n@@ -1 +1 @@\n-export const sum = (a, b) => a - b;\n+export const sum = (a, b) => a + b;\n```\n';
  writeFileSync(join(base, 'fix.diff'), edit.slice(edit.indexOf('--- a/'), edit.lastIndexOf('```')));
  gateway = await startGateway({ replies: () => edit });
});
afterAll(async () => {
  await gateway.close();
  rmSync(base, { recursive: true, force: true });
});

const keyed = () => ({ ...env, RUNAPI_API_KEY: key, RUNAPI_BASE_URL: gateway.url });

describe('no test reads the key, before the patch or after it', () => {
  it.each(works ? ['off', 'auto', 'on'] : ['off'])(
    'fix --sandbox %s',
    async (sandbox) => {
      const argv = [process.execPath, cli, 'fix', repo, '--json', '--sandbox', sandbox];
      const run = await runProcess({ argv, cwd: base, env: keyed(), timeoutMs: 120_000 });
      const report = JSON.parse(run.stdout.toString());
      expect(report.failing.message, run.stderr.toString()).toContain('-1 == 3');
      // Green: after the patch, the test found nothing either.
      expect(report.status, JSON.stringify(report)).toBe('verified');
    },
    150_000,
  );

  it.each(['find', 'cause', 'prove'])(
    '%s',
    async (verb) => {
      const more = verb === 'prove' ? ['--patch', join(base, 'fix.diff')] : [];
      for (const sandbox of works ? ['off', 'auto'] : ['off']) {
        const argv = [process.execPath, cli, verb, repo, '--json', '--sandbox', sandbox, ...more];
        const { stdout, stderr } = await runProcess({ argv, cwd: base, env: keyed(), timeoutMs: 120_000 });
        expect(stdout.toString(), stderr.toString()).toContain(verb === 'prove' ? '"verified"' : '-1 == 3');
        expect(stdout.toString()).not.toMatch(/(?:environ|cmdline) of |open file /);
      }
    },
    150_000,
  );

  it('in a step of the action, whose shell was started with it', async () => {
    const { runs } = Action.parse(parse(readFileSync('action.yml', 'utf8')));
    const script = join(base, 'step.sh');
    const step = runs.steps.find(({ id }) => id === 'fix');
    writeFileSync(script, step?.run ?? '');
    const files = { GITHUB_OUTPUT: join(base, 'output'), GITHUB_STEP_SUMMARY: join(base, 'summary') };
    for (const file of Object.values(files)) writeFileSync(file, '');
    const inputs = Object.fromEntries(Object.keys(step?.env ?? {}).map((name) => [name, '']));
    const own = { ...files, ACTION: process.cwd(), ROOT: repo, COMMIT: 'HEAD', RUNNER_TEMP: base };
    const argv = ['bash', '--noprofile', '--norc', '-eo', 'pipefail', script];
    const env = { ...inputs, ...keyed(), ...own, GLM_SKILL_SANDBOX: 'off' };
    const run = await runProcess({ argv, cwd: repo, env, timeoutMs: 120_000 });
    expect(readFileSync(files.GITHUB_OUTPUT, 'utf8'), run.stderr.toString()).toContain('status=verified\n');
  }, 150_000);

  it('over MCP', async () => {
    const client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: [cli, 'serve'], env: keyed(), cwd: repo, stderr: 'ignore' }),
    );
    try {
      let said = JSON.stringify(await client.callTool({ name: 'fix_failing_test', arguments: { root: repo, sandbox: 'off' } }));
      for (let job = /Still running.*Job `(\w+)`/.exec(said)?.[1]; job; job = /Still running.*Job `(\w+)`/.exec(said)?.[1])
        said = JSON.stringify(await client.callTool({ name: 'get_job', arguments: { job } }));
      expect(said).toContain('verified');
    } finally {
      await client.close();
    }
  }, 150_000);
});
