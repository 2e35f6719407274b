import { expect, test } from 'vitest';
import { profiles } from '../../src/glm/profiles.ts';
import { goodReply, key, makeWorld } from './world.ts';

const models: Readonly<Record<string, readonly [plain: string, air: string]>> = {
  runapi: ['glm-4.6', 'glm-4.5-air'],
  zai: ['glm-4.6', 'glm-4.5-air'],
  openrouter: ['z-ai/glm-4.6', 'z-ai/glm-4.5-air'],
  vllm: ['zai-org/GLM-4.6', 'zai-org/GLM-4.5-Air'],
  sglang: ['zai-org/GLM-4.6', 'zai-org/GLM-4.5-Air'],
  llamacpp: ['glm-4.6', 'glm-4.5-air'],
  ollama: ['glm-4.6', 'glm-4.5-air'],
};

test.each(profiles.map(({ name, priced, keyNeeded }) => ({ name, priced, keyNeeded })))(
  '$name: the model by its own name, the key only where there is one, a price only where it is known',
  async ({ name, priced, keyNeeded }) => {
    const [plain, air] = models[name] ?? [];
    const settings = { profile: name };
    const world = await makeWorld({ replies: [goodReply] }, { settings });
    const replies = [await world.ask(), await world.ask({ variant: 'glm-4.5-air' })];
    expect(replies.map(({ outcome }) => outcome)).toEqual(['complete', 'complete']);
    expect(replies.every(({ cost }) => (cost === 'unknown') !== priced)).toBe(true);
    const sent = world.gateway.requests.filter(({ path }) => path.endsWith('/chat/completions'));
    expect(sent.map(({ body }) => body)).toMatchObject([{ model: plain }, { model: air }]);
    expect(sent.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${key}`, `Bearer ${key}`]);
    // A server of one's own asks for none, and then none is sent; the stand-in, which wants one, says so.
    const bare = await makeWorld({ replies: [goodReply] }, { settings, key: '' });
    await expect(bare.ask()).rejects.toMatchObject({ code: 'auth' });
    expect(bare.gateway.requests[0]?.headers.authorization).toBeUndefined();
    expect(keyNeeded).toBe(['runapi', 'zai', 'openrouter'].includes(name));
    for (const [fault, outcome] of [
      ['1261', 'context_exceeded'],
      ['413', 'context_exceeded'],
    ] as const)
      expect(await world.ask({ variant: `glm-4.6:${fault}` })).toMatchObject({ outcome });
  },
);
