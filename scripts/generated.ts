import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { z } from 'zod';
import { makeServer } from '../src/mcp/sdk.ts';
import { Manifest } from '../src/schema/context.ts';
import { Job } from '../src/schema/job.ts';
import { Variant } from '../src/schema/model.ts';
import { Report } from '../src/schema/report.ts';
import { version } from '../src/version.ts';
import { openWorld } from '../src/world.ts';

const schemas = { report: Report, manifest: Manifest, job: Job, variant: Variant } as const;

/** Every generated file by its path below the root. */
async function outputs(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const put = (name: string, value: unknown) => {
    const text = `${JSON.stringify(value, null, 2)}\n`;
    files.set(join('schemas', name), text);
    files.set(join('skills', 'glm-skill', 'assets', 'schemas', name), text);
  };
  for (const [name, schema] of Object.entries(schemas)) {
    put(`${name}.schema.json`, { ...z.toJSONSchema(schema, { target: 'draft-7' }), title: `glm-skill ${name}` });
  }
  for (const tool of await listTools()) put(join('tools', `${tool.name}.json`), tool);
  return files;
}

/** The tools as a real client is told of them. */
async function listTools() {
  const [here, there] = InMemoryTransport.createLinkedPair();
  const server = makeServer(openWorld(undefined), version);
  const client = new Client({ name: 'generate', version });
  await Promise.all([server.connect(there), client.connect(here)]);
  const { tools } = await client.listTools();
  await client.close();
  return tools;
}

/** Writes all files, or with `check` says which differ. Gives the exit code. */
export async function generate(root: string, check: boolean): Promise<number> {
  let stale = 0;
  for (const [name, text] of await outputs()) {
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
