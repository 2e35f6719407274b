import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { runProcess } from '../../src/process/run.ts';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';
import { git, imprint, makeHome, makeRepo } from '../repo/fixture.ts';
import { packageRoot } from './example.ts';

const own = makeHome();
const cli = join(packageRoot, 'dist', 'cli.mjs');
const [state, temp, kept] = [join(own.home, 'state'), join(own.home, 'temp'), join(own.home, 'kept')];
const namespace = ['unshare', process.getuid?.() === 0 ? '-m' : '-rm', '--'];
const mounts = (await runProcess({ argv: [...namespace, 'true'], cwd: own.home, env: own.env }).catch(() => undefined))?.exitCode === 0;
/** In the gate every fault meets the command line or a server, in turn; `FAULTS=all` tries all with each, and tells how it ended. */
const all = process.env.FAULTS === 'all';

/** A file system of its own at `at`, gone with the program; what lies there in the end is copied out to be looked at. */
const mounted = (options: string, at: string) => [
  ...namespace,
  'sh',
  '-c',
  'trap : TERM; mount -t tmpfs -o "$0" none "$1" || exit 99; at=$1 kept=$2; shift 2; "$@"; code=$?; cp -a "$at" "$kept"; exit $code',
  options,
  at,
  kept,
];
const handles = (most: number) => ['sh', '-c', `ulimit -n ${most}; exec "$@"`, 'sh'];
/** Hours back and forth at every look, in our process and in those of the tests. */
const leaps = `const { now } = Date; let looks = 0; Date.now = () => now() + ((looks++ % 3) - 1) * 5 * 3_600_000;`;

type Fault = {
  readonly wrap?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What happens to the repository while the model thinks. */
  readonly meanwhile?: (root: string) => Promise<void>;
  /** Stopped for a while at this stage, then continued. */
  readonly pausedAt?: string;
};

