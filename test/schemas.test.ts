import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ChatChunk, ChatError, ChatRequest } from '../src/schema/gateway.ts';
import { startGateway } from '../src/stand-in/gateway.ts';

const files = readdirSync('schemas', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'));
const read = (path: string) => z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, 'utf8')));
const checker = () => new Ajv({ strict: true, formats: { uri: true }, allErrors: true });

describe.each(files.filter((file) => !file.startsWith('tools')))('schema %s', (file) => {
  test('is one dialect, valid under ajv strict, and so are its examples', () => {
    const { examples = [], ...schema } = read(join('schemas', file));
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    const check = checker().compile(schema);
    for (const example of z.array(z.unknown()).parse(examples)) expect(check(example), JSON.stringify(check.errors)).toBe(true);
  });
});

describe.each(files.filter((file) => file.startsWith('tools')))('tool %s', (file) => {
  test('has input and output schemas that are valid under ajv strict', () => {
    const tool = read(join('schemas', file));
    for (const key of ['inputSchema', 'outputSchema']) {
      const check = checker().compile(z.record(z.string(), z.unknown()).parse(tool[key]));
      expect(typeof check).toBe('function');
    }
    const check = checker().compile(z.record(z.string(), z.unknown()).parse(tool.inputSchema));
    expect(check({ no_such_argument: 1 })).toBe(false);
  });
});

test('the skill carries the same schemas', () => {
  for (const file of files) {
    const [one, same] = ['schemas', 'skills/glm-skill/assets/schemas'].map((folder) =>
      JSON.parse(readFileSync(join(folder, file), 'utf8')),
    );
    expect(same).toEqual(one);
  }
});

test('requests and replies on the wire are as their schemas say', async () => {
  const gateway = await startGateway({ replies: ['Hello from GLM.'] });
  try {
    const ask = async (model: string) => {
      const body = ChatRequest.parse({ model, messages: [{ role: 'user', content: 'Hi' }], max_tokens: 300, stream: true });
      const headers = { authorization: 'Bearer none', 'content-type': 'application/json' };
      return (await fetch(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers, body: JSON.stringify(body) })).text();
    };
    const lines = (await ask('glm-4.7')).split('\n').flatMap((line) => (/^data: \{/.test(line) ? line.slice(6) : []));
    const chunks = lines.map((line) => ChatChunk.parse(JSON.parse(line)));
    expect(chunks.map(({ choices }) => choices?.[0]?.delta?.content ?? '').join('')).toBe('Hello from GLM.');
    ChatError.parse(JSON.parse(await ask('glm-4.7:429')));
  } finally {
    await gateway.close();
  }
});
