import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { goodReply, key, makeWorld } from './world.ts';

describe.each(['chat', 'responses', 'messages'] as const)('the surface %s', (surface) => {
  const rows = {
    none: { outcome: 'complete', text: goodReply, model: 'glm-4.6' },
    reasoning: { outcome: 'complete', text: goodReply },
    crlf: { outcome: 'complete', text: goodReply },
    bytes: { outcome: 'complete', text: goodReply },
    comments: { outcome: 'complete', text: goodReply },
    pings: { outcome: 'complete', text: goodReply },
    'not-streamed': { outcome: 'complete', text: goodReply },
    'no-usage': { outcome: 'complete', text: goodReply, usage: { inputTokens: 'unknown' }, cost: 'unknown' },
    'other-model': { outcome: 'complete', model: 'glm-9-other' },
    task: { outcome: 'complete', text: goodReply },
    length: { outcome: 'length' },
    empty: { outcome: 'empty' },
    'reasoning-only': { outcome: 'empty' },
    cut: { outcome: 'incomplete_stream' },
    'cut-clean': { outcome: 'incomplete_stream' },
    'no-finish': { outcome: 'incomplete_stream' },
    'error-mid-stream': { outcome: 'incomplete_stream' },
    sensitive: { outcome: 'filtered' },
    'tool-calls': { outcome: 'tool_markup_leak' },
    'error-first': { code: 'credits' },
    '1261': { outcome: 'context_exceeded' },
  };
  it.each(Object.entries(rows))('says the truth with the fault %s', async (fault, expected) => {
    const world = await makeWorld(undefined, { settings: { surface } });
    const messages = [
      { role: 'system', content: 'You repair.' },
      { role: 'user', content: 'Why?' },
    ] as const;
    const reply = await world
      .ask({ variant: fault === 'none' ? 'glm-4.6' : `glm-4.6:${fault}`, messages })
      .catch((error: unknown) => error);
    expect(reply).toMatchObject(expected);
    if (fault === 'none')
      expect(reply).toMatchObject({ warnings: [], usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) } });
  });

  it('sends what the surface needs and nothing more', async () => {
    const world = await makeWorld(undefined, { settings: { surface } });
    await world.ask();
    const keys = {
      chat: ['max_tokens', 'messages', 'model', 'stream', 'stream_options'],
      responses: ['input', 'max_output_tokens', 'model', 'stream'],
      messages: ['max_tokens', 'messages', 'model', 'stream'],
    };
    const [request] = world.gateway.requests;
    expect(Object.keys(Object(request?.body)).sort()).toEqual(keys[surface]);
    expect(Object.keys(request?.headers ?? {}).filter((name) => /stainless|openai/.test(name))).toEqual([]);
  });
});

describe('the official clients on the stand-in', () => {
  it('openai: Chat Completions, models', async () => {
    const { gateway } = await makeWorld();
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const request = { model: 'glm-4.6', messages: [{ role: 'user', content: 'Why?' }] } as const;
    const whole = await client.chat.completions.create({ ...request, messages: [...request.messages] });
    expect(whole.choices[0]).toMatchObject({ message: { content: goodReply }, finish_reason: 'stop' });
    expect(whole.usage?.total_tokens).toBeGreaterThan(0);
    const stream = client.chat.completions.stream({ ...request, messages: [...request.messages], stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(goodReply);
    expect(final.usage?.total_tokens).toBeGreaterThan(0);
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('glm-5.1');
  });

  it('openai: Responses', async () => {
    const { gateway } = await makeWorld();
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    expect((await client.responses.create({ model: 'glm-4.6', input: 'Why?' })).output_text).toBe(goodReply);
    const final = await client.responses.stream({ model: 'glm-4.6', input: 'Why?' }).finalResponse();
    expect(final).toMatchObject({ status: 'completed', output_text: goodReply });
  });

  it('openai: errors have their class and code', async () => {
    const { gateway } = await makeWorld({ keys: [key] });
    const request = { model: 'glm-4.6', messages: [{ role: 'user', content: 'Why?' } as const] };
    const stranger = new OpenAI({ apiKey: 'wrong', baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    await expect(stranger.chat.completions.create(request)).rejects.toThrow(OpenAI.AuthenticationError);
    const client = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    await expect(client.chat.completions.create({ ...request, model: 'glm-4.6:1302' })).rejects.toMatchObject({
      status: 429,
      code: '1302',
    });
  });

  it('anthropic: Messages, models', async () => {
    const { gateway } = await makeWorld();
    const client = new Anthropic({ apiKey: key, baseURL: gateway.url, maxRetries: 0 });
    const request = { model: 'glm-4.6', max_tokens: 100, messages: [{ role: 'user', content: 'Why?' } as const] };
    expect(await client.messages.create(request)).toMatchObject({ content: [{ type: 'text', text: goodReply }], stop_reason: 'end_turn' });
    const final = await client.messages.stream(request).finalMessage();
    expect(final).toMatchObject({ content: [{ type: 'text', text: goodReply }], stop_reason: 'end_turn' });
    expect(final.usage.output_tokens).toBeGreaterThan(0);
    const { input_tokens } = await client.messages.countTokens({ model: 'glm-4.6', messages: request.messages });
    expect(input_tokens).toBeGreaterThan(0);
    const ids: string[] = [];
    for await (const model of client.models.list()) ids.push(model.id);
    expect(ids).toContain('glm-5.1');
    expect(await client.models.retrieve('glm-5.1')).toMatchObject({ type: 'model', id: 'glm-5.1' });
  });

  it('anthropic: errors and tool calls have their shape', async () => {
    const { gateway } = await makeWorld({ keys: [key], replies: [goodReply] });
    const request = { model: 'glm-4.6', max_tokens: 100, messages: [{ role: 'user', content: 'Why?' } as const] };
    const stranger = new Anthropic({ apiKey: 'wrong', baseURL: gateway.url, maxRetries: 0 });
    await expect(stranger.messages.create(request)).rejects.toMatchObject({
      status: 401,
      error: { error: { type: 'authentication_error' } },
    });
    const client = new Anthropic({ apiKey: key, baseURL: gateway.url, maxRetries: 0 });
    const failing = (fault: string) => client.messages.stream({ ...request, model: `glm-4.6:${fault}` }).finalMessage();
    await expect(failing('error-mid-stream')).rejects.toMatchObject({ error: { error: { code: '1234' } } });
    await expect(client.messages.create({ ...request, messages: [] })).rejects.toThrow(Anthropic.BadRequestError);
    await expect(client.models.retrieve('nothing')).rejects.toThrow(Anthropic.NotFoundError);
    const called = await failing('tool-calls');
    expect(called.stop_reason).toBe('tool_use');
    expect(called.content.at(-1)).toMatchObject({ type: 'tool_use', name: 'read_file', input: { path: 'src/a.ts' } });
    expect((await client.messages.create(request))._request_id).toMatch(/^req_/);
  });
});
