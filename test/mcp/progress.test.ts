import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { afterAll, expect, test } from 'vitest';
import { newJobId } from '../../src/jobs/store.ts';
import { makeServer } from '../../src/mcp/sdk.ts';
import { startOf } from '../../src/process/alive.ts';
import type { Job } from '../../src/schema/job.ts';
import type { Ask } from '../../src/schema/model.ts';
import type { Report } from '../../src/schema/report.ts';
import { worldOf } from '../jobs/world.ts';
import { scripted } from '../proof/checkout.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
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
});

test('a job of another process is waited for, and cannot be cancelled from here', async () => {
  const world = worldOf(own, undefined);
  const { store } = world.jobs;
  const id = newJobId();
  const now = new Date().toISOString();
  const other = {
    version: 1,
    verb: 'find',
    root: '/r',
    key: 'k',
    input: {},
    state: 'running',
    stage: 'observe',
    message: 'at work',
  } as const;
  const job: Job = { ...other, id, created: now, updated: now, pid: process.pid, owner: startOf(process.pid), fetched: false };
  await store.create(job);
  const [here, there] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'test', version: '1' });
  await Promise.all([makeServer(world, '0.0.0').connect(there), client.connect(here)]);
  const call = (more: Record<string, unknown>) => client.callTool({ name: 'get_job', arguments: { job: id, ...more } });
  expect((await call({ wait: 0 })).structuredContent).toMatchObject({ status: 'running', root: '/r', summary: 'at work' });
  expect(JSON.stringify(await call({ cancel: true }))).toContain('another process');
  const waited = call({ wait: 20 });
  await sleep(100);
  const report: Report = { version: 1, verb: 'find', status: 'green', root: '/r', summary: 'All green.', warnings: [], next: [] };
  await store.keep(id, 'report.json', JSON.stringify(report));
  await store.save({ ...job, state: 'done', status: 'green' });
  expect((await waited).structuredContent).toMatchObject({ status: 'green' });
  await client.close();
});
