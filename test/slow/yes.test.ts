import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { ElicitRequestSchema, type ElicitResult, ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { makeServer } from '../../src/mcp/sdk.ts';
import type { Wiring } from '../../src/wiring.ts';
import { play } from '../jobs/world.ts';
import { shop as broken, good } from '../proof/checkout.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
import { shop } from '../uses/ground.ts';

const own = makeHome();
afterAll(own.remove);

const Said = z.looseObject({ status: z.string().optional(), job: z.string().optional() });

type Answer = ElicitResult['action'] | 'never';

/** A client of this world. With an answer it can ask its user, who says that; without one it cannot. */
async function connect(world: Wiring, answer?: Answer, roots?: readonly string[]) {
  const [here, there] = InMemoryTransport.createLinkedPair();
  const capabilities = { ...(answer && { elicitation: {} }), ...(roots && { roots: {} }) };
  const client = new Client({ name: 'test', version: '1' }, { capabilities });
  const questions: string[] = [];
  if (answer)
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => {
      questions.push(params.message);
      if (answer === 'never') await sleep(60_000, undefined, { ref: false });
      return { action: answer === 'never' ? 'accept' : answer };
    });
  if (roots) client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: roots.map((path) => ({ uri: `file://${path}` })) }));
  await Promise.all([makeServer(world, '0.0.0').connect(there), client.connect(here)]);
  const call = async (name: string, args: Record<string, unknown>) => {
    let result = await client.callTool({ name, arguments: args });
    // On a busy machine a call answers with the job to wait on.
    for (let said = Said.parse(result.structuredContent ?? {}); said.status === 'running'; said = Said.parse(result.structuredContent))
      result = await client.callTool({ name: 'get_job', arguments: { job: said.job } });
    const { structuredContent, content, isError } = result;
    return { isError, said: JSON.stringify([structuredContent, content]), status: Object(structuredContent).status };
  };
  return { call, questions, close: () => client.close() };
}

const dear = { question: 'How long may goods be returned?', max_cost: 0.000001 };

test.each([
  ['a client that cannot ask', undefined, 'over_cap', 0],
  ['a user who declines', 'decline', 'over_cap', 1],
  ['a user who closes the question', 'cancel', 'over_cap', 1],
  ['a user who says yes', 'accept', 'answered', 1],
] as const)('a cap that stands in the way: %s', async (_name, answer, status, questions) => {
  const root = await makeRepo(own.home, `capped-${answer}`, shop);
  const { world, asked } = play(own, ['Thirty days [docs/returns.md:3].']);
  const client = await connect(world, answer);
  const result = await client.call('ask_repo', { root, ...dear });
  expect(result.status).toBe(status);
  expect(client.questions).toHaveLength(questions);
  if (questions > 0)
    expect(client.questions[0]).toMatch(/ask may cost up to \$[\d.]+ a request with glm-4.7, more than the cap of \$0.0000\d+\. Spend/);
  expect(asked).toHaveLength(status === 'answered' ? 1 : 0);
  await client.close();
});

test('what the arguments allow is never asked for', async () => {
  const root = await makeRepo(own.home, 'allowed', broken);
  const { world } = play(own, [good]);
  const client = await connect(world, 'decline');
  expect((await client.call('ask_repo', { root, question: 'What is it?', max_cost: 1 })).status).toBe('answered');
  expect((await client.call('fix_failing_test', { root, command: 'node --test', sandbox: 'off', attempts: 1 })).status).toBe('verified');
  expect((await client.call('apply_patch', { root })).status).toBe('applied');
  expect(client.questions).toEqual([]);
  await client.close();
});

test('a patch that is not verified is applied without its name only after a yes', async () => {
  const root = await makeRepo(own.home, 'unsure', broken);
  const { world, run } = play(own, [good]);
  const fixed = await run('fix', root, { command: 'node --test', sandbox: 'off', attempts: 1 });
  const file = () => readFileSync(join(root, 'src/price.js'), 'utf8');
  const job = await world.jobs.store.load(fixed.job ?? '');
  if (job) await world.jobs.store.save({ ...job, status: 'improves' });
  await world.jobs.store.keep(fixed.job ?? '', 'report.json', JSON.stringify({ ...fixed, status: 'improves' }));
  for (const answer of [undefined, 'decline', 'cancel'] as const) {
    const client = await connect(world, answer);
    const refused = await client.call('apply_patch', { root });
    expect([refused.isError, refused.said.includes('no_job')]).toEqual([true, true]);
    expect(file()).toBe(broken['src/price.js']);
    await client.close();
  }
  const client = await connect(world, 'accept');
  const applied = await client.call('apply_patch', { root });
  expect(applied).toMatchObject({ status: 'applied', said: expect.stringContaining('not verified') });
  expect(client.questions[0]).toContain(fixed.job);
  expect(file()).toContain('let i = 0');
  await client.close();
});

test('the root: named, else the only one of the client, else the project folder of the environment, and always said', async () => {
  const [named, listed, project] = [
    await makeRepo(own.home, 'named', shop),
    await makeRepo(own.home, 'listed', shop),
    await makeRepo(own.home, 'project', shop),
  ];
  const { world } = play(own, ['Thirty days.']);
  const env = { ...world.env, CLAUDE_PROJECT_DIR: project };
  const question = { question: 'How long?' };
  const rooted = await connect({ ...world, env }, undefined, [listed]);
  expect((await rooted.call('ask_repo', { ...question, root: named })).said).toContain(`"root":"${named}"`);
  expect((await rooted.call('ask_repo', question)).said).toContain(`"root":"${listed}"`);
  const rootless = await connect({ ...world, env }, undefined, []);
  expect((await rootless.call('ask_repo', question)).said).toContain(`"root":"${project}"`);
  const many = await connect({ ...world, env }, undefined, [listed, named]);
  expect(await many.call('ask_repo', question)).toMatchObject({ isError: true, said: expect.stringContaining('2 folders') });
  for (const client of [rooted, rootless, many]) await client.close();
});
