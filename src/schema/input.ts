import { z } from 'zod';

/**
 * What a caller may ask for: one strict object per use. The CLI makes its flags from it, the server its tool inputs, so both doors
 * know the same words. Keys are snake_case; a flag is the same in kebab-case. Descriptions are short: they cost tokens in every client.
 */
const seconds = z.number().int().min(1).max(86_400);
const root = z.string().min(1).max(4096).optional().describe('repository, absolute');
const names = z.array(z.string().min(1).max(2000)).max(200);

/** An id as people type or copy it: jobs/find-job.ts knows which job is meant. */
export const jobId = z.string().min(4, 'too short for a job id').max(60, 'too long for a job id; glm-skill jobs lists them');
const job = jobId.optional();

const observing = {
  root,
  command: z.string().min(1).max(4000).optional().describe('test command'),
  test: names.optional().describe('name or file filter'),
  timeout: seconds.optional().describe('seconds per test run (600)'),
  env: z
    .array(z.string().regex(/^[A-Za-z_]\w*$/))
    .max(50)
    .optional()
    .describe('variables tests may see'),
  report: z.string().min(1).max(4096).optional().describe('test report to read'),
  log: z.string().min(1).max(4096).optional().describe('CI log to read'),
};

const asking = {
  variant: z
    .string()
    .regex(/^[\w.:/,-]{1,200}$/)
    .optional()
    .describe('GLM ID or auto'),
  budget: z.number().int().min(1000).max(100_000).optional().describe('context tokens (32000)'),
  max_cost: z.number().min(0).max(1000).optional().describe('USD cap'),
  max_tokens: z.number().int().min(256).max(131_072).optional().describe('tokens of reply'),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .optional()
    .describe('language (en)'),
  sandbox: z.enum(['auto', 'on', 'off']).optional().describe('isolate test runs'),
  flaky: z.boolean().optional().describe('go on though flaky'),
};

export const FindInput = z.strictObject({
  ...observing,
  sandbox: asking.sandbox,
  since: z
    .string()
    .regex(/^[\w./^~@{}-]{1,200}$/)
    .optional()
    .describe('first bad commit since'),
  flakes: z.number().int().min(0).max(20).optional().describe('re-runs to tell flaky (0)'),
});
export type FindInput = z.infer<typeof FindInput>;

export const CauseInput = FindInput.pick({ root: true, command: true, test: true, timeout: true, env: true, sandbox: true, since: true });
export type CauseInput = z.infer<typeof CauseInput>;

const replay = z.string().min(1).max(4096).optional().describe('manifest of an earlier pack: the same bytes or a refusal');

export const ContextInput = z.strictObject({
  ...observing,
  variant: asking.variant,
  budget: asking.budget,
  sandbox: asking.sandbox,
  replay,
});
export type ContextInput = z.infer<typeof ContextInput>;

export const DiagnoseInput = z.strictObject({ ...observing, ...asking, replay });
export type DiagnoseInput = z.infer<typeof DiagnoseInput>;

export const FixInput = z.strictObject({
  ...observing,
  ...asking,
  attempts: z.number().int().min(1).max(10).optional().describe('rounds (3)'),
  max_time: z.number().int().min(1).max(86_400).optional().describe('seconds after which no further round begins'),
  allow: z
    .array(z.string().regex(/^[a-z_-]{1,40}$/))
    .max(20)
    .optional()
    .describe('patch rules to lift'),
});
export type FixInput = z.infer<typeof FixInput>;

export const ProveInput = z.strictObject({
  root,
  patch: z.string().min(1).max(8_000_000).optional().describe('diff, edits or answer'),
  worktree: z.boolean().optional().describe('prove uncommitted change'),
  test: observing.test,
  command: observing.command,
  timeout: observing.timeout,
  env: observing.env,
  sandbox: asking.sandbox,
  allow: FixInput.shape.allow,
  clean: z.boolean().optional().describe('leave uncommitted changes out'),
});
export type ProveInput = z.infer<typeof ProveInput>;

const talking = {
  root,
  variant: asking.variant,
  budget: asking.budget,
  max_cost: asking.max_cost,
  max_tokens: asking.max_tokens,
  language: asking.language,
};

export const AskInput = z.strictObject({
  ...talking,
  question: z.string().min(1).max(20_000).describe('question'),
  files: names.optional().describe('only these files'),
  glob: names.optional().describe('only files that match'),
  text: z.string().max(4_000_000).optional().describe('further text to read, such as what was piped in'),
  chat: z.boolean().optional().describe('read no files'),
  continue: job.describe('job to ask on'),
});
export type AskInput = z.infer<typeof AskInput>;

