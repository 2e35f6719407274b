import { z } from 'zod';
import { FindInput, FixInput } from './input.ts';
import { Amount } from './model.ts';
import { Status } from './report.ts';

const path = z.string().min(1).max(4096);
const names = z.union([z.string().min(1).max(2000), z.array(z.string().min(1).max(2000)).min(1).max(200)]);

/** One line of a batch list: a folder or a repository to clone, and how its tests are looked at. Paths are relative to the list. */
export const Row = z.strictObject({
  root: path.optional().describe('folder of a repository on this machine'),
  repo: path.optional().describe('URL or path to clone'),
  ref: z
    .string()
    .regex(/^[\w.@/^~{}+-]{1,250}$/, 'not a branch, tag or commit')
    .refine((ref) => !ref.startsWith('-'), 'not a branch, tag or commit')
    .optional()
    .describe('branch, tag or commit to check out (the default branch)'),
  test: names.optional().describe('name or file filter'),
  command: z.string().min(1).max(4000).optional().describe('test command'),
  log: path.optional().describe('CI log to read instead of running the tests first'),
  report: path.optional().describe('test report to read instead of running the tests first'),
});
export type Row = z.infer<typeof Row>;

export const causeClasses = ['code', 'test', 'flaky', 'environment', 'build'] as const;
export const CauseClass = z.enum(causeClasses);
export type CauseClass = z.infer<typeof CauseClass>;

/** A group of failures in one row. Rows with the same fingerprint have the same root cause. */
export const Member = z.strictObject({
  fingerprint: z.string(),
  cause: z.string(),
  class: CauseClass,
  why: z.string().describe('why it was classed so'),
  count: z.number().int().describe('failures in the group'),
  tests: z.array(z.string()).describe('ids, capped'),
});
export type Member = z.infer<typeof Member>;

/** What looking at a row came to: the tests were run, or a log was read. */
export const Looked = z.strictObject({
  status: Status,
  summary: z.string(),
  commit: z.string().optional(),
  durationMs: z.number(),
  job: z.string().optional(),
  class: CauseClass.optional().describe('where the run did not come to single failures'),
  members: z.array(Member),
  warnings: z.array(z.string()),
});
export type Looked = z.infer<typeof Looked>;

/** What a patch came to on one row: asked for there, or proven there. `report` names the whole report on the shelf. */
const unpaid = z.boolean().optional().describe('answered on this machine: costUsd was not paid');

export const Tried = z.strictObject({
  status: Status,
  summary: z.string(),
  job: z.string().optional(),
  costUsd: Amount.optional(),
  unpaid,
  requests: z.number().int().optional().describe('requests that were sent'),
  patch: z
    .strictObject({
      diff: z.string(),
      sha256: z.string(),
      closed: z.boolean().describe('it holds a secret, so it stays with the job that made it'),
    })
    .optional(),
  report: z.string().optional(),
});
export type Tried = z.infer<typeof Tried>;

/** How a row ends: the status of its report, or why there is none. */
export const rowStatuses = [...Status.options, 'bad_row', 'failed', 'cancelled'] as const;
export const RowStatus = z.enum(rowStatuses);
export type RowStatus = z.infer<typeof RowStatus>;

export const RowResult = z.strictObject({
  line: z.number().int().describe('of the list, from 1'),
  name: z.string(),
  status: RowStatus,
  summary: z.string(),
  class: CauseClass.optional().describe('of its first cause'),
  causes: z.array(z.string()).describe('fingerprints'),
  commit: z.string().optional(),
  job: z.string().optional(),
  durationMs: z.number().optional(),
  warnings: z.array(z.string()),
});
export type RowResult = z.infer<typeof RowResult>;

export const CauseResult = z.strictObject({
  fingerprint: z.string(),
  cause: z.string(),
  class: CauseClass,
  why: z.string(),
  known: z.string().optional().describe('when it was first seen, where an earlier batch has seen it'),
  rows: z.array(z.number().int()).describe('lines that it makes red'),
  status: RowStatus,
  summary: z.string(),
  proven: z.array(z.number().int()).describe('lines on which the patch is verified'),
  patches: z.array(z.strictObject({ diff: z.string(), sha256: z.string(), rows: z.array(z.number().int()), from: z.string() })),
  costUsd: Amount,
  unpaid,
  requests: z.number().int(),
  opened: z.array(z.string()).optional().describe('pull or merge requests'),
  notOpened: z.array(z.string()).optional().describe('why a request was not opened'),
});
export type CauseResult = z.infer<typeof CauseResult>;

/** The whole of a batch. Its exit code is 0 where every row went well. */
export const Batch = z.strictObject({
  version: z.literal(1),
  batch: z.string(),
  status: z.enum(['done', 'stopped']),
  summary: z.string(),
  rows: z.array(RowResult),
  causes: z.array(CauseResult),
  costUsd: Amount,
  unpaid,
  requests: z.number().int(),
  durationMs: z.number(),
  warnings: z.array(z.string()),
});
export type Batch = z.infer<typeof Batch>;

const { root, env, command, timeout, variant, budget, max_tokens, language, sandbox, flaky, attempts, max_time, allow } = FixInput.shape;

/** How the rows of a batch are worked on: the same for all of them. */
export const BatchOptions = z.strictObject({
  timeout,
  env,
  sandbox,
  flakes: FindInput.shape.flakes.describe('re-runs to tell flaky (2)'),
  install: z.boolean().optional().describe('run the install command of a clone whose dependencies are missing'),
  variant,
  budget,
  max_tokens,
  language,
  flaky,
  attempts,
  max_time,
  allow,
});
export type BatchOptions = z.infer<typeof BatchOptions>;

const queue = z.string().min(1).max(4096).optional();
const jobs = z.number().int().min(1).max(256).optional();

export const BatchInput = z.strictObject({
  ...BatchOptions.shape,
  root: root.describe('repository that logs of --from-ci belong to (the current folder)'),
  command: command.describe('test command, where a row names none'),
  max_cost: FixInput.shape.max_cost.describe('USD cap for the whole batch'),
  from_ci: z.boolean().optional().describe('arguments are CI logs, or folders of them, instead of a list'),
  only_find: z.boolean().optional().describe('stop when the failures are grouped; sends nothing'),
  open: z.boolean().optional().describe('open a pull or merge request for each patch that is verified (docs/fleet.md)'),
  label: z.array(z.string().min(1).max(100)).max(20).optional().describe('label of these requests (glm-skill)'),
  jobs: jobs.describe('rows at a time on this machine (2)'),
  queue: queue.describe('give the work to the workers of this queue instead'),
});
export type BatchInput = z.infer<typeof BatchInput>;

export const WorkerInput = z.strictObject({
  queue: queue.describe('redis://, rediss://, valkey:// or postgres:// URL, or a folder'),
  jobs: jobs.describe('tasks at a time (2)'),
  drain: z.number().int().min(0).max(86_400).optional().describe('seconds that running tasks have after SIGTERM (600)'),
});
export type WorkerInput = z.infer<typeof WorkerInput>;