const faults: Readonly<Record<string, Fault>> = {
  'no room for what is kept': { wrap: mounted('size=16k', state) },
  'little room for what is kept': { wrap: mounted('size=256k', state) },
  'no room for temporary files': { wrap: mounted('size=16k', temp) },
  'little room for temporary files': { wrap: mounted('size=128k', temp) },
  'no inode for what is kept': { wrap: mounted('nr_inodes=4', state) },
  'few inodes for what is kept': { wrap: mounted('nr_inodes=40', state) },
  'no inode for temporary files': { wrap: mounted('nr_inodes=2', temp) },
  'a read-only folder for what is kept': { wrap: mounted('ro', state) },
  'a read-only folder for temporary files': { wrap: mounted('ro', temp) },
  'a clock that jumps': { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(leaps)}` } },
  'thirty file handles': { wrap: handles(30) },
  'fifty file handles': { wrap: handles(50) },
  'a commit meanwhile': { meanwhile: async (root) => void (await git(root, 'commit', '-q', '--allow-empty', '-m', 'meanwhile')) },
  'another branch meanwhile': { meanwhile: async (root) => void (await git(root, 'checkout', '-q', '-b', 'other')) },
  'garbage collected meanwhile': {
    meanwhile: async (root) => {
      await git(root, 'commit', '-q', '--amend', '-m', 'again');
      await git(root, 'reflog', 'expire', '--expire=now', '--all');
      await git(root, 'gc', '-q', '--prune=now');
    },
  },
  'no .git any more': { meanwhile: async (root) => rmSync(join(root, '.git'), { recursive: true }) },
  'a torn index meanwhile': { meanwhile: async (root) => writeFileSync(join(root, '.git', 'index'), 'torn') },
  'stopped and continued while it observes': { pausedAt: 'observe' },
  'stopped and continued while it asks': { pausedAt: 'ask' },
  'stopped and continued while it proves': { pausedAt: 'prove' },
};

const reply =
  '## Root cause\nWhere: src/sum.js:1\nMinus.\n\n## Edits\nsrc/sum.js\n<<<<<<< SEARCH\nexport const sum = (a, b) => a - b;\n=======\nexport const sum = (a, b) => a + b;\n>>>>>>> REPLACE\n';
let gateway: Gateway;
let meanwhile = async () => {};
let root = '';
let before = {};

beforeAll(async () => {
  gateway = await startGateway({
    replies: async () => {
      await meanwhile();
      before = imprint(root);
      return reply;
    },
  });
});
afterAll(async () => {
  await gateway.close();
  own.remove();
});

async function lay(name: string, { meanwhile: happens, env }: Fault) {
  for (const folder of [state, temp, kept]) rmSync(folder, { recursive: true, force: true });
  for (const folder of [state, temp]) mkdirSync(folder);
  root = await makeRepo(own.home, name.replaceAll(/\W/g, '-'), {
    'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}',
    'src/sum.js': 'export const sum = (a, b) => a - b;\n',
    'test/sum.test.js':
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { sum } from '../src/sum.js';\ntest('adds', () => assert.equal(sum(1, 2), 3));\n",
  });
  before = imprint(root);
  meanwhile = async () => happens?.(root);
  return {
    PATH: process.env.PATH ?? '',
    HOME: own.home,
    GLM_SKILL_HOME: state,
    TMPDIR: temp,
    RUNAPI_API_KEY: 'key-of-the-stand-in',
    RUNAPI_BASE_URL: gateway.url,
    ...env,
  };
}

function begin(argv: readonly string[], env: Record<string, string>, pausedAt: string | undefined) {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { env, cwd: own.home, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const closed = once(child, 'close');
  let [out, err] = ['', ''];
  let paused = pausedAt === undefined;
  child.stdin.on('error', () => {});
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
    if (paused || !err.includes(`${pausedAt}:`)) return;
    paused = true;
    child.kill('SIGSTOP');
    setTimeout(() => child.kill('SIGCONT'), 1_500);
  });
  return { child, closed, out: () => out, err: () => err };
}

/** Files below our folders that nobody can read: temporary ones, and JSON that ends in the middle. */
function halfWritten(): string[] {
  const folder = existsSync(kept) ? kept : state;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => {
    if (/\.\d+\.[0-9a-f]{12}$/.test(name)) return true;
    if (!/\.jsonl?$/.test(name) || !statSync(join(folder, name)).isFile()) return false;
    const text = readFileSync(join(folder, name), 'utf8');
    try {
      for (const part of name.endsWith('l') ? text.split('\n').filter(Boolean) : [text]) JSON.parse(part);
      return false;
    } catch {
      return true;
    }
  });
}

const leftovers = () => readdirSync(temp).filter((name) => name.startsWith('glm-skill-'));
const stack = /^\s+at .*:\d+:\d+\)?$|Unhandled|\bbug\b/im;

const possible = Object.entries(faults).filter(([, { wrap }]) => mounts || wrap?.[0] !== 'unshare');
const met = (turn: number) => possible.filter((_, at) => all || at % 3 === turn);

describe('the command line ends with a result or a sentence, the tree as it was, nothing half written', () => {
  test.each(met(0))('%s', async (name, fault) => {
    const env = await lay(`cli ${name}`, fault);
    const argv = [...(fault.wrap ?? []), process.execPath, cli, 'fix', root, '--json', '--attempts', '1'];
    const { closed, out, err, child } = begin(argv, env, fault.pausedAt);
    child.stdin.end();
    const [code] = await closed;
    const report = out() ? JSON.parse(out()) : undefined;
    if (all)
      console.log(
        `${name}: ${code} ${report?.status ?? ''} ${report?.error?.message ?? ''} ${JSON.stringify(report?.warnings ?? '')}\n${err()}\n${leftovers()} ${halfWritten()}`,
      );
    expect([0, 1, 2]).toContain(code);
    expect(report?.status ?? report?.error?.code ?? err()).toMatch(/^[\w ]+$|^(?:[^\n]+: .*\n)*exhausted: [^\n]+\n[^\n]+\n$/);
    expect(err()).not.toMatch(stack);
    expect(imprint(root)).toEqual(before);
    expect([...leftovers(), ...halfWritten()]).toEqual([]);
  });
});

type Begun = ReturnType<typeof begin>;
const Answer = z.looseObject({ result: z.any().optional(), ended: z.number().optional() });
type Answer = z.infer<typeof Answer>;
/** Asks a server; one that has ended answers with that. */
type Asking = (method: string, params?: object) => Promise<Answer>;
type Door = { readonly argv: readonly string[]; readonly open: (begun: Begun) => Promise<Asking>; readonly end: (begun: Begun) => void };

async function sooner<Found>({ child }: Begun, find: () => Found | undefined): Promise<Found | undefined> {
  for (let waits = 0; waits < 1_200 && child.exitCode === null; waits++) {
    const found = find();
    if (found) return found;
    await sleep(50);
  }
  return undefined;
}

const message = (id: number, method: string, params: object = {}) => JSON.stringify({ jsonrpc: '2.0', id, method, params });
const token = 'a-token-of-this-test-alone';

const doors: Readonly<Record<string, Door>> = {
  'over stdio': {
    argv: ['serve'],
    open: async (begun) => {
      let asked = 0;
      return async (method, params) => {
        const id = ++asked;
        begun.child.stdin.write(`${message(id, method, params)}\n`);
        const lines = () => begun.out().split('\n').filter(Boolean);
        const answer = await sooner(begun, () => lines().find((line) => JSON.parse(line).id === id));
        return Answer.parse(answer ? JSON.parse(answer) : { ended: begun.child.exitCode ?? -1 });
      };
    },
    end: ({ child }) => child.stdin.end(),
  },
  'over HTTP': {
    argv: ['serve', '--http', '--port', '0', '--allow-root', own.home, '--token-file', join(own.home, 'token')],
    open: async (begun) => {
      const url = (await sooner(begun, () => /http:\S+\/mcp/.exec(begun.err())))?.[0];
      let asked = 0;
      let session: Record<string, string> = {};
      return async (method, params) => {
        const id = ++asked;
        if (url === undefined) return Answer.parse({ ended: begun.child.exitCode ?? -1 });
        const headers = { authorization: `Bearer ${token}`, accept: 'application/json, text/event-stream', ...session };
        const response = await fetch(url, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: message(id, method, params),
        });
        session = { 'mcp-session-id': response.headers.get('mcp-session-id') ?? session['mcp-session-id'] ?? '' };
        const lines = (await response.text()).split('\n').map((line) => line.replace(/^data: /, ''));
        return Answer.parse(JSON.parse(lines.findLast((line) => line.startsWith('{')) ?? '{}'));
      };
    },
    end: ({ child }) => void (child.pid && child.exitCode === null && process.kill(-child.pid, 'SIGTERM')),
  },
};

describe.each(Object.entries(doors))('the server answers %s and goes on, the tree as it was, nothing half written', (where, door) => {
  test.each(met(where === 'over stdio' ? 1 : 2))('%s', async (name, fault) => {
    const env = await lay(`${where} ${name}`, fault);
    writeFileSync(join(own.home, 'token'), token, { mode: 0o600 });
    const begun = begin([...(fault.wrap ?? []), process.execPath, cli, ...door.argv], env, fault.pausedAt);
    const ask = await door.open(begun);
    const hello = await ask('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } });
    if (hello.ended === undefined) {
      let answer = await ask('tools/call', { name: 'fix_failing_test', arguments: { root, attempts: 1 } });
      while (answer.result?.structuredContent?.status === 'running')
        answer = await ask('tools/call', { name: 'get_job', arguments: { job: answer.result.structuredContent.job } });
      if (all) console.log(`${name}, ${where}: ${JSON.stringify(answer).slice(0, 600)}\n${begun.err()}`);
      expect(answer.result?.content?.[0]?.text).toMatch(/./);
      expect(JSON.stringify(answer)).not.toMatch(/Unhandled|\\n\s+at |"bug"/);
      expect(await ask('ping')).toMatchObject({ result: {} });
    }
    door.end(begun);
    const [code] = await begun.closed;
    expect([0, 2]).toContain(code);
    expect(begun.err()).not.toMatch(stack);
    expect(imprint(root)).toEqual(before);
    expect([...leftovers(), ...halfWritten()]).toEqual([]);
  });
});
