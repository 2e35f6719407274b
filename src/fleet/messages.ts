import { z } from 'zod';
import { errorCodes, GlmError, Stopped } from '../errors.ts';
import type { Account, AskRequest, Event, Reply } from '../schema/model.ts';
import { KeptReply } from './ask-once.ts';

/** What a worker and the process that asks for it say to each other, one JSON object a line. */
export type Order =
  | { readonly type: 'hello'; readonly queue: string; readonly baseUrl: string | undefined; readonly env: Readonly<Record<string, string>> }
  | { readonly type: 'ask'; readonly n: number; readonly request: AskRequest; readonly account?: Account | undefined }
  | { readonly type: 'stop'; readonly n: number };

export type Told =
  | { readonly type: 'event'; readonly n: number; readonly event: Event }
  | { readonly type: 'reply'; readonly n: number; readonly reply: Reply }
  | { readonly type: 'problem'; readonly n: number; readonly code: string; readonly message: string; readonly hint?: string | undefined };

export const Hello = z.object({ queue: z.string(), baseUrl: z.string().optional(), env: z.record(z.string(), z.string()) });
/** Who pays, as it travels. */
export const Payer = z
  .object({ name: z.string(), dailyUsd: z.number().optional() })
  .transform(({ name, dailyUsd }): Account => ({ name, dailyUsd }));
const amount = z.union([z.number(), z.literal('unknown')]);
export const Heard = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello') }).loose(),
  z.object({ type: z.literal('stop'), n: z.number() }),
  z.object({
    type: z.literal('ask'),
    n: z.number(),
    account: Payer.optional(),
    request: z.object({
      variant: z.string(),
      prices: z
        .object({ input: amount, output: amount, cacheRead: amount, cacheWrite: amount, source: z.string(), date: z.string() })
        .optional(),
      messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
      maxTokens: z.number(),
      id: z.string().optional(),
      once: z.string().optional(),
      job: z.string().optional(),
      repo: z.string().optional(),
      language: z.string().optional(),
    }),
  }),
]);

const event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stage'), stage: z.string(), message: z.string() }),
  z.object({ type: z.literal('progress'), message: z.string() }),
  z.object({ type: z.literal('tokens'), received: z.number(), reasoning: z.boolean() }),
  z.object({ type: z.literal('warning'), message: z.string() }),
]);
const Answer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), n: z.number(), event }),
  z.object({ type: z.literal('reply'), n: z.number(), reply: KeptReply }),
  z.object({ type: z.literal('problem'), n: z.number(), code: z.string(), message: z.string(), hint: z.string().optional() }),
]);

/** A line of the asking process; undefined where it is none of these. */
export function readTold(line: string): Told | undefined {
  const { data } = Answer.safeParse(JSON.parse(line));
  return data?.type === 'reply' ? { ...data, reply: { ...data.reply, finishReason: data.reply.finishReason } } : data;
}

/** What went wrong there, as if it had been thrown here. */
export function problemOf({ code, message, hint }: Extract<Told, { type: 'problem' }>): Error {
  const known = errorCodes.find((one) => one === code);
  if (known) return new GlmError(known, message, { hint });
  return code === 'stopped' ? new Stopped() : new Error(message);
}
