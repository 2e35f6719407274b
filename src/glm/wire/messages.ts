import { unknown } from '../../schema/model.ts';
import { at, countAt, parseJson, textAt } from '../json.ts';
import type { Piece, Surface } from './surface.ts';

const finishes = new Map(
  Object.entries({
    end_turn: 'stop',
    stop_sequence: 'stop',
    max_tokens: 'length',
    tool_use: 'tool_calls',
    refusal: 'content_filter',
  }),
);

/**
 * Anthropic Messages, over the SDK's plain `post`: one request shape and its events are less than a second SDK. Its end event is
 * `message_stop`. Usage may be zero at the start and true only at the end, so later figures win.
 */
export const messages: Surface = {
  name: 'messages',
  send(client, { model, messages: said, maxTokens }, { signal }) {
    const system = said.filter(({ role }) => role === 'system').map(({ content }) => content);
    const body = {
      model,
      max_tokens: maxTokens,
      ...(system.length > 0 && { system: system.join('\n\n') }),
      messages: said.filter(({ role }) => role !== 'system').map(({ role, content }) => ({ role, content })),
      stream: true,
    };
    return client.post('/messages', { body, stream: true, signal, headers: { 'anthropic-version': '2023-06-01' } }).asResponse();
  },
  read({ data }) {
    if (data.trim() === '[DONE]') return [{ type: 'end' }];
    const body = parseJson(data);
    if (body === undefined) return [{ type: 'broken' }];
    switch (textAt(body, 'type')) {
      case 'message_start':
        return [...readModel(at(body, 'message')), ...readUsage(at(body, 'message', 'usage'), false)];
      case 'content_block_start':
        return readBlock(at(body, 'content_block'));
      case 'content_block_delta':
        return readBlock(at(body, 'delta'));
      case 'message_delta':
        return [...readFinish(at(body, 'delta')), ...readUsage(at(body, 'usage'), true)];
      case 'message_stop':
        return [{ type: 'end' }];
      default:
        return at(body, 'error') ? [{ type: 'error', error: body }] : [];
    }
  },
  readWhole(body) {
    if (at(body, 'error')) return [{ type: 'error', error: body }];
    const content = at(body, 'content');
    const blocks = Array.isArray(content) ? content : [];
    return [...readModel(body), ...blocks.flatMap(readBlock), ...readFinish(body), ...readUsage(at(body, 'usage'), true)];
  },
};

/** A block, or the part of one that a delta adds. */
function readBlock(block: unknown): readonly Piece[] {
  const text = textAt(block, 'text');
  const thinking = textAt(block, 'thinking');
  if (text) return [{ type: 'text', text }];
  if (thinking) return [{ type: 'reasoning', text: thinking }];
  return /tool_use|input_json/.test(textAt(block, 'type') ?? '') ? [{ type: 'tool' }] : [];
}

function readModel(message: unknown): readonly Piece[] {
  const model = textAt(message, 'model');
  return model ? [{ type: 'model', model }] : [];
}

function readFinish(delta: unknown): readonly Piece[] {
  const reason = textAt(delta, 'stop_reason');
  return reason ? [{ type: 'finish', reason: finishes.get(reason) ?? reason }] : [];
}

/** Cached tokens are counted beside the input here, and within it everywhere else. */
function readUsage(usage: unknown, final: boolean): readonly Piece[] {
  const cached = countAt(usage, 'cache_read_input_tokens');
  const input = (countAt(usage, 'input_tokens') ?? 0) + (cached ?? 0) + (countAt(usage, 'cache_creation_input_tokens') ?? 0);
  const outputTokens = final ? (countAt(usage, 'output_tokens') ?? unknown) : unknown;
  if (input === 0 && outputTokens === unknown) return [];
  return [{ type: 'usage', usage: { inputTokens: input || unknown, outputTokens, cachedTokens: input ? (cached ?? unknown) : unknown } }];
}
