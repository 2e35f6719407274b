import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { beforeAll, expect, test } from 'vitest';
import { variants } from '../../src/glm/money/variants.ts';
import { makeServer } from '../../src/mcp/sdk.ts';
import { tools } from '../../src/mcp/tools.ts';
import { fitVariants, listVariants } from '../../src/uses/variants.ts';
import { openWiring } from '../../src/wiring.ts';

type Listed = Awaited<ReturnType<Client['listTools']>>['tools'];
let listed: Listed;
let client: Client;

beforeAll(async () => {
  const [here, there] = InMemoryTransport.createLinkedPair();
  client = new Client({ name: 'test', version: '1' });
  await Promise.all([makeServer(openWiring(undefined), '0.0.0').connect(there), client.connect(here)]);
  listed = (await client.listTools()).tools;
});

test('every tool that is defined is listed, in the same order', () => {
  expect(listed.map((tool) => tool.name)).toEqual(tools.map((tool) => tool.name));
  expect(listed.length).toBeLessThanOrEqual(12);
});

test('the list stays within its token limits', () => {
  const inputs = listed.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  expect(countTokens(JSON.stringify(inputs))).toBeLessThanOrEqual(1_650);
  for (const tool of listed) expect(countTokens(JSON.stringify(tool.outputSchema)), tool.name).toBeLessThanOrEqual(60);
  expect(countTokens(JSON.stringify(listed))).toBeLessThanOrEqual(3_000);
});

test('every tool is portable: names, flat strict inputs, described fields, explicit annotations', () => {
  for (const tool of listed) {
    expect(tool.name).toMatch(/^[a-z][a-z_]{2,39}$/);
    expect(tool.description?.length).toBeGreaterThan(40);
    expect(JSON.stringify(tool.inputSchema)).not.toMatch(/"(\$ref|anyOf|oneOf|allOf)"/);
    expect(tool.inputSchema.additionalProperties, tool.name).toBe(false);
    expect(tool.inputSchema.$schema).toBeUndefined();
    for (const [name, field] of Object.entries(tool.inputSchema.properties ?? {})) {
      expect(field, `${tool.name}.${name}`).toHaveProperty('description');
    }
    for (const hint of ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const) {
      expect(typeof tool.annotations?.[hint], `${tool.name} ${hint}`).toBe('boolean');
    }
  }
});

test('an unknown argument is an error that names it', async () => {
  const result = await client.callTool({ name: 'list_variants', arguments: { tokns: 5 } });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain('tokns');
});

test.each([
  [{ root: '/no/such/folder' }, 'no_root'],
  [{ root: '/' }, 'no_root'],
  [{ root: 'a\u0000b' }, 'bad_input'],
])('a bad root is refused with its code: %j', async (args, code) => {
  const result = await client.callTool({ name: 'find_failing_tests', arguments: args });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain(code);
});

test('variants say what a context costs, unknown where unknown', async () => {
  const result = await client.callTool({ name: 'list_variants', arguments: { tokens: 32_000 } });
  const text = JSON.stringify(result.content);
  for (const id of ['glm-4.5', 'glm-4.5-air', 'glm-4.6', 'glm-4.7', 'glm-5', 'glm-5-turbo', 'glm-5.1']) expect(text).toContain(`${id} |`);
  expect(text).toContain('unknown');
  const structured = JSON.stringify(result.structuredContent);
  expect(structured).toContain('"input":0.3');
  expect(structured).toContain('"estimate"');
  expect(Buffer.byteLength(structured)).toBeLessThanOrEqual(9_000);
});

test('a list of very many variants is cut and says so', () => {
  const many = Array.from({ length: 15 }, () => variants).flat();
  const fitted = fitVariants(listVariants({}, many).json);
  expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(9_000);
  expect(fitted.summary).toMatch(/Cut to fit: \d+ of them/);
  expect(fitted.variants.length).toBeGreaterThan(10);
});

test('reports have a view for hosts that show one: it asks for nothing and builds no markup of what it is told', async () => {
  const { tools: all } = await client.listTools();
  const shown = all.filter(({ _meta }) => _meta !== undefined);
  expect(shown.map(({ name }) => name)).toEqual(['find_cause', 'diagnose_failure', 'fix_failing_test', 'get_job']);
  for (const { _meta } of shown) expect(_meta).toEqual({ ui: { resourceUri: 'ui://glm-skill/report' } });
  const { contents } = await client.readResource({ uri: 'ui://glm-skill/report' });
  expect(contents).toMatchObject([{ mimeType: 'text/html;profile=mcp-app' }]);
  const text = JSON.stringify(contents);
  expect(text).toContain('apply_patch');
  expect(text).not.toMatch(/innerHTML|outerHTML|insertAdjacent|document\.write|fetch\(|https?:/);
  await expect(client.readResource({ uri: 'ui://glm-skill/other' })).rejects.toThrow();
});

test('a job that is not there is said to be so', async () => {
  const result = await client.callTool({ name: 'get_job', arguments: { job: '0'.repeat(26) } });
  expect(result.isError).toBe(true);
  expect(JSON.stringify(result.content)).toContain('no_job');
});

test('the skill, its pages, the schemas and the variants can be read, and nothing beside them', async () => {
  const read = async (uri: string) => JSON.stringify((await client.readResource({ uri })).contents);
  expect(await read('glm-skill://skill')).toContain('fix_failing_test');
  expect(await read('glm-skill://references/errors')).toContain('rate_limited');
  expect(await read('glm-skill://schemas/report')).toContain('draft-07');
  expect(await read('glm-skill://variants')).toContain('glm-4.7');
  for (const uri of [
    'glm-skill://references/..%2fSKILL',
    'glm-skill://schemas/nothing',
    `glm-skill://jobs/${'0'.repeat(26)}/report`,
    'glm-skill://jobs/../../x/report',
  ]) {
    await expect(client.readResource({ uri }), uri).rejects.toThrow();
  }
  const completed = await client.complete({
    ref: { type: 'ref/resource', uri: 'glm-skill://references/{page}' },
    argument: { name: 'page', value: 'err' },
  });
  expect(completed.completion.values).toEqual(['errors']);
});
