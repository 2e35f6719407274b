import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A server of one test file: private, on a free port, gone with the file. `kill` is kill -9; `start` starts it again on what it kept. */
export type Server = {
  readonly url: string;
  readonly start: () => Promise<void>;
  readonly kill: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

const onPath = (name: string) =>
  (process.env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, name))
    .find(existsSync);
const postgresBin = ['15', '16', '17', '14', '13']
  .map((version) => `/usr/lib/postgresql/${version}/bin`)
  .find((folder) => existsSync(join(folder, 'postgres')));

export const redisHere = onPath('redis-server') !== undefined;
export const postgresHere = postgresBin !== undefined;

export async function redisServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'glm-skill-redis-'));
  const port = await freePort();
  const argv = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
  ];
  return serverOf(
    folder,
    `redis://127.0.0.1:${port}`,
    () => spawn('redis-server', argv, { stdio: ['ignore', 'pipe', 'ignore'] }),
    /Ready to accept connections/,
  );
}

/** PostgreSQL does not run as root: then it runs as the user of its package. */
export async function postgresServer(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'glm-skill-postgres-'));
  const port = await freePort();
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  const user = userInfo().uid === 0 ? { uid: id('-u'), gid: id('-g') } : {};
  const data = join(folder, 'data');
  mkdirSync(data, { mode: 0o700 });
  for (const path of [folder, data]) if (user.uid !== undefined) chownSync(path, user.uid, user.gid);
  const bin = postgresBin ?? '';
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'glm', '-A', 'trust', '--no-sync', '-E', 'UTF8'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  const argv = ['-D', data, '-p', String(port), '-k', folder, '-h', '127.0.0.1'];
  const start = () => spawn(join(bin, 'postgres'), argv, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  return serverOf(folder, `postgres://glm@127.0.0.1:${port}/postgres`, start, /database system is ready to accept connections/);
}

async function serverOf(folder: string, url: string, spawnIt: () => ChildProcess, ready: RegExp): Promise<Server> {
  let child: ChildProcess | undefined;
  const start = async () => {
    const started = spawnIt();
    child = started;
    await new Promise<void>((resolve, reject) => {
      let said = '';
      for (const stream of [started.stdout, started.stderr])
        stream?.on('data', (chunk: Buffer) => {
          said += chunk;
          if (ready.test(said)) resolve();
        });
      started.once('exit', (code) => reject(new Error(`${url} ended with ${code}: ${said.slice(-500)}`)));
    });
  };
  const kill = async () => {
    const ended = child;
    if (!ended || ended.exitCode !== null || ended.signalCode !== null) return;
    ended.removeAllListeners('exit');
    const gone = new Promise((resolve) => ended.once('exit', resolve));
    ended.kill('SIGKILL');
    await gone;
    // Children of PostgreSQL notice a moment later that their parent is gone.
    await sleep(300);
  };
  await start();
  return {
    url,
    start,
    kill,
    remove: async () => {
      await kill();
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
    },
  };
}
