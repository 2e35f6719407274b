import { describe, expect, it } from 'vitest';
import { at } from '../../src/glm/json.ts';
import { readLedger } from '../../src/glm/money/ledger.ts';
import { probe, probeCost, readProbe } from '../../src/glm/probe-gateway.ts';
import { goodReply, key, makeWorld } from './world.ts';

describe('probing', () => {
  it('finds out what a gateway takes, and the client then uses it', async () => {
    const world = await makeWorld();
    const options = { baseUrl: world.gateway.url, key, folders: world.folders, env: {}, now: Date.now };
    await world.ask();
    const { features } = await probe('glm-4.6', options);
    expect(Object.entries(features).map(([name, { result }]) => [name, result])).toEqual([
      ['plain', 'accepted'],
      ['rate_limits', 'rejected'],
      ['task_id', 'accepted'],
      ['stream_options', 'accepted'],
      ['thinking', 'accepted'],
      ['tools', 'accepted'],
      ['json_mode', 'accepted'],
      ['responses', 'accepted'],
      ['messages', 'accepted'],
    ]);
    expect(readProbe(world.folders, world.gateway.url, 'glm-4.6')?.features).toEqual(features);
    expect((await readLedger(world.folders)).filter(({ job }) => job === 'doctor').length).toBe(7);
    await world.ask();
    const thinking = world.gateway.requests.map(({ body }) => at(body, 'thinking', 'type'));
    expect(thinking[0]).toBeUndefined();
    expect(thinking.at(-1)).toBe('enabled');
  });

  it('says what is refused, and stays silent about it afterwards', async () => {
    const world = await makeWorld({
      replies: (request) => {
        const refused = ['tools', 'thinking', 'response_format', 'stream_options'].find((name) => at(request.body, name) !== undefined);
        return { text: goodReply, fault: refused ? 'capability' : undefined };
      },
    });
    const { features } = await probe('glm-5.2', { baseUrl: world.gateway.url, key, folders: world.folders, env: {}, now: Date.now });
    expect(features.tools).toMatchObject({ result: 'rejected', note: expect.stringContaining('unsupported_model_capability') });
    expect(features.stream_options?.result).toBe('rejected');
    const before = world.gateway.requests.length;
    expect(await world.ask({ variant: 'glm-5.2' })).toMatchObject({ outcome: 'complete', warnings: [] });
    expect(world.gateway.requests.length).toBe(before + 1);
  });

  it('costs under one cent', () => {
    expect(probeCost('glm-5-turbo')).toBeLessThan(0.01);
    expect(probeCost('glm-5.1')).toBe('unknown');
  });
});
