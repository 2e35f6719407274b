import { setTimeout as sleep } from 'node:timers/promises';
import { folders } from '../../src/config.ts';
import { runCrew } from '../../src/fleet/crew.ts';
import { openQueue } from '../../src/fleet/engine/open.ts';
import { aloneOn, sharedMoney } from '../../src/fleet/engine/shared.ts';
import { shareReplies } from '../../src/fleet/replies.ts';
import { makeAsk } from '../../src/glm/wire/client.ts';
import { openWiring } from '../../src/wiring.ts';

/**
 * hand.ts QUEUE GATEWAY HOME JOBS: a worker like any other, whose tasks only wait and ask the gateway, so that a thousand of them take no
 * minutes. Queue, heartbeats, fencing, shared replies, places and caps are the real ones. It ends when its stdin does.
 */
const [url = '', gateway = '', home = '', jobs = '2'] = process.argv.slice(2);
const opened = await openQueue(url, {});
if (!opened.store) throw new Error('a queue on a server is wanted');
const shared = sharedMoney(opened.store);
const env = { GLM_SKILL_HOME: home, RUNAPI_API_KEY: 'key-of-the-stand-in', GLM_SKILL_CONCURRENCY: '3', GLM_SKILL_DAILY_CAP: '500' };
const wiring = openWiring(gateway, env, { shared });
const ask = makeAsk({ baseUrl: gateway, key: 'key-of-the-stand-in', folders: folders(env), env, now: Date.now, shared });
const drain = new AbortController();
process.stdin.resume().once('end', () => drain.abort());

await runCrew({
  ...opened,
  wiring,
  jobs: Number(jobs),
  drain: drain.signal,
  stop: new AbortController().signal,
  alone: aloneOn(opened.store),
  work: async ({ id, kind, data }, hands) => {
    await sleep(Number(data.waitMs ?? 0), undefined, { signal: hands.signal });
    if (kind !== 'ask') return { waited: true };
    const shares = shareReplies(ask, { ...hands, task: id, paid: () => {} });
    const messages = [{ role: 'user', content: String(data.question) }] as const;
    const reply = await shares({ variant: 'glm-4.6', messages, maxTokens: 300 }, { signal: hands.signal, tell: hands.tell });
    return { text: reply.text };
  },
});
await opened.close();
process.exit(0);