export const ReviewInput = z.strictObject({
  ...talking,
  since: z
    .string()
    .regex(/^[\w./^~@{}-]{1,200}$/)
    .optional()
    .describe('diff from this ref (HEAD)'),
  head: z
    .string()
    .regex(/^[\w./^~@{}-]{1,200}$/)
    .optional()
    .describe('diff to this ref (the work tree)'),
  diff: z.string().max(8_000_000).optional().describe('unified diff to review instead'),
  command: observing.command,
  timeout: observing.timeout,
  sandbox: asking.sandbox,
  refactor: z.boolean().optional().describe('suggest refactorings too'),
});
export type ReviewInput = z.infer<typeof ReviewInput>;

export const WriteTestsInput = z.strictObject({
  ...talking,
  file: z.string().min(1).max(4096).describe('file to test'),
  since: ReviewInput.shape.since.describe('only lines that changed since'),
  command: observing.command,
  timeout: observing.timeout,
  env: observing.env,
  sandbox: asking.sandbox,
  attempts: z.number().int().min(1).max(10).optional().describe('rounds (3)'),
});
export type WriteTestsInput = z.infer<typeof WriteTestsInput>;

export const ApplyInput = z.strictObject({
  root,
  job: job.describe('job id (default: newest verified)'),
});
export type ApplyInput = z.infer<typeof ApplyInput>;

export const VariantsInput = z.strictObject({
  tokens: z.number().int().min(1).max(2_000_000).optional().describe('context size to price'),
});
export type VariantsInput = z.infer<typeof VariantsInput>;

const setupScope = { user: z.boolean().optional().describe('for the user instead of this workspace'), root };

export const SetupInput = z.strictObject({
  ...setupScope,
  client: names.optional().describe('client to set up, or all (default: those found)'),
  print: z.string().min(1).max(80).optional().describe('only show what to add for this client'),
  link: z.boolean().optional().describe('link copies of the skill to one'),
  force: z.boolean().optional().describe('overwrite what was edited by hand'),
  dry_run: z.boolean().optional().describe('show the plan, write nothing'),
  yes: z.boolean().optional().describe('do not ask'),
});
export type SetupInput = z.infer<typeof SetupInput>;

export const StatusInput = z.strictObject(setupScope);
export const UpdateInput = SetupInput.omit({ print: true });
export const RemoveInput = SetupInput.pick({ root: true, user: true, client: true, force: true, dry_run: true, yes: true });

export const DoctorInput = z.strictObject({
  root,
  offline: z.boolean().optional().describe('ask no server'),
  probe: asking.variant.describe('ask the gateway what it takes for this variant; costs less than a cent'),
});
export type DoctorInput = z.infer<typeof DoctorInput>;

export const UsageInput = z.strictObject({ by: z.enum(['day', 'variant', 'repo', 'user']).optional().describe('what to sum by (day)') });
export type UsageInput = z.infer<typeof UsageInput>;

export const LoginInput = z.strictObject({ forget: z.boolean().optional().describe('forget the key instead') });

export const ServeInput = z.strictObject({
  http: z.boolean().optional().describe('serve Streamable HTTP instead of stdio'),
  port: z.number().int().min(0).max(65_535).optional().describe('port (8974)'),
  host: z.string().min(1).max(255).optional().describe('address to listen on (127.0.0.1)'),
  allow_root: names.optional().describe('folder that calls may name, with all below it (the current one)'),
  allow_host: names.optional().describe('name under which other machines may call'),
  origin: names.optional().describe('web origin that may call'),
  users_file: z.string().min(1).max(4096).optional().describe('file of users, each with a token, roots and a budget (docs/server.md)'),
  queue: z.string().min(1).max(4096).optional().describe('with --http: give the work to the workers of this queue (docs/fleet.md)'),
  drain: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .optional()
    .describe('with --http: seconds that replies being paid for have after SIGTERM (20)'),
  token_file: z.string().min(1).max(4096).optional().describe('file that holds the bearer token (default: a new one, printed on stderr)'),
});
export type ServeInput = z.infer<typeof ServeInput>;

export const GatewayInput = z.strictObject({
  port: z.number().int().min(0).max(65_535).optional().describe('port on 127.0.0.1 (any free one)'),
  reply: names.optional().describe('file whose text is answered; one after the other (form: docs/elsewhere.md)'),
});
export type GatewayInput = z.infer<typeof GatewayInput>;

/** Defaults that no caller has to give. */
export const defaults = {
  timeoutSeconds: 600,
  budgetTokens: 32_000,
  attempts: 3,
  variant: 'glm-4.7',
  flakeRuns: 2,
} as const;
