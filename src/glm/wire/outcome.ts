import type { Reply } from '../../schema/model.ts';
import { cjkShare, hasToolMarkup, visibleText } from '../prompts/markup.ts';
import { isOtherLanguage } from './language.ts';
import type { Received } from './reader.ts';

export type Outcome = Reply['outcome'];
type Judged = { readonly outcome: Outcome; readonly warnings: readonly string[] };

/** What each finish_reason means. Z.ai adds sensitive, network_error and model_context_window_exceeded. */
const finishes: ReadonlyMap<string, Outcome> = new Map(
  Object.entries({
    stop: 'complete',
    eos: 'complete',
    end_turn: 'complete',
    length: 'length',
    max_tokens: 'length',
    tool_calls: 'tool_markup_leak',
    function_call: 'tool_markup_leak',
    content_filter: 'filtered',
    sensitive: 'filtered',
    model_context_window_exceeded: 'context_exceeded',
    network_error: 'incomplete_stream',
  }),
);

/**
 * What a reply body came to. `closed`: the connection ended by itself and not by a cut, a deadline or a cap. Complete only with content,
 * a known finish_reason, and the end marker or at least a clean end.
 */
export function judge(received: Received, closed: boolean, language = 'en'): Judged {
  const warnings: string[] = [];
  if (received.form === 'nothing') warnings.push('the body of the reply was empty');
  if (received.text.includes('\uFFFD')) warnings.push('the reply holds bytes that are not UTF-8');
  const finish = received.finish === undefined ? undefined : finishes.get(received.finish.toLowerCase());
  if (received.finish !== undefined && finish === undefined) warnings.push(`unknown finish_reason "${received.finish.slice(0, 40)}"`);
  if (finish !== undefined && finish !== 'complete' && finish !== 'length') return { outcome: finish, warnings };
  if (received.broken) return { outcome: 'incomplete_stream', warnings: [...warnings, 'the stream held an event that cannot be read'] };
  if (finish === undefined || !(received.ended || closed)) return { outcome: 'incomplete_stream', warnings };
  if (!received.ended && received.form === 'stream') warnings.push('the stream had no end marker');
  if (received.form === 'json') warnings.push('the reply was not streamed');
  if (finish === 'length') return { outcome: 'length', warnings };

  const text = visibleText(received.text);
  if (received.toolCalls || hasToolMarkup(text)) return { outcome: 'tool_markup_leak', warnings };
  if (text.trim() === '') {
    return {
      outcome: 'empty',
      warnings: received.reasoningChars > 0 ? [...warnings, 'the model only thought and did not answer'] : warnings,
    };
  }
  const share = /^(zh|ja|ko)/i.test(language) ? 0 : (cjkShare(text) ?? 0);
  if (share > 0.3) return { outcome: 'wrong_language', warnings };
  if (share > 0.03) warnings.push('parts of the reply are in Chinese');
  if (isOtherLanguage(text, language)) warnings.push(`the reply is not in ${language}, as was asked`);
  return { outcome: 'complete', warnings };
}
