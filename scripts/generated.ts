import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { z } from 'zod';
import { cliPage } from '../src/cli/help.ts';
import { LedgerLine } from '../src/glm/money/ledger.ts';
import { variants } from '../src/glm/money/variants.ts';
import { makeServer } from '../src/mcp/sdk.ts';
import { Manifest } from '../src/schema/context.ts';
import { ChatChunk, ChatError, ChatRequest } from '../src/schema/gateway.ts';
import { Job } from '../src/schema/job.ts';
import { Variant } from '../src/schema/model.ts';
import { Report } from '../src/schema/report.ts';
import { UserSettings, WorkspaceSettings } from '../src/schema/settings.ts';
import { generatedPages } from '../src/setup/pages.ts';
import { version } from '../src/version.ts';
import { openWiring } from '../src/wiring.ts';
import { mapPage } from './map-page.ts';
import { settingsPage } from './settings-page.ts';

/** Each schema with examples, which a test validates. */
const schemas: Readonly<Record<string, { readonly schema: z.ZodType; readonly examples: readonly unknown[] }>> = {
  report: {
    schema: Report,
    examples: [
      { version: 1, verb: 'find', status: 'green', root: '/srv/shop', summary: 'All green: 12 tests passed.', warnings: [], next: [] },
    ],
  },
  manifest: {
    schema: Manifest,
    examples: [
      {
        version: 1,
        budgetTokens: 32_000,
        tokens: 412,
        redactions: 0,
        bundle: 'a'.repeat(64),
        entries: [
          { path: 'src/cart.js', startLine: 1, endLine: 44, form: 'whole', reason: 'suspect 1', tokens: 412, sha256: 'b'.repeat(64) },
        ],
        leftOut: [{ path: 'dist/cart.js', reason: 'generated' }],
        leftOutCount: 1,
      },
    ],
  },
  job: {
    schema: Job,
    examples: [
      {
        version: 1,
        id: '01k9f3zq7m2c8x5t',
        verb: 'fix',
        root: '/srv/shop',
        key: 'c'.repeat(64),
        input: { variant: 'glm-4.7', attempts: 3 },
        state: 'done',
        stage: 'report',
        message: 'verified: 1 of 1 failing tests is green after the patch.',
        created: '2026-11-20T12:00:00.000Z',
        updated: '2026-11-20T12:01:10.000Z',
        pid: 4242,
        owner: '',
        fetched: true,
        status: 'verified',
        summary: 'verified: 1 of 1 failing tests is green after the patch.',
      },
    ],
  },
  variant: { schema: Variant, examples: variants },
  config: { schema: WorkspaceSettings, examples: [{ variant: 'glm-4.7', budget: 16_000, ignore: ['fixtures/**'] }] },
  'user-config': { schema: UserSettings, examples: [{ max_cost: 0.5, daily_cap: 5, base_url: 'https://runapi.ai' }] },
  ledger: {
    schema: LedgerLine,
    examples: [
      { v: 1, type: 'sent', id: '01k9', at: '2026-11-20T12:00:00.000Z', variant: 'glm-4.7', host: 'runapi.ai', highUsd: 0.02 },
      {
        v: 1,
        type: 'done',
        id: '01k9',
        outcome: 'complete',
        inputTokens: 8120,
        outputTokens: 940,
        cachedTokens: 'unknown',
        usd: 0.0035,
        durationMs: 41_200,
      },
    ],
  },
  'chat-request': {
    schema: ChatRequest,
    examples: [{ model: 'glm-4.7', messages: [{ role: 'user', content: 'Say hello.' }], max_tokens: 16_000, stream: true }],
  },
  'chat-chunk': {
    schema: ChatChunk,
    examples: [
      { model: 'glm-4.7', choices: [{ index: 0, delta: { content: 'Hel' }, finish_reason: null }] },
      { choices: [], usage: { prompt_tokens: 12, completion_tokens: 3 } },
    ],
  },
  'chat-error': { schema: ChatError, examples: [{ error: { code: '1113', message: 'no balance' } }] },
};

/** Every generated file by its path below the root. */
async function outputs(root: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const put = (name: string, value: unknown) => {
    files.set(join('schemas', name), `${JSON.stringify(value, null, 2)}\n`);
    // For models: the same without the blanks.
    files.set(join('skills', 'glm-skill', 'assets', 'schemas', name), `${JSON.stringify(value)}\n`);
  };
  for (const [name, { schema, examples }] of Object.entries(schemas)) {
    const made = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
    put(`${name}.schema.json`, { ...made, title: `glm-skill ${name}`, ...(examples.length > 0 && { examples }) });
  }
  for (const tool of await listTools()) put(join('tools', `${tool.name}.json`), tool);
  files.set(join('docs', 'cli.md'), cliPage());
  files.set(join('docs', 'settings.md'), settingsPage());
  files.set(join('src', 'README.md'), await mapPage(root));
  const skill = await readFile(join(root, 'skills', 'glm-skill', 'SKILL.md'), 'utf8');
  for (const page of generatedPages(skill, variants)) files.set(page.path, page.content);
  return files;
}

/** The tools as a real client is told of them. */
async function listTools() {
  const [here, there] = InMemoryTransport.createLinkedPair();
  const server = makeServer(openWiring(undefined), version);
  const client = new Client({ name: 'generate', version });
  await Promise.all([server.connect(there), client.connect(here)]);
  const { tools } = await client.listTools();
  await client.close();
  return tools;
}

/** Writes all files, or with `check` says which differ. Gives the exit code. */
export async function generate(root: string, licences: string, check: boolean): Promise<number> {
  let stale = 0;
  for (const [name, text] of [...(await outputs(root)), ['THIRD-PARTY-LICENSES', licences] as const]) {
    const path = join(root, name);
    const old = await readFile(path, 'utf8').catch(() => '');
    if (old === text) continue;
    stale++;
    if (check) console.error(`${name} is not what the code generates: run npm run generate`);
    else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      console.log(name);
    }
  }
  return check && stale > 0 ? 1 : 0;
}
