import type { Deps } from '../schema/deps.ts';
import type { Reply } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { overCap } from './offer.ts';
import type { Talk } from './talk.ts';

/** Why nobody is asked any more, and what to do about it. */
export type Halt = Pick<Report, 'status' | 'summary' | 'next'>;

const mostForAgent = 6;

/** The one ending of whatever would pass a cap; `why` is the sentence of `overCap` or of the daily cap. */
export function atCap(why: string): Halt {
  return { status: 'over_cap', summary: why, next: ['Raise max_cost, lower budget or max_tokens, or choose a cheaper variant.'] };
}

const faults: Readonly<Record<Reply['outcome'], readonly [said: string, next: string]>> = {
  complete: ['The answer is not in the form that was asked for', 'Try again, or another variant.'],
  length: ['The answer was cut off at the token limit', 'Raise max_tokens, or try another variant.'],
  empty: ['The answer was empty', 'Raise max_tokens, or try another variant.'],
  incomplete_stream: ['The answer broke off', 'Try again, or another variant.'],
  filtered: ['The answer was held back by a filter', 'Try another variant.'],
  context_exceeded: ['The request was too long for the model', 'Lower budget, or choose a variant with a larger window.'],
  tool_markup_leak: ['The answer was a tool call instead of text', 'Try another variant.'],
  wrong_language: ['The answer came in another language', 'Try another variant, or set language.'],
  over_cap: ['The daily cap is reached', 'Raise the daily cap, or wait for tomorrow.'],
};

/** Why a reply is of no use, in words, with what the gateway or its reader had to say. */
export function faultOf({ outcome, warnings }: Pick<Reply, 'outcome' | 'warnings'>): string {
  return `${[faults[outcome][0], ...warnings].join('; ').replace(/\.$/, '')}.`;
}

/** The one ending of replies that are of no use. */
export function unanswered(why: string, outcome: Reply['outcome'] = 'complete'): Halt {
  const [, next] = faults[outcome];
  return { status: 'no_answer', summary: why, next: [next] };
}

/** The report that ends a use because its first request may cost more than the cap; undefined: it may be sent. */
export function capped(packed: Report, capUsd: number | undefined): Report | undefined {
  const refused = packed.estimate && overCap(packed.estimate, 0, capUsd);
  return refused ? { ...packed, ...atCap(refused) } : undefined;
}

/** Said before anything is run, so that nobody waits for what will not come. */
export function tellKeyless({ ask, tell }: Pick<Deps, 'ask' | 'tell'>): void {
  const message = 'no key was found: GLM is not asked; the failing test, its cause, suspects and context are worked out all the same';
  if (!ask) tell({ type: 'warning', message });
}

/** Without a key the calling agent goes on by itself: it gets everything that was found. */
export function needsKey(packed: Report, excerpts: NonNullable<Report['excerpts']> = []): Report {
  const failing = packed.failing ? `${packed.failing.name} fails. ` : '';
  const whole = `the whole context is in ${packed.contextFile ?? 'the job'}`;
  return {
    ...packed,
    ...(excerpts.length > 0 && { excerpts: excerpts.slice(0, mostForAgent) }),
    status: 'needs_key',
    summary: `${failing}No RunAPI key was found, so GLM was not asked; here is all that it would have been told.`,
    next: [
      'Set RUNAPI_API_KEY (keys: https://runapi.ai/api_keys) and call again, or',
      failing ? `find the fault yourself: suspects and excerpts are above, ${whole}` : `answer it yourself: ${whole}`,
    ],
  };
}

/** What ends a use instead of an answer: the cap, or a reply that is of no use. `lacks`: what a complete one does not have. */
export function ending(packed: Report, talk: Talk, reply?: Reply, lacks?: string): Report {
  const refused = talk.refused();
  const why = reply === undefined ? 'Nothing came back.' : reply.outcome === 'complete' && lacks ? `${lacks}.` : faultOf(reply);
  const halt = refused === undefined ? unanswered(`No usable answer. ${why}`, reply?.outcome) : atCap(refused);
  return { ...packed, ...talk.bill(), ...halt };
}
