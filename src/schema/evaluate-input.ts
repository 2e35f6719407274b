import { z } from 'zod';
import { FixInput } from './input.ts';

const { root, command, env, sandbox, budget, attempts, max_tokens } = FixInput.shape;
const file = z.string().min(1).max(4096).optional();
const ids = /^[\w.:/-]{1,80}(?:,[\w.:/-]{1,80})*$/;

export const EvaluateInput = z.strictObject({
  root,
  variants: z.string().regex(ids).optional().describe('variants to compare, joined by commas (those with a known price)'),
  bar: z.number().min(0.05).max(1).optional().describe('share of the bugs that has to be solved (0.7)'),
  max_cost: z.number().min(0).max(1000).optional().describe('USD for all of it; without it nothing is asked'),
  bugs: z.number().int().min(1).max(200).optional().describe('past bugs to gather (30)'),
  minutes: z.number().min(1).max(1440).optional().describe('time for gathering them (15)'),
  seed: z.number().int().min(0).max(1_000_000).optional().describe('order of the bugs (1)'),
  parallel: z.number().int().min(1).max(64).optional().describe('bugs at a time (the cores)'),
  attempts,
  budget,
  max_tokens,
  command,
  run_timeout: z
    .number()
    .int()
    .min(1)
    .max(3600)
    .optional()
    .describe('seconds per test run (120, less once it is known how long runs take here)'),
  env,
  sandbox,
  full: z.boolean().optional().describe('do not stop early: every variant on every bug'),
  offline: z.boolean().optional().describe('install nothing'),
  import: file.describe("bugs in SWE-bench's form to use instead of the history"),
  export: file.describe("write the bugs here in SWE-bench's form"),
  also: z
    .array(
      z.string().regex(/^[\w.:/-]{1,80}=https?:\/\/[^\s,]{1,2000}(?:,[\d.]+\/[\d.]+)?$/, 'not of the form NAME=URL or NAME=URL,IN/OUT'),
    )
    .max(8)
    .optional()
    .describe('a further model NAME at an OpenAI-compatible URL, with USD per 1M tokens'),
  svg: file.describe('write the plot here'),
  save: z.boolean().optional().describe('write the chosen cascade into glm-skill.config.json'),
});
export type EvaluateInput = z.infer<typeof EvaluateInput>;

/** What holds where nothing was said. */
export const evaluateDefaults = { bar: 0.7, bugs: 30, minutes: 15, seed: 1, runSeconds: 120 } as const;
