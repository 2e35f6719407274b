import { unknown } from '../../schema/model.ts';
import { at, countAt, parseJson, textAt } from '../json.ts';
import type { Piece, Surface } from './surface.ts';

const longestToken = 16;

/** Chat Completions, the default surface. Nothing but model, messages, stream and max_tokens is sent, and stream_options where taken. */
export const chat: Surface = {
  name: 'chat',
  send: (client, { model, messages, maxTokens }, { signal, askUsage, think }) =>
    client.chat.completions
      .create(
        {
          model,
          messages: messages.map(({ role, content }) => ({ role, content })),
          max_tokens: maxTokens,
          stream: true,
          ...(askUsage && { stream_options: { include_usage: true } }),
          ...(think && { thinking: { type: 'enabled' } }),
        },
        { signal },
      )
      .asResponse(),
  read({ event, data }) {
    if (data.trim() === '[DONE]') return [{ type: 'end' }];
    const body = parseJson(data);
    if (event === 'error') return [{ type: 'error', error: body ?? data }];
    return body === undefined ? [{ type: 'broken' }] : readBody(body, 'delta');
  },
  // Google's front says errors as a list of one.
  readWhole: (body) => readBody(at(body, 0) ?? body, 'message'),
};

function readBody(body: unknown, part: 'delta' | 'message'): readonly Piece[] {
  if (at(body, 'error') || isBareError(body)) return [{ type: 'error', error: body }];
  const pieces: Piece[] = [];
  const model = textAt(body, 'model');
  if (model) pieces.push({ type: 'model', model });
  const choice = firstChoice(body);
  const reason = textAt(choice, 'finish_reason');
  const named = at(choice, part);
  const content = named ?? at(choice, 'message') ?? at(choice, 'delta');
  const reasoning = textAt(content, 'reasoning_content') ?? textAt(content, 'reasoning');
  if (reasoning) pieces.push({ type: 'reasoning', text: reasoning });
  const text = plain(at(content, 'content'));
  // Some servers say everything once more at the end.
  const again = part === 'delta' && (!named || (reason !== undefined && text.length > longestToken));
  if (text) pieces.push({ type: 'text', text, ...(again && { whole: 'perhaps' }) });
  const calls = at(content, 'tool_calls');
  if ((Array.isArray(calls) && calls.length > 0) || at(content, 'function_call')) pieces.push({ type: 'tool' });
  if (reason) pieces.push({ type: 'finish', reason });
  pieces.push(...readUsage(at(body, 'usage') ?? at(choice, 'usage')));
  return pieces;
}

/** Z.ai's own front says errors as `{code, msg, success: false}`, with status 200. */
function isBareError(body: unknown): boolean {
  return at(body, 'choices') === undefined && at(body, 'code') !== undefined && (at(body, 'msg') ?? at(body, 'message')) !== undefined;
}

/** Only the choice with index 0 is ours: a gateway that mixes in others must not garble the text. */
function firstChoice(body: unknown): unknown {
  const choices = at(body, 'choices');
  return Array.isArray(choices) ? choices.find((choice) => (at(choice, 'index') ?? 0) === 0) : undefined;
}

/** Content as a string, also where it comes as a list of parts. */
function plain(content: unknown): string {
  if (typeof content === 'string') return content;
  return Array.isArray(content) ? content.map((part) => textAt(part, 'text') ?? '').join('') : '';
}

/** A prompt of no tokens is impossible: such a usage is unknown. */
function readUsage(usage: unknown): readonly Piece[] {
  const inputTokens = countAt(usage, 'prompt_tokens');
  if (!inputTokens) return [];
  const outputTokens = countAt(usage, 'completion_tokens') ?? unknown;
  const cachedTokens = countAt(usage, 'prompt_tokens_details', 'cached_tokens') ?? unknown;
  return [{ type: 'usage', usage: { inputTokens, outputTokens, cachedTokens } }];
}
