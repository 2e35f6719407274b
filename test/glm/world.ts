import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished as whenFinished } from 'vitest';
import { folders } from '../../src/config.ts';
import { type AskOptions, makeAsk } from '../../src/glm/wire/client.ts';
import type { AskRequest, Event } from '../../src/schema/model.ts';
import { type GatewayOptions, startGateway } from '../../src/stand-in/gateway.ts';

/** A key that no scanner takes for real. */
export const key = ['runapi', 'test', 'a1b2c3d4e5'].join('_');

export const goodReply = `## Root cause
Where: src/price.ts:12-14
The total ignores the count, so two items cost as much as one. Ümläute, 漢字 and 🦊 survive.

## Edits
src/price.ts
<<<<<<< SEARCH
  return sum + item.price;
=======
  return sum + item.price * item.count;
>>>>>>> REPLACE
`;

/** Tests that run at the same time must hand in their own hook. */
export function temporaryFolder(onTestFinished = whenFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'glm-skill-test-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A gateway, an `Ask` on it, and what was told. Everything ends with the test. */
export async function makeWorld(
  gatewayOptions: GatewayOptions = { replies: [goodReply] },
  askOptions: Partial<AskOptions> = {},
  onTestFinished = whenFinished,
) {
  const gateway = await startGateway(gatewayOptions);
  onTestFinished(() => gateway.close());
  const places = folders({ GLM_SKILL_HOME: temporaryFolder(onTestFinished) });
  const events: Event[] = [];
  const ask = makeAsk({ baseUrl: gateway.url, key, folders: places, now: Date.now, env: {}, ...askOptions });
  return {
    gateway,
    folders: places,
    events,
    ask: (request: Partial<AskRequest> = {}, signal?: AbortSignal) =>
      ask(
        { variant: 'glm-4.6', messages: [{ role: 'user', content: 'Why?' }], maxTokens: 1000, ...request },
        { signal, tell: (event) => events.push(event) },
      ),
  };
}
