/**
 * The queue with real servers on loopback and real workers, whose tasks wait, compute and ask a stand-in that counts. Usage:
 *   node bench/run.mjs fleet [--on redis|postgres] [--part kills|rate|rest|red] [--tasks 1000] [--workers 10] [--every 3] [--rows 100] [--causes 10]
 * kills: workers die by kill -9 every few seconds and the server three times. rate: ten workers beside one, and two beside one that compute.
 * rest: adding, a long result, a task longer than its lock, cancelling, draining. red: a batch of red repositories of a few causes.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { raw } from '../scripts/raw.mjs';
import { lockMs } from '../src/fleet/engine/bullmq.ts';
import { openQueue } from '../src/fleet/engine/open.ts';
import type { Task } from '../src/jobs/queue.ts';
import { type Gateway, startGateway } from '../src/stand-in/gateway.ts';
import { postgresServer, redisServer, type Server } from '../test/slow/servers.ts';
import { runRed } from './fleet/red.ts';

const never = new AbortController().signal;
const say = (what: string, value: string) => console.log(`| ${what} | ${value} |`);

type World = { readonly server: Server; readonly gateway: Gateway; readonly home: string; readonly program: string };
type Worker = ChildProcess & { readonly gone: Promise<unknown> };

/** Each on a machine of its own: nothing is shared but the server. */
function hire({ server, gateway, home, program }: World, name: string, jobs: number): Worker {
  const worker = spawn(process.execPath, [program, server.url, gateway.url, join(home, name), String(jobs)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return Object.assign(worker, { gone: new Promise((resolve) => worker.once('exit', resolve)) });
}

async function leave(workers: Iterable<Worker>): Promise<void> {
  for (const worker of workers) worker.stdin?.end();
  for (const worker of workers) await worker.gone;
}

const asksOf = ({ requests }: Gateway) =>
  requests.filter(({ path }) => path.startsWith('/v1/chat')).map(({ raw: text }) => /question \d+/.exec(text)?.[0] ?? '');

async function kills(world: World, tasks: number, workers: number, everyMs: number): Promise<void> {
  const { server, gateway, home } = world;
  const { queue, close } = await openQueue(server.url, {});
  const all = Array.from(
    { length: tasks },
    (_, at): Task => ({ id: `q-${at}`, kind: 'ask', data: { question: `question ${at}`, waitMs: 50 } }),
  );
  const begun = performance.now();
  await queue.add(all);
  const alive = new Set<Worker>();
  let born = 0;
  const fill = () => {
    for (const worker of alive) if (worker.exitCode !== null || worker.signalCode !== null) alive.delete(worker);
    while (alive.size < workers) alive.add(hire(world, `m${born++}`, 2));
  };
  fill();
  let over = false;
  const ended = Promise.all(all.map(({ id }) => queue.wait(id, { signal: never }))).finally(() => (over = true));
  let killed = 0;
  let brokers = 0;
  while (!over) {
    await Promise.race([sleep(everyMs), ended]);
    const done = asksOf(gateway).length;
    if (over) break;
    const victim = [...alive][Math.floor(Math.random() * alive.size)];
    if (victim) {
      victim.kill('SIGKILL');
      await victim.gone;
      alive.delete(victim);
      killed++;
    }
    if (brokers < 3 && done >= ((brokers + 1) * tasks) / 4) {
      await server.kill();
      await server.start();
      brokers++;
    }
    fill();
  }
  const states = await ended;
  const seconds = (performance.now() - begun) / 1000;
  await leave(alive);
  const asked = asksOf(gateway);
  const left: string[] = [];
  for (const name of await readdir(home))
    for (const at of ['state/batches', 'cache/worktrees', 'state/fleet-tmp'])
      left.push(...(await readdir(join(home, name, at)).catch(() => [])));
  say('tasks, workers', `${tasks}, ${workers} with two hands each, ${seconds.toFixed(0)} s`);
  say('killed with -9', `${killed} workers, the server ${brokers} times`);
  say('lost', `${states.filter((state) => state?.state !== 'done').length}`);
  say(
    'wrong results',
    `${states.filter((state, at) => JSON.stringify(state?.result) !== JSON.stringify({ text: `to question ${at}` })).length}`,
  );
  say('requests that the gateway counted', `${asked.length}`);
  say('paid twice', `${asked.length - new Set(asked).size}`);
  say('most requests at a time, of 3 allowed', `${gateway.load().most}`);
  say('folders left', `${left.length}`);
  await close();
}

/** Tasks in a second, from the first end to the last: starting up counts for nobody. */
async function rateOf(world: World, count: number, tasks: number, data: Task['data'], mark: string): Promise<number> {
  const { queue, close } = await openQueue(world.server.url, {});
  const workers = Array.from({ length: count }, (_, at) => hire(world, `${mark}${at}`, 1));
  const warm = Array.from({ length: count * 2 }, (_, at): Task => ({ id: `${mark}w${at}`, kind: 'wait', data: { waitMs: 1_500 } }));
  await queue.add(warm);
  await Promise.all(warm.map(({ id }) => queue.wait(id, { signal: never })));
  const all = Array.from({ length: tasks }, (_, at): Task => ({ id: `${mark}t${at}`, kind: 'wait', data }));
  const begun = performance.now();
  await queue.add(all);
  await Promise.all(all.map(({ id }) => queue.wait(id, { signal: never })));
  const seconds = (performance.now() - begun) / 1000;
  await leave(workers);
  await close();
  return tasks / seconds;
}

async function rate(world: World): Promise<void> {
  const waits = { waitMs: 1_000 };
  const one = await rateOf(world, 1, 15, waits, 'a');
  const ten = await rateOf(world, 10, 150, waits, 'b');
  say('tasks that wait 1 s: ten workers beside one', `${ten.toFixed(2)} and ${one.toFixed(2)} a second: × ${(ten / one).toFixed(1)}`);
  const computes = { computeMs: 400 };
  const single = await rateOf(world, 1, 12, computes, 'c');
  const two = await rateOf(world, 2, 24, computes, 'd');
  say(
    'tasks that compute 0.4 s: two workers beside one',
    `${two.toFixed(2)} and ${single.toFixed(2)} a second: × ${(two / single).toFixed(2)}`,
  );
}

async function rest(world: World): Promise<void> {
  const { queue, shelf, close } = await openQueue(world.server.url, {});
  const all = Array.from({ length: 1_000 }, (_, at): Task => ({ id: `later-${at}`, kind: 'wait', data: { row: { root: `/repo/${at}` } } }));
  const begun = performance.now();
  await queue.add(all);
  say('adding a row', `${((performance.now() - begun) / all.length).toFixed(2)} ms of 1,000 at once`);
  const single = performance.now();
  for (let at = 0; at < 100; at++) await queue.add([{ id: `alone-${at}`, kind: 'wait', data: {} }]);
  say('adding a row by itself', `${((performance.now() - single) / 100).toFixed(2)} ms`);
  for (const id of [...all.map((one) => one.id), ...Array.from({ length: 100 }, (_, at) => `alone-${at}`)]) await queue.cancel(id);

  const worker = hire(world, 'rest', 2);
  const bytes = 2 << 20;
  await queue.add([{ id: 'large', kind: 'wait', data: { bytes } }]);
  const large = JSON.stringify((await queue.wait('large', { signal: never }))?.result).length;
  await shelf.keep('large', 'x'.repeat(bytes));
  say('a result and a text of 2 MB', `${large} bytes came back, ${(await shelf.read('large'))?.length} from the shelf`);

  await queue.add([{ id: 'endless', kind: 'wait', data: { waitMs: 600_000 } }]);
  while ((await queue.look('endless'))?.state !== 'running') await sleep(50);
  const cancelled = performance.now();
  await queue.cancel('endless');
  await queue.wait('endless', { signal: never });
  say('cancelled from elsewhere, it ended after', `${((performance.now() - cancelled) / 1000).toFixed(2)} s`);

  const longMs = 4 * lockMs;
  const second = hire(world, 'rest2', 2);
  await queue.add([{ id: 'long', kind: 'wait', data: { waitMs: longMs } }]);
  const long = await queue.wait('long', { signal: never });
  say(`a task of ${longMs / 1000} s, four times its lock of ${lockMs / 1000} s`, `${long?.state}, begun ${long?.attempt} time`);

  await queue.add([{ id: 'last', kind: 'wait', data: { waitMs: 3_000 } }]);
  while ((await queue.look('last'))?.state !== 'running') await sleep(50);
  await leave([worker, second]);
  const last = await queue.look('last');
  say('drained while it ran', `${last?.state}, begun ${last?.attempt} time`);
  await close();
}

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      on: { type: 'string', default: 'redis' },
      part: { type: 'string', default: 'kills' },
      tasks: { type: 'string', default: '1000' },
      workers: { type: 'string', default: '10' },
      every: { type: 'string', default: '3' },
      rows: { type: 'string', default: '100' },
      causes: { type: 'string', default: '10' },
      cli: { type: 'string', default: join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs') },
    },
  });
  const home = await mkdtemp(join(tmpdir(), 'fleet-'));
  if (values.part === 'red') {
    await runRed({ home, cli: values.cli, rows: Number(values.rows), causes: Number(values.causes) }, say).finally(() =>
      rm(home, { recursive: true, force: true }),
    );
    return;
  }
  const program = join(import.meta.dirname, 'hand.mjs');
  const entryPoints = [join(import.meta.dirname, '..', '..', 'test', 'slow', 'hand.ts')];
  await build({ entryPoints, outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external', plugins: [raw] });
  const server = await (values.on === 'postgres' ? postgresServer() : redisServer());
  const gateway = await startGateway({ replies: (request) => ({ text: `to ${/question \d+/.exec(request.raw)?.[0]}`, delayMs: 60 }) });
  const machines = join(home, 'machines');
  await mkdir(machines);
  const world: World = { server, gateway, home: machines, program };
  const interrupted = () => {
    void Promise.all([server.remove(), rm(home, { recursive: true, force: true })]).finally(() => process.exit(130));
  };
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    console.log(`| ${values.on}, ${values.part} | |\n|---|---|`);
    if (values.part === 'kills') await kills(world, Number(values.tasks), Number(values.workers), Number(values.every) * 1000);
    else if (values.part === 'rate') await rate(world);
    else await rest(world);
  } finally {
    await gateway.close();
    await server.remove();
    await rm(home, { recursive: true, force: true });
  }
}
