import { z } from 'zod';
import type { Manifest } from './context.ts';

export const unknown = 'unknown' as const;
export const Amount = z.union([z.number(), z.literal(unknown)]);
export type Amount = z.infer<typeof Amount>;

/** USD per one million tokens, or unknown. */
export const Prices = z.strictObject({
  input: Amount,
  output: Amount,
  cacheRead: Amount,
  cacheWrite: Amount,
  source: z.string(),
  date: z.string(),
});
export type Prices = z.infer<typeof Prices>;

/** A GLM model ID and what is known of it, each fact with its source. */
export const Variant = z.strictObject({
  id: z.string(),
  provider: z.string(),
  modality: z.string(),
  taskType: z.string(),
  status: z.string(),
  billingUnit: z.string(),
  endpoint: z.string(),
  commercialUse: z.boolean(),
  licence: z.string(),
  contextTokens: z.number().int(),
  maxOutputTokens: z.number().int(),
  prices: Prices,
  summary: z.string(),
  notes: z.array(z.string()).describe('what the sources leave open or contradict'),
  comparison: z.string().optional().describe('the line by which RunAPI tells it from its siblings'),
  released: z.string().optional(),
  benchmarks: z.array(z.strictObject({ name: z.string(), percent: z.number(), source: z.string(), date: z.string() })).optional(),
  facts: z
    .strictObject({ source: z.string(), date: z.string() })
    .optional()
    .describe('where context, maximum output and licence were read'),
  tokenFactor: z
    .strictObject({ likely: z.number(), high: z.number(), samples: z.number().int() })
    .optional()
    .describe('tokens of this variant per cl100k token, learnt from the usage of former requests'),
});
export type Variant = z.infer<typeof Variant>;

/** What a request would cost, said before it is sent. Amounts in USD. */
export const Estimate = z.strictObject({
  variant: z.string(),
  inputTokens: z.strictObject({ low: z.number().int(), likely: z.number().int(), high: z.number().int() }),
  outputTokens: z.strictObject({ low: z.number().int(), likely: z.number().int(), high: z.number().int() }),
  usd: z.strictObject({ low: Amount, likely: Amount, high: Amount }),
  priceSource: z.string(),
  priceDate: z.string(),
});
export type Estimate = z.infer<typeof Estimate>;

export const Usage = z.strictObject({ inputTokens: Amount, outputTokens: Amount, cachedTokens: Amount });
export type Usage = z.infer<typeof Usage>;

export const replyOutcomes = [
  'complete',
  'length',
  'empty',
  'incomplete_stream',
  'filtered',
  'context_exceeded',
  'tool_markup_leak',
  'wrong_language',
  'over_cap',
] as const;

export type Message = { readonly role: 'system' | 'user' | 'assistant'; readonly content: string };

/** What a job said to the model and heard last. `changed`: the files are no longer as they were packed. */
export type Recalled = {
  readonly variant: string;
  readonly messages: readonly Message[];
  readonly reply: string;
  readonly manifest: Manifest | undefined;
  readonly changed: boolean;
};

/** One of several users of a server: whom the ledger names, and what their requests may cost a day (UTC) in USD. */
export type Account = { readonly name: string; readonly dailyUsd: number | undefined };

export type AskRequest = {
  readonly variant: string;
  /** What the estimate was made with, so that the bill is too. Absent: as they are known now. */
  readonly prices?: Prices | undefined;
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  /** Name of the stored reply, such as `<job>-<attempt>`. The same name and request give the stored reply without asking again. */
  readonly id?: string | undefined;
  /** Names the request over all machines and attempts: what is paid for under this name is not paid for again. */
  readonly once?: string | undefined;
  /** Job and repository that the ledger names. */
  readonly job?: string | undefined;
  readonly repo?: string | undefined;
  /** Language that the prose of the reply must be in, as a tag ("en"). Default English. */
  readonly language?: string | undefined;
};

/** The model's raw reply. Only `complete` may be used as an answer; `text` is kept for every outcome. `over_cap`: nothing was sent. */
export type Reply = {
  readonly id?: string | undefined;
  readonly outcome: (typeof replyOutcomes)[number];
  readonly text: string;
  readonly model: string;
  readonly finishReason: string | undefined;
  readonly usage: Usage;
  /** USD, or unknown. A failed generation is not charged. */
  readonly cost: Amount;
  /** Answered on this machine: the cost is what the same would have been elsewhere. */
  readonly unpaid?: boolean | undefined;
  readonly requestId?: string | undefined;
  readonly taskId?: string | undefined;
  readonly durationMs: number;
  readonly warnings: readonly string[];
  /** True when it came from disk and nothing was asked. */
  readonly stored?: boolean | undefined;
};

/** Sends one request. Problems the user can mend are thrown as `GlmError`; everything the model did is a `Reply`. */
export type Ask = (request: AskRequest, options: { readonly signal?: AbortSignal | undefined; readonly tell: Tell }) => Promise<Reply>;

/** What the model says is wrong. Lines count from 1. */
export const RootCause = z.strictObject({
  summary: z.string(),
  file: z.string().optional(),
  startLine: z.number().int().optional(),
  endLine: z.number().int().optional(),
  why: z.string(),
});
export type RootCause = z.infer<typeof RootCause>;

/** The parsed part of a reply that is not edits. `needs` are files asked for by `NEED path[:from-to]` lines. */
export type Answer = {
  readonly rootCause: RootCause | undefined;
  readonly editsText: string;
  readonly needs: readonly string[];
};

/** Everything that can be said while work goes on: progress on stderr, MCP progress, a job's journal. */
export type Event =
  | { readonly type: 'stage'; readonly stage: string; readonly message: string }
  /** `done` of `total`, where it is known of how many. */
  | { readonly type: 'progress'; readonly message: string; readonly done?: number | undefined; readonly total?: number | undefined }
  | { readonly type: 'tokens'; readonly received: number; readonly reasoning: boolean }
  | { readonly type: 'warning'; readonly message: string };
export type Tell = (event: Event) => void;
