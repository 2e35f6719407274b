import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { Jobs } from '../jobs/run.ts';
import { version } from '../version.ts';
import { openWiring } from '../wiring.ts';
import { makeDrain } from './drain.ts';
import { outlive } from './outlive.ts';
import { makeServer, serveOverStdio } from './sdk.ts';

const parentEveryMs = 5_000;
const closeMs = 3_000;
const answerMs = 1_000;

/** Serves MCP on stdio until the client is gone. Only JSON-RPC reaches stdout: everything else that prints there goes to stderr. */
export async function serve(baseUrl: string | undefined): Promise<void> {
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  process.stdout.on('error', () => {});
  process.stderr.on('error', () => {});
  outlive();

  const wiring = openWiring(baseUrl);
  const start: Jobs['start'] = (work) => {
    // Small heaps are for waiting; from the first job on, speed counts.
    setFlagsFromString('--no-optimize-for-size');
    return wiring.jobs.start(work);
  };
  const drain = makeDrain();
  const make = () => makeServer({ ...wiring, jobs: { ...wiring.jobs, start } }, version, { drain });
  const client = serveOverStdio(make, (chunk, done) => write(chunk, () => done()));
  const why = await Promise.race([client, orphaned(), signalled().then(() => 'signalled' as const)]);
  if (why === 'signalled') await drain.start(answerMs);
  await Promise.race([wiring.jobs.close(closeMs), sleep(closeMs)]);
  process.exit(0);
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => resolve());
  });
}

/** Some clients die without closing our stdin; then our parent changes. */
function orphaned(): Promise<void> {
  const parent = process.ppid;
  return new Promise((resolve) => {
    setInterval(() => {
      if (process.ppid !== parent) resolve();
    }, parentEveryMs).unref();
  });
}
