import { unknown } from '../../schema/model.ts';
import { at, countAt, parseJson, textAt } from '../json.ts';
import type { Piece, Surface } from './surface.ts';

/** OpenAI Responses. Its end event is `response.completed` or `response.incomplete`; RunAPI adds `[DONE]`. */
export const responses: Surface = {
  name: 'responses',
  send: (client, { model, messages, maxTokens }, { signal }) =>
    client.responses
      .create(
        { model, input: messages.map(({ role, content }) => ({ role, content })), max_output_tokens: maxTokens, stream: true },
        { signal },
      )
      .asResponse(),
  read({ data }) {
    if (data.trim() === '[DONE]') return [{ type: 'end' }];
    const body = parseJson(data);
    if (body === undefined) return [{ type: 'broken' }];
    const delta = textAt(body, 'delta');
    switch (textAt(body, 'type')) {
      case 'response.created':
      case 'response.in_progress':
        return readModel(at(body, 'response'));
      case 'response.output_text.delta':
        return delta ? [{ type: 'text', text: delta }] : [];
      case 'response.reasoning_text.delta':
      case 'response.reasoning_summary_text.delta':
        return delta ? [{ type: 'reasoning', text: delta }] : [];
      case 'response.output_item.added':
        return /_call$/.test(textAt(body, 'item', 'type') ?? '') ? [{ type: 'tool' }] : [];
      case 'response.completed':
      case 'response.incomplete':
        return [...readOutput(at(body, 'response'), 'surely'), ...readEnd(at(body, 'response')), { type: 'end' }];
      case 'response.failed':
        return [{ type: 'error', error: at(body, 'response') }];
      case 'error':
        return [{ type: 'error', error: at(body, 'error') ? body : { error: body } }];
      default:
        return at(body, 'error') ? [{ type: 'error', error: body }] : [];
    }
  },
  readWhole(body) {
    if (at(body, 'error')) return [{ type: 'error', error: body }];
    return [...readOutput(body), ...readEnd(body)];
  },
};

/** The text of a whole response, and whether it calls a tool. Some servers say it at the end only. */
function readOutput(response: unknown, whole?: 'surely'): readonly Piece[] {
  const output = at(response, 'output');
  const items = Array.isArray(output) ? output : [];
  const parts = items.flatMap((item) => {
    const content = textAt(item, 'type') === 'message' ? at(item, 'content') : undefined;
    return Array.isArray(content) ? content : [];
  });
  const text = parts.map((part) => textAt(part, 'text') ?? '').join('');
  const calls = items.some((item) => /_call$/.test(textAt(item, 'type') ?? ''));
  return [...(calls ? [{ type: 'tool' } as const] : []), ...(text ? [{ type: 'text', text, whole } as const] : [])];
}

function readModel(response: unknown): readonly Piece[] {
  const model = textAt(response, 'model');
  return model ? [{ type: 'model', model }] : [];
}

function readEnd(response: unknown): readonly Piece[] {
  const pieces: Piece[] = [...readModel(response)];
  const inputTokens = countAt(response, 'usage', 'input_tokens');
  if (inputTokens) {
    const outputTokens = countAt(response, 'usage', 'output_tokens') ?? unknown;
    const cachedTokens = countAt(response, 'usage', 'input_tokens_details', 'cached_tokens') ?? unknown;
    pieces.push({ type: 'usage', usage: { inputTokens, outputTokens, cachedTokens } });
  }
  const status = textAt(response, 'status');
  const reason = textAt(response, 'incomplete_details', 'reason');
  if (status === 'completed') pieces.push({ type: 'finish', reason: 'stop' });
  else if (status) pieces.push({ type: 'finish', reason: reason === 'max_output_tokens' ? 'length' : (reason ?? status) });
  return pieces;
}
