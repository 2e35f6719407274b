import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, test } from 'vitest';
import { folders } from '../../src/config.ts';
import { runProcess } from '../../src/process/run.ts';
import { confine } from '../../src/safety/sandbox/confine.ts';
import { remedy } from '../../src/safety/sandbox/remedy.ts';
import { findSandbox } from '../../src/safety/sandbox/sandbox.ts';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
const base = mkdtempSync(join(tmpdir(), 'glm-confine-'));
const repo = join(base, 'repo');
const env = { PATH: process.env.PATH ?? '', HOME: base, GLM_SKILL_HOME: join(base, 'glm') };
const works = (await findSandbox('auto', { env, folders: folders(env) })).name !== 'none';
mkdirSync(repo);
afterAll(() => rmSync(base, { recursive: true, force: true }));

test.skipIf(process.platform !== 'linux')(
  'a server that was started with a key shows it to nobody, and passes on what is no secret',
  async () => {
    const key = `glm-${'k9x2'.repeat(8)}`;
    const server = spawn(process.execPath, [cli, 'serve'], { cwd: repo, env: { ...env, RUNAPI_API_KEY: key, OTHER: 'plain-9' } });
    try {
      const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } };
      server.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: initialize })}\n`);
      await new Promise((resolve) => server.stdout.once('data', resolve));
      for (const name of ['environ', 'cmdline']) expect(readFileSync(`/proc/${server.pid}/${name}`, 'utf8')).not.toContain(key);
      expect(readFileSync(`/proc/${server.pid}/environ`, 'utf8')).toContain('OTHER=plain-9');
    } finally {
      server.kill();
    }
  },
);

test.skipIf(!works)('where a sandbox works, tests see neither the processes above nor the files that hold keys', async () => {
  const config = join(base, 'glm', 'config');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'keys.json'), '{"runapi.ai":"stored"}');
  const wrap = await confine([repo], { env, folders: folders(env) });
  const look = `ls /proc | grep -c '^[0-9]'; cat '${join(config, 'keys.json')}' | wc -c; echo made > '${join(repo, 'made')}'; ls '${base}' | grep -c repo`;
  const run = await runProcess({ argv: wrap?.(['/bin/sh', '-c', look], repo) ?? [], cwd: repo, env, timeoutMs: 20_000 });
  const [processes, bytes, listed] = run.stdout.toString().trim().split('\n').map(Number);
  expect(processes, run.stderr.toString()).toBeLessThan(8);
  expect(bytes).toBe(0);
  expect(listed).toBe(1);
});

test.skipIf(!works)('where a sandbox works, tests cannot write to the program that runs them, unless it is what is tested', async () => {
  const own = join(import.meta.dirname, '..', '..', 'src', 'safety', 'sandbox');
  const tried = async (writable: string) => {
    const wrap = await confine([writable], { env, folders: folders(env) });
    const argv = ['/bin/sh', '-c', `: >> '${join(own, 'confine.ts')}' && echo written; : >> '${process.execPath}' && echo written`];
    return (await runProcess({ argv: wrap?.(argv, writable) ?? [], cwd: writable, env, timeoutMs: 20_000 })).stdout.toString();
  };
  expect(await tried(repo)).toBe('');
  expect(await tried(own)).toContain('written');
});

const ubuntu = 'NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n';
it.each([
  ['Debian without it', false, { '/etc/os-release': 'ID=debian\n' }, /^sudo apt install bubblewrap$/],
  ['Fedora without it', false, { '/etc/os-release': 'ID=fedora\n' }, /^sudo dnf install bubblewrap$/],
  [
    'Ubuntu 24 without it',
    false,
    { '/etc/os-release': ubuntu, '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
    /apt install bubblewrap, and .*apparmor_parser/,
  ],
  [
    'Ubuntu 24 with it',
    true,
    { '/etc/os-release': ubuntu, '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
    /restricts user namespaces.*bwrap-userns-restrict/,
  ],
  ['an old Debian', true, { '/proc/sys/kernel/unprivileged_userns_clone': '0\n' }, /kernel\.unprivileged_userns_clone=1$/],
  ['a container', true, {}, /container/],
])('what would give a sandbox: %s', (_name, installed, files: Readonly<Record<string, string>>, said) => {
  expect(remedy(installed, (path) => files[path] ?? '')).toMatch(said);
});
