import { GlmError } from '../../errors.ts';
import { type AskRequest, type Prices, type Reply, unknown } from '../../schema/model.ts';
import { costOf } from '../money/estimate.ts';
import { judgeFailure } from './failure.ts';
import { judge, type Outcome } from './outcome.ts';
import type { Received } from './reader.ts';
import type { ReplyHead } from './replies.ts';

/** What is known of a request before its reply: `model` is the ID as the gateway calls it. */
export type Asked = {
  readonly id: string;
  readonly model: string;
  readonly prices: Prices;
  readonly request: AskRequest;
  /** Whether it goes to this machine, to which nothing is paid. */
  readonly unpaid: boolean;
  /** Takes the key out of a text that a gateway wrote. */
  readonly scrub: (text: string) => string;
};

type Body = { readonly received: Received; readonly head: ReplyHead; readonly closed: boolean; readonly warnings: readonly string[] };

/** Makes a reply of what was received. Throws `GlmError` when the body was no reply but a problem. `durationMs` is for the caller to fill. */
export function composeReply(asked: Asked, { received, head, closed, warnings }: Body): Reply {
  const { id, prices, request, scrub } = asked;
  const judged = judgeBody(received, closed, request.language, scrub);
  const model = scrub(received.model ?? unknown);
  return {
    id,
    outcome: judged.outcome,
    text: scrub(received.text),
    model,
    finishReason: received.finish && scrub(received.finish),
    usage: received.usage,
    cost: costOf(received.usage, prices),
    ...(asked.unpaid && { unpaid: true }),
    requestId: head.requestId,
    taskId: head.taskId,
    durationMs: 0,
    warnings: [...warnings, ...judged.warnings, ...otherModel(asked.model, model)].map(scrub),
  };
}

/** A reply without a body: the gateway refused for a reason that is data, or nothing was sent. */
export function bareReply({ id, model }: Asked, outcome: Outcome, message: string): Reply {
  const usage = { inputTokens: unknown, outputTokens: unknown, cachedTokens: unknown };
  return { id, outcome, text: '', model, finishReason: undefined, usage, cost: 0, durationMs: 0, warnings: [message] };
}

function judgeBody(received: Received, closed: boolean, language: string | undefined, scrub: (text: string) => string) {
  if (received.form === 'html') {
    throw new GlmError('gateway_failed', 'The gateway answered with a web page.', {
      hint: 'Check --base-url: it is the address without /v1.',
    });
  }
  if (received.error === undefined) return judge(received, closed, language);
  const verdict = judgeFailure({ status: 200, headers: new Headers(), body: JSON.stringify(received.error) }, 0, scrub);
  if (verdict.do === 'outcome') return { outcome: verdict.outcome, warnings: [verdict.message] };
  // With text on disk the error is a cut; without, it is the answer.
  if (received.text !== '') return { outcome: 'incomplete_stream' as const, warnings: [verdict.error.message] };
  throw verdict.error;
}

function otherModel(asked: string, answered: string): readonly string[] {
  const plain = (model: string) => model.toLowerCase().replace(/^.*\//, '');
  return answered === unknown || plain(asked) === plain(answered) ? [] : [`asked for ${asked}, answered by ${answered}`];
}
