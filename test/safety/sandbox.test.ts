import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createPipe } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folders, readEnvironment } from '../../src/config.ts';
import { GlmError } from '../../src/errors.ts';
import { runProcess } from '../../src/process/run.ts';
import { bubblewrap, findBwrap } from '../../src/safety/sandbox/bubblewrap.ts';
import { planMounts } from '../../src/safety/sandbox/mounts.ts';
import { findSandbox, type Sandbox } from '../../src/safety/sandbox/sandbox.ts';
import { seatbelt } from '../../src/safety/sandbox/seatbelt.ts';
import { withToolchains } from '../../src/safety/sandbox/toolchains.ts';

const env = readEnvironment();
const base = realpathSync(mkdtempSync(join(tmpdir(), 'glm-sandbox-')));
const home = join(base, 'home');
const tree = join(base, 'cache', 'tree');
const needs = { env, folders: { ...folders(env), home } };
const found = await findSandbox('auto', needs);
const works = found.name === 'bubblewrap';
if (!works) process.stderr.write(`bubblewrap tests are skipped: ${found.reason}\n`);

beforeAll(() => {
  for (const folder of [join(home, '.ssh'), join(home, '.config', 'gh'), join(tree, '.git', 'hooks')])
    mkdirSync(folder, { recursive: true });
  writeFileSync(join(home, '.ssh', 'id_ed25519'), 'PRIVATE');
  writeFileSync(join(home, '.npmrc'), 'TOKEN');
  writeFileSync(join(tree, 'a.txt'), 'mine');
  writeFileSync(join(tree, '.git', 'config'), 'clean');
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

async function inside(script: string, reach: { readable?: string[]; extra?: Record<string, string> } = {}, sandbox: Sandbox = found) {
  const run = await runProcess({
    argv: sandbox.wrap([process.execPath, '-e', script], {
      cwd: tree,
      writable: [tree],
      readable: [join(process.execPath, '..', '..'), ...(reach.readable ?? [])],
    }),
    cwd: tree,
    env: { PATH: env.PATH ?? '', HOME: home, ...reach.extra },
    timeoutMs: 20_000,
  });
  return { code: run.exitCode, out: run.stdout.toString().trim(), err: run.stderr.toString() };
}
const attempt = (code: string) => `try { ${code} } catch (e) { console.log(e.code) }`;

describe.skipIf(!works)('bubblewrap', () => {
  it('gives Gradle a home that it may write, with the wrappers and the modules that the user has', async () => {
    const user = join(home, '.gradle');
    const dist = join(user, 'wrapper', 'dists', 'gradle-8.9-bin', 'abc');
    for (const folder of [join(dist, 'gradle-8.9', 'bin'), join(user, 'caches', 'modules-2')]) mkdirSync(folder, { recursive: true });
    for (const name of ['gradle-8.9-bin.zip.ok', 'gradle-8.9-bin.zip.lck', 'gradle-8.9/bin/gradle']) writeFileSync(join(dist, name), '');
    writeFileSync(join(user, 'caches', 'modules-2', 'a.jar'), 'jar');
    const reach = { cwd: tree, writable: [tree], readable: [join(process.execPath, '..', '..')] };
    const script = `
      const fs = require('fs');
      const dist = process.env.GRADLE_USER_HOME + '/wrapper/dists/gradle-8.9-bin/abc/';
      for (const name of ['zip.lck', 'zip.ok']) console.log(name, fs.existsSync(dist + 'gradle-8.9-bin.' + name));
      fs.writeFileSync(dist + 'gradle-8.9-bin.zip.lck', '');
      console.log(fs.readdirSync(dist + 'gradle-8.9/bin').join(), fs.readFileSync(process.env.GRADLE_RO_DEP_CACHE + '/modules-2/a.jar', 'utf8'));
      ${attempt("fs.writeFileSync(process.env.GRADLE_RO_DEP_CACHE + '/x', ''); console.log('WROTE')")}`;
    const run = await runProcess({
      argv: found.wrap([process.execPath, '-e', script], withToolchains(reach, { HOME: home })),
      cwd: tree,
      env: { PATH: env.PATH ?? '', HOME: home },
      timeoutMs: 20_000,
    });
    expect(run.stdout.toString().trim().split('\n'), run.stderr.toString()).toEqual([
      'zip.lck false',
      'zip.ok true',
      'gradle jar',
      'EROFS',
    ]);
    rmSync(user, { recursive: true });
  });

  it('lets a program write its folder and nothing else', async () => {
    const outside = join(base, 'outside');
    mkdirSync(outside);
    const run = await inside(`
      const fs = require('fs');
      fs.writeFileSync('b.txt', 'made');
      for (const path of ['/etc/x', '/usr/x', '/x', ${JSON.stringify(join(outside, 'x'))}, '.git/hooks/pre-commit', '.git/config'])
        ${attempt("fs.writeFileSync(path, 'evil'); console.log('WROTE', path)")}`);
    expect(run.err).toBe('');
    expect(run.out).not.toContain('WROTE');
    expect(readFileSync(join(tree, 'b.txt'), 'utf8')).toBe('made');
    expect(readFileSync(join(tree, '.git', 'config'), 'utf8')).toBe('clean');
    expect(existsSync(join(outside, 'x'))).toBe(false);
  });

  it('shows neither credentials of the home folder, nor other processes, nor a key we hold', async () => {
    const secret = 'k-7261';
    const holder = await runProcess({ argv: ['sh', '-c', 'true'], cwd: base, env: { SECRET_KEY: secret } });
    expect(holder.exitCode).toBe(0);
    const run = await inside(
      `const fs = require('fs'), home = ${JSON.stringify(home)};
       for (const path of ['.ssh/id_ed25519', '.npmrc', '.config/gh']) ${attempt('console.log(String(fs.statSync(home + "/" + path).isDirectory() ? fs.readdirSync(home + "/" + path) : fs.readFileSync(home + "/" + path)))')}
       const pids = fs.readdirSync('/proc').filter((name) => /^\\d+$/.test(name));
       console.log('pids', pids.length, pids.some((pid) => { try { return fs.readFileSync('/proc/' + pid + '/environ', 'utf8').includes('RUNAPI') } catch { return false } }));
       ${attempt(`process.kill(${process.pid}, 0); console.log('SAW US')`)}`,
      // Even where the toolchain lies below the home folder and is mounted with it.
      { readable: [join(home, '.config')] },
    );
    expect(run.err).toBe('');
    expect(run.out).not.toMatch(/PRIVATE|TOKEN|SAW US/);
    expect(run.out).toMatch(/pids [1-4] false/);
  });

  it('has a loopback of its own and reaches no service of the host', async () => {
    const server = createServer((_request, response) => response.end('host')).listen(0, '127.0.0.1');
    const pipe = join(base, 'socket');
    const local = createPipe((socket) => socket.end('host')).listen(pipe);
    await new Promise((done) => server.once('listening', done));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const run = await inside(`
      const http = require('http'), net = require('net');
      const get = (port) => new Promise((done) => http.get({ host: '127.0.0.1', port }, (r) => r.on('data', (d) => done(String(d)))).on('error', (e) => done(e.code)));
      const knock = (to) => new Promise((done) => net.connect(to).on('connect', () => done('CONNECTED')).on('error', (e) => done(e.code)));
      const own = http.createServer((q, r) => r.end('own')).listen(0, '127.0.0.1', async () => {
        console.log(await get(own.address().port), await get(${port}), await knock({ path: ${JSON.stringify(pipe)} }), await knock({ host: '192.0.2.1', port: 80 }));
        process.exit();
      });`);
    server.close();
    local.close();
    expect(run.out).toMatch(/^own ECONNREFUSED ENOENT (?:ENETUNREACH|EHOSTUNREACH)$/);
  });

  it('leaves no process behind, not even one that left its session', async () => {
    const mark = join(tree, 'alive');
    await inside(`
      const { spawn } = require('child_process');
      spawn('setsid', ['sh', '-c', 'trap "" TERM HUP; sleep 1; echo still > ${mark}'], { detached: true, stdio: 'ignore' }).unref();
      setTimeout(() => process.exit(), 100);`);
    await new Promise((done) => setTimeout(done, 1500));
    expect(existsSync(mark)).toBe(false);
  });

  it('writes nothing on the host through links that a repository left behind', async () => {
    const victim = join(base, 'victim');
    const hostile = join(base, 'hostile');
    mkdirSync(victim);
    mkdirSync(hostile);
    symlinkSync(`/oldroot${victim}`, join(hostile, '.git'));
    symlinkSync(victim, join(hostile, 'out'));
    const reach = { cwd: hostile, writable: [hostile], readable: [join(hostile, 'out', 'deeper')] };
    const run = await runProcess({ argv: found.wrap(['true'], reach), cwd: hostile, env: { PATH: env.PATH ?? '' }, timeoutMs: 10_000 });
    expect(run.exitCode).toBe(0);
    expect(existsSync(join(victim, 'deeper'))).toBe(false);
    expect(bubblewrap('bwrap', ['true'], reach, home).join(' ')).not.toContain(`${hostile}/.git`);
  });

  it('runs with limits on file size and core dumps', async () => {
    const run = await inside(
      `console.log(require('fs').readFileSync('/proc/self/limits', 'utf8').match(/(?:file size|core file size) +\\d+/g).join())`,
    );
    expect(run.out).toContain('4294967296');
    expect(run.out).toMatch(/core file size +0/);
  });
});

describe('modes', () => {
  it('off runs as it is and says why', async () => {
    const off = await findSandbox('off', needs);
    expect(off).toMatchObject({ name: 'none', reason: 'switched off' });
    expect(off.wrap(['a', 'b'], { cwd: '/', writable: [], readable: [] })).toEqual(['a', 'b']);
  });

  it('on fails closed where none works, or runs in one', async () => {
    if (works) expect((await findSandbox('on', needs)).name).toBe('bubblewrap');
    else await expect(findSandbox('on', needs)).rejects.toBeInstanceOf(GlmError);
  });

  it('finds bubblewrap in no folder that a repository fills', () => {
    const bin = join(base, 'node_modules', '.bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'bwrap'), '');
    expect(findBwrap(`${bin}:.`) ?? '').not.toContain('node_modules');
  });
});

describe('mounts', () => {
  it('never mount the home folder or what is above it for reading', () => {
    expect(planMounts({ cwd: tree, writable: [], readable: [home, base, '/'] }, home)).toEqual([]);
  });

  it('refuse a place behind a link inside another mount', () => {
    const outer = join(base, 'outer');
    mkdirSync(join(outer, 'real'), { recursive: true });
    symlinkSync(join(outer, 'real'), join(outer, 'link'));
    const paths = planMounts({ cwd: outer, writable: [outer], readable: [join(outer, 'link')] }, home).map(({ path }) => path);
    expect(paths).toEqual([outer, join(outer, 'real')]);
  });
});

describe('seatbelt', () => {
  it('denies by default, gives paths as parameters and allows only loopback', () => {
    const argv = seatbelt(['npm', 'test'], { cwd: tree, writable: [tree, '/tmp/"evil")'], readable: [] }, home);
    const profile = argv[argv.indexOf('-p') + 1] ?? '';
    expect(argv[0]).toBe('/usr/bin/sandbox-exec');
    expect(argv.slice(-2)).toEqual(['npm', 'test']);
    expect(profile).toContain('(deny default)');
    expect(profile).not.toContain('evil');
    expect(profile.match(/network/g)).toHaveLength(2);
    expect(profile.match(/\(allow network[^\n]*/g)?.every((line) => line.includes('localhost'))).toBe(true);
    expect(argv).toContain(`WRITE0=${tree}`);
    expect(argv).toContain(`GIT0=${join(tree, '.git')}`);
    expect(argv).toContain(`SECRET0=${join(home, '.ssh')}`);
    expect((profile.match(/\(/g) ?? []).length).toBe((profile.match(/\)/g) ?? []).length);
  });
});
