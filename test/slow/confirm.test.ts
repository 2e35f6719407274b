import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, expect, test } from 'vitest';
import { makeServer } from '../../src/mcp/sdk.ts';
import { play } from '../jobs/world.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
import { shop } from '../uses/ground.ts';

const own = makeHome();
afterAll(own.remove);

test('a user who does not answer holds nothing up, and a late yes buys nothing', async () => {
  const root = await makeRepo(own.home, 'asked', shop);
  const { world, asked } = play(own, ['Thirty days [docs/returns.md:3].']);
  const [here, there] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' }, { capabilities: { elicitation: {} } });
  let answer = () => {};
  const answered = new Promise<void>((done) => {
    answer = done;
  });
  client.setRequestHandler(ElicitRequestSchema, async () => {
    await answered;
    return { action: 'accept' };
  });
  await Promise.all([makeServer(world, '0.0.0').connect(there), client.connect(here)]);
  const result = await client.callTool({ name: 'ask_repo', arguments: { root, question: 'How long?', max_cost: 0.000001 } });
  expect(result.structuredContent).toMatchObject({ status: 'over_cap' });
  answer();
  await sleep(5_000);
  expect(asked).toHaveLength(0);
  await client.close();
});
