import { setTimeout as sleep } from 'node:timers/promises';
import { openQueue } from '../../src/fleet/engine/open.ts';
import { openKeeping } from '../../src/fleet/keeper-client.ts';
import { keepReplies } from '../../src/fleet/reply-keeper.ts';
import { askFor } from '../../src/fleet/work.ts';
import { runCrew } from '../../src/fleet/worker-loop.ts';
import { openWiring } from '../../src/wiring.ts';

/**
 * hand.ts QUEUE GATEWAY HOME JOBS: a worker like any other, whose tasks only wait, compute and ask the gateway, so that a thousand
 * of them take no minutes. Queue, heartbeats, fencing, the process that asks, shared replies, places and caps are the real ones. It ends
 * when its stdin does.
 */
const [url = '', gateway = '', home = '', jobs = '2'] = process.argv.slice(2);
if (url === 'keep-replies') {
  await keepReplies(process.stdin, process.stdout);
  process.exit(0);
}
const env = { GLM_SKILL_HOME: home, RUNAPI_API_KEY: 'key-of-the-stand-in', GLM_SKILL_CONCURRENCY: '3', GLM_SKILL_DAILY_CAP: '500' };
const opened = await openQueue(url, env);
const keeping = openKeeping([process.execPath, process.argv[1] ?? '', 'keep-replies'], { queue: url, baseUrl: gateway, env });
const ask = keeping.askAs(undefined);
const wiring = openWiring(gateway, env, { through: () => ask });
const drain = new AbortController();
process.stdin.resume().once('end', () => drain.abort());

function compute(forMs: number): number {
  const until = process.cpuUsage().user / 1000 + forMs;
  let sum = 0;
  while (process.cpuUsage().user / 1000 < until) for (let at = 0; at < 10_000; at++) sum += at % 7;
  return sum;
}

await runCrew({
  ...opened,
  wiring,
  jobs: Number(jobs),
  drain: drain.signal,
  stop: new AbortController().signal,
  outlasting: true,
  work: async ({ id, kind, data }, hands) => {
    await sleep(Number(data.waitMs ?? 0), undefined, { signal: hands.signal });
    if (data.computeMs !== undefined) compute(Number(data.computeMs));
    if (kind !== 'ask') return data.bytes === undefined ? { waited: true } : { text: 'x'.repeat(Number(data.bytes)) };
    const messages = [{ role: 'user', content: String(data.question) }] as const;
    const named = askFor(ask, id, hands, () => {});
    const reply = await named({ variant: 'glm-4.6', messages, maxTokens: 300 }, { signal: hands.signal, tell: hands.tell });
    return { text: reply.text };
  },
});
await keeping.close();
await opened.close();
process.exit(0);
