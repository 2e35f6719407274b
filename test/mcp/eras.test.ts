import { createHash } from 'node:crypto';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { makeServer } from '../../src/mcp/sdk.ts';
import { tools } from '../../src/mcp/tools.ts';
import type { Wiring } from '../../src/wiring.ts';
import { openWiring } from '../../src/wiring.ts';
import { play } from '../jobs/world.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
import { shop } from '../uses/ground.ts';

const own = makeHome();
afterAll(own.remove);

const Reply = z.object({ id: z.number(), result: z.looseObject({}).optional(), error: z.looseObject({ code: z.number() }).optional() });

/** A client of 2026-07-28: no hello, and each request says by itself who asks and what it can. The older era is every other test here. */
function open(wiring: Wiring, clientCapabilities: Record<string, unknown> = {}) {
  const [here, there] = InMemoryTransport.createLinkedPair();
  const handle = serveStdio(() => makeServer(wiring, '0.0.0'), { transport: there });
  onTestFinished(() => handle.close());
  const waiting = new Map<number, (reply: z.infer<typeof Reply>) => void>();
  here.onmessage = (message) => {
    const reply = Reply.safeParse(message);
    if (reply.success) waiting.get(reply.data.id)?.(reply.data);
  };
  const started = here.start();
  const about = { protocolVersion: '2026-07-28', clientInfo: { name: 'test', version: '1' }, clientCapabilities };
  const _meta = Object.fromEntries(Object.entries(about).map(([name, value]) => [`io.modelcontextprotocol/${name}`, value]));
  return async (method: string, params: Record<string, unknown> = {}) => {
    await started;
    const id = waiting.size + 1;
    const answered = new Promise<z.infer<typeof Reply>>((resolve) => waiting.set(id, resolve));
    await here.send({ jsonrpc: '2.0', id, method, params: { ...params, _meta } });
    return answered;
  };
}

test('the server is discovered, lists the same tools, and names an unknown argument', async () => {
  const ask = open(openWiring(undefined));
  expect((await ask('server/discover')).result).toMatchObject({ supportedVersions: ['2026-07-28'] });
  const Listed = z.object({ tools: z.array(z.object({ name: z.string() })) });
  const { tools: listed } = Listed.parse((await ask('tools/list')).result);
  expect(listed.map(({ name }) => name)).toEqual(tools.map(({ name }) => name));
  const { result } = await ask('tools/call', { name: 'list_variants', arguments: { tokns: 5 } });
  expect(result).toMatchObject({ isError: true });
  expect(JSON.stringify(result)).toContain('tokns');
});

test('the skills are listed with their files, each as the digest says', async () => {
  const ask = open(openWiring(undefined));
  const File = z.object({ uri: z.string(), digest: z.string() });
  const Skills = z.object({ skills: z.array(z.object({ uri: z.string(), resources: z.array(File) })) });
  const { skills } = Skills.parse((await ask('skills/list')).result);
  expect(skills.map(({ uri }) => uri)).toEqual(['skill://fix-failing-test/SKILL.md', 'skill://glm-skill/SKILL.md']);
  for (const { uri, digest } of skills.flatMap(({ resources }) => resources)) {
    const { contents } = z
      .object({ contents: z.tuple([z.object({ text: z.string() })]) })
      .parse((await ask('resources/read', { uri })).result);
    expect(digest, uri).toContain(createHash('sha256').update(contents[0].text).digest('hex'));
  }
  expect((await ask('skills/get', { uri: 'skill://glm-skill/SKILL.md' })).result).toMatchObject({
    skill: { uri: 'skill://glm-skill/SKILL.md' },
  });
  for (const uri of ['skill://glm-skill/../../package.json', 'skill://glm-skill/nothing.md'])
    expect((await ask('resources/read', { uri })).error, uri).toBeDefined();
});

const dear = { question: 'How long may goods be returned?', max_cost: 0.000001 };

test.each([
  ['says yes', 'accept', 'answered', 1],
  ['declines', 'decline', 'over_cap', 0],
] as const)('a question to the user goes with the answer, and a user who %s is heard', async (_name, action, status, asked) => {
  const root = await makeRepo(own.home, `modern-${action}`, shop);
  const played = play(own, ['Thirty days [docs/returns.md:3].']);
  const ask = open(played.world, { elicitation: {} });
  const call = { name: 'ask_repo', arguments: { root, ...dear } };
  const first = (await ask('tools/call', call)).result;
  expect(first).toMatchObject({ resultType: 'input_required', inputRequests: { confirm: { method: 'elicitation/create' } } });
  expect(JSON.stringify(first)).toContain('more than the cap');
  const { result } = await ask('tools/call', { ...call, inputResponses: { confirm: { action } } });
  expect(result).toMatchObject({ structuredContent: { status } });
  expect(played.asked).toHaveLength(asked);
});

test('a client that cannot ask gets what the arguments give', async () => {
  const root = await makeRepo(own.home, 'modern-mute', shop);
  const ask = open(play(own, []).world);
  const { result } = await ask('tools/call', { name: 'ask_repo', arguments: { root, ...dear } });
  expect(result).toMatchObject({ structuredContent: { status: 'over_cap' } });
});
