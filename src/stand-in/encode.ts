import { randomUUID } from 'node:crypto';
import { parseJson } from '../glm/json.ts';

/** A reply that the stand-in plays, in the words of Chat Completions. `usage: null` leaves usage out. */
export type Scripted = {
  readonly text: string;
  readonly reasoning?: string | undefined;
  readonly finishReason?: string | undefined;
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number; readonly cachedTokens?: number } | null | undefined;
  readonly model?: string | undefined;
  readonly toolCall?: { readonly name: string; readonly arguments: string } | undefined;
  /** Name of a fault, see `faults`. */
  readonly fault?: string | undefined;
  readonly delayMs?: number | undefined;
};

/** A reply as one surface says it: as the events of a stream and in one piece. */
export type Encoded = { readonly events: readonly string[]; readonly whole: object };
type Encode = (reply: Scripted & { readonly model: string }, options: { readonly usageAsked: boolean }) => Encoded;

const chunkChars = 24;

function split(text: string): readonly string[] {
  return text.match(new RegExp(`[\\s\\S]{1,${chunkChars}}`, 'gu')) ?? [];
}

export function sse(data: object | string, event?: string): string {
  return `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

export const encodeChat: Encode = (reply, { usageAsked }) => {
  const id = `chatcmpl-${randomUUID()}`;
  const created = Math.floor(Date.now() / 1000);
  const finishReason = reply.finishReason ?? (reply.toolCall ? 'tool_calls' : 'stop');
  const usage = reply.usage && {
    prompt_tokens: reply.usage.inputTokens,
    completion_tokens: reply.usage.outputTokens,
    total_tokens: reply.usage.inputTokens + reply.usage.outputTokens,
    prompt_tokens_details: { cached_tokens: reply.usage.cachedTokens ?? 0 },
  };
  const head = { id, object: 'chat.completion.chunk', created, model: reply.model };
  const chunk = (delta: object, finish: string | null = null) => sse({ ...head, choices: [{ index: 0, delta, finish_reason: finish }] });
  const calls = reply.toolCall && [{ index: 0, id: `call_${id.slice(-8)}`, type: 'function', function: reply.toolCall }];
  return {
    events: [
      chunk({ role: 'assistant', content: '' }),
      ...split(reply.reasoning ?? '').map((part) => chunk({ reasoning_content: part })),
      ...split(reply.text).map((part) => chunk({ content: part })),
      ...(calls ? [chunk({ tool_calls: calls })] : []),
      chunk({}, finishReason),
      ...(usage && usageAsked ? [sse({ ...head, choices: [], usage })] : []),
      sse('[DONE]'),
    ],
    whole: {
      id,
      object: 'chat.completion',
      created,
      model: reply.model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: reply.text,
            ...(reply.reasoning && { reasoning_content: reply.reasoning }),
            ...(calls && { tool_calls: calls }),
          },
          finish_reason: finishReason,
        },
      ],
      ...(usage && { usage }),
    },
  };
};

export const encodeResponses: Encode = (reply) => {
  const id = `resp_${randomUUID().replaceAll('-', '')}`;
  const item = { id: `msg_${id.slice(5)}`, type: 'message', role: 'assistant' };
  const cut = { length: 'max_output_tokens', sensitive: 'content_filter', content_filter: 'content_filter' }[reply.finishReason ?? 'stop'];
  const status = cut ? 'incomplete' : 'completed';
  const usage = reply.usage && {
    input_tokens: reply.usage.inputTokens,
    input_tokens_details: { cached_tokens: reply.usage.cachedTokens ?? 0 },
    output_tokens: reply.usage.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: reply.usage.inputTokens + reply.usage.outputTokens,
  };
  const part = (text: string) => ({ type: 'output_text', text, annotations: [] });
  const response = (state: string, output: readonly object[]) => ({
    id,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: state,
    model: reply.model,
    output,
    parallel_tool_calls: true,
    tool_choice: 'auto',
    tools: [],
    error: null,
    incomplete_details: state === 'incomplete' ? { reason: cut } : null,
    ...(state !== 'in_progress' && usage && { usage }),
  });
  const call = reply.toolCall && {
    id: `fc_${id.slice(5)}`,
    type: 'function_call',
    call_id: `call_${id.slice(-8)}`,
    status,
    ...reply.toolCall,
  };
  const whole = response(status, [...(call ? [call] : []), { ...item, status, content: [part(reply.text)] }]);
  let number = 0;
  const event = (type: string, body: object) => sse({ type, sequence_number: number++, ...body }, type);
  const at = { item_id: item.id, output_index: 0, content_index: 0 };
  return {
    events: [
      event('response.created', { response: response('in_progress', []) }),
      ...(call ? [event('response.output_item.added', { output_index: 1, item: { ...call, arguments: '' } })] : []),
      event('response.output_item.added', { output_index: 0, item: { ...item, status: 'in_progress', content: [] } }),
      ...split(reply.reasoning ?? '').map((delta) => event('response.reasoning_text.delta', { ...at, delta })),
      event('response.content_part.added', { ...at, part: part('') }),
      ...split(reply.text).map((delta) => event('response.output_text.delta', { ...at, delta, logprobs: [] })),
      event('response.output_text.done', { ...at, text: reply.text, logprobs: [] }),
      event('response.content_part.done', { ...at, part: part(reply.text) }),
      event('response.output_item.done', { output_index: 0, item: { ...item, status, content: [part(reply.text)] } }),
      event(`response.${status}`, { response: whole }),
      sse('[DONE]'),
    ],
    whole,
  };
};

const stopReasons: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  sensitive: 'refusal',
};

export const encodeMessages: Encode = (reply) => {
  const id = `msg_${randomUUID().replaceAll('-', '')}`;
  const finishReason = reply.finishReason ?? (reply.toolCall ? 'tool_calls' : 'stop');
  const stopReason = stopReasons[finishReason] ?? finishReason;
  const input = reply.usage && {
    input_tokens: reply.usage.inputTokens - (reply.usage.cachedTokens ?? 0),
    cache_read_input_tokens: reply.usage.cachedTokens ?? 0,
    cache_creation_input_tokens: 0,
  };
  const usage = { ...(input ?? { input_tokens: 0 }), output_tokens: reply.usage?.outputTokens ?? 0 };
  const message = { id, type: 'message', role: 'assistant', model: reply.model };
  const event = (type: string, body: object) => sse({ type, ...body }, type);
  const call = reply.toolCall && {
    type: 'tool_use',
    id: `toolu_${id.slice(4)}`,
    name: reply.toolCall.name,
    input: parseJson(reply.toolCall.arguments),
  };
  const blocks = [...(reply.reasoning ? [{ kind: 'thinking', text: reply.reasoning }] : []), { kind: 'text', text: reply.text }];
  return {
    events: [
      // Z.ai says zero here and the truth only at the end.
      event('message_start', {
        message: { ...message, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 0, output_tokens: 0 } },
      }),
      event('ping', {}),
      ...blocks.flatMap(({ kind, text }, index) => [
        event('content_block_start', { index, content_block: { type: kind, [kind]: '', ...(kind === 'thinking' && { signature: '' }) } }),
        ...split(text).map((part) => event('content_block_delta', { index, delta: { type: `${kind}_delta`, [kind]: part } })),
        event('content_block_stop', { index }),
      ]),
      ...(call
        ? [
            event('content_block_start', { index: blocks.length, content_block: { ...call, input: {} } }),
            event('content_block_delta', {
              index: blocks.length,
              delta: { type: 'input_json_delta', partial_json: reply.toolCall?.arguments },
            }),
            event('content_block_stop', { index: blocks.length }),
          ]
        : []),
      event('message_delta', { delta: { stop_reason: stopReason, stop_sequence: null }, ...(reply.usage !== null && { usage }) }),
      event('message_stop', {}),
    ],
    whole: {
      ...message,
      content: [
        ...blocks.map(({ kind, text }) => ({ type: kind, [kind]: text, ...(kind === 'thinking' && { signature: '' }) })),
        ...(call ? [call] : []),
      ],
      stop_reason: stopReason,
      stop_sequence: null,
      usage,
    },
  };
};
