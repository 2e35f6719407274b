import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, expect, test } from 'vitest';
import { makeServer } from '../../src/mcp/sdk.ts';
import type { Ask } from '../../src/schema/model.ts';
import { worldOf } from '../jobs/world.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
import { scripted } from '../stages/checkout.ts';
import { shop } from '../uses/ground.ts';

const own = makeHome();
afterAll(own.remove);

test('progress says the tokens so far, counts upwards only, and ends with the answer', async () => {
  const { ask } = scripted(['Thirty days [docs/returns.md:3].']);
  const slow: Ask = async (request, options) => {
    for (let received = 100; received <= 400; received += 100) {
      options.tell({ type: 'tokens', received, reasoning: received < 300 });
      await sleep(510);
    }
    return ask(request, options);
  };
  const root = await makeRepo(own.home, 'asked', shop);
  const [here, there] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([makeServer(worldOf(own, slow), '0.0.0').connect(there), client.connect(here)]);
  const notes: { progress: number; message?: string | undefined }[] = [];
  const onprogress = (note: (typeof notes)[number]) => notes.push(note);
  await client.callTool({ name: 'ask_repo', arguments: { root, question: 'How long?' } }, undefined, { onprogress });
  const counts = notes.map(({ progress }) => progress);
  expect(counts).toEqual([...new Set(counts)].sort((a, b) => a - b));
  const messages = notes.map(({ message }) => message);
  for (const said of ['thinking, 200 tokens so far', 'reply, 400 tokens so far']) expect(messages).toContain(said);
  const { length } = notes;
  await sleep(600);
  expect(notes).toHaveLength(length);
  await client.close();
}, 20_000);
