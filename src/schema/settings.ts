import { z } from 'zod';
import { DiagnoseInput, FixInput } from './input.ts';

const { variant, budget, language, max_cost, timeout, sandbox } = DiagnoseInput.shape;

/** What the file in a workspace may set. Whatever steers where code, keys or money go is not among it: a repository must not decide that. */
export const WorkspaceSettings = z.strictObject({
  $schema: z.string().optional(),
  variant,
  budget,
  language,
  attempts: FixInput.shape.attempts,
  ignore: z.array(z.string().min(1).max(500)).max(500).optional().describe('patterns of files that are never read into a context'),
  coverage: z.boolean().optional().describe('run the failing tests again to see which functions they run (true)'),
});
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>;

/** What the user's own file may set. */
export const UserSettings = z.strictObject({
  ...WorkspaceSettings.shape,
  max_cost,
  timeout,
  sandbox,
  base_url: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('where GLM is served'),
  profile: z.string().max(40).optional().describe('runapi, zai, openrouter, vllm, sglang, llamacpp, ollama or other'),
  surface: z.enum(['chat', 'responses', 'messages']).optional().describe('protocol that is spoken'),
  daily_cap: z.number().min(0).optional().describe('USD per day over all calls'),
  price: z.string().max(80).optional().describe('USD per 1M tokens as input/output[/cache read]'),
  idle_seconds: z.number().int().min(1).max(86_400).optional().describe('silence after which a reply counts as cut (600)'),
  deadline_seconds: z.number().int().min(1).max(86_400).optional().describe('one request with all its waits (1800)'),
  concurrency: z.number().int().min(1).max(64).optional().describe('requests at a time per key (2)'),
});
export type UserSettings = z.infer<typeof UserSettings>;
