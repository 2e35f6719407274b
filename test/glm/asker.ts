import { existsSync, readFileSync } from 'node:fs';
import { folders } from '../../src/config.ts';
import { makeAsk } from '../../src/glm/wire/client.ts';
import type { Event } from '../../src/schema/model.ts';

/** A process that asks COUNT times at once, and prints the outcomes as JSON. Runs outside of the test process, which may kill it. */
const env = process.env;
/** The clock is asked once the reply is on disk and before anything is made of it. */
function now(): number {
  const end = `${env.GLM_SKILL_HOME}/state/replies/${env.ID}/end`;
  if (env.DIE && existsSync(end) && readFileSync(end, 'utf8') === 'clean') process.kill(process.pid, 'SIGKILL');
  return Date.now();
}

const ask = makeAsk({
  baseUrl: env.URL ?? '',
  key: env.KEY ?? '',
  folders: folders({ GLM_SKILL_HOME: env.GLM_SKILL_HOME ?? '' }),
  now,
  env: {},
});
function tell(event: Event): void {
  if (event.type === 'progress' && env.DIE === 'on progress') process.kill(process.pid, 'SIGKILL');
  if (event.type === 'tokens') process.stdout.write(`${event.received}\n`);
}

const request = { variant: env.VARIANT ?? 'glm-4.6', messages: [{ role: 'user', content: 'Why?' } as const], maxTokens: 1000, id: env.ID };
const replies = await Promise.all(Array.from({ length: Number(env.COUNT ?? 1) }, () => ask(request, { tell })));
process.stdout.write(`${JSON.stringify(replies.map(({ outcome, stored }) => ({ outcome, stored })))}\n`);
