import { z } from 'zod';

/**
 * What is relied on of the gateway's Chat Completions: nothing more is sent, and everything else that comes back is ignored. Each field of
 * a chunk may be missing or null, since gateways differ; a reply counts as complete only with content and a known `finish_reason`.
 */
export const ChatRequest = z.strictObject({
  model: z.string(),
  messages: z.array(z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string().min(1) })).min(1),
  max_tokens: z.number().int().min(1).max(131_072),
  stream: z.literal(true),
  stream_options: z
    .strictObject({ include_usage: z.literal(true) })
    .optional()
    .describe('left out when the gateway rejects it by name'),
});

/** The JSON behind one `data:` line. */
export const ChatChunk = z.looseObject({
  model: z.string().nullish(),
  choices: z
    .array(
      z.looseObject({
        delta: z
          .looseObject({
            content: z.string().nullish(),
            reasoning_content: z.string().nullish().describe('thinking: shown as progress, never an answer'),
          })
          .nullish(),
        finish_reason: z.string().nullish().describe('stop, length, sensitive, model_context_window_exceeded, network_error, tool_calls'),
      }),
    )
    .nullish()
    .describe('empty in the chunk that holds usage'),
  usage: z
    .looseObject({
      prompt_tokens: z.number().nullish(),
      completion_tokens: z.number().nullish(),
      prompt_tokens_details: z.looseObject({ cached_tokens: z.number().nullish() }).nullish(),
    })
    .nullish(),
});

/** The body of a refusal, also seen with status 200 and in the middle of a stream. */
export const ChatError = z.looseObject({
  error: z.looseObject({ code: z.union([z.string().describe('as text'), z.number()]).nullish(), message: z.string().nullish() }),
});
