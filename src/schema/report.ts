import { z } from 'zod';
import { Cause } from './cause.ts';
import { Manifest, RanFiles, Suspect } from './context.ts';
import { Evaluation } from './evaluation.ts';
import { Amount, Estimate, RootCause, replyOutcomes, Usage } from './model.ts';
import { Patch, PlaceFailure, Refusal } from './patch.ts';
import { Failure, FailureGroup, Flake, RunSummary, Since } from './run.ts';

export const verdicts = ['verified', 'improves', 'no_effect', 'regresses', 'unverifiable', 'not_applied'] as const;
export const Verdict = z.enum(verdicts);
export type Verdict = z.infer<typeof Verdict>;

/** The tests said this: the run before and after the patch, in one worktree. */
export const Proof = z.strictObject({
  verdict: Verdict,
  why: z.string(),
  before: RunSummary.optional(),
  after: z.array(RunSummary).describe('runs of the failing tests after the patch'),
  wide: z
    .strictObject({
      scope: z.string(),
      before: RunSummary,
      after: RunSummary,
      newFailures: z.array(z.string()),
      missing: z.array(z.string()).describe('collected before and not after'),
      newSkips: z.array(z.string()),
    })
    .optional(),
  grade: z.enum(['strong', 'thin']).optional().describe('of a verified patch: how far the tests decide that it is right'),
  gradeWhy: z.string().optional(),
  mutants: z
    .strictObject({ made: z.number().int(), noticed: z.number().int(), survived: z.array(z.string()) })
    .optional()
    .describe('changes to the patched lines that the tests notice'),
  unneeded: z.array(z.string()).optional().describe('hunks without which the failing tests are green as well'),
  smaller: z.strictObject({ diff: z.string(), sha256: z.string() }).optional().describe('the patch without them, proven in the same way'),
  stillRed: z.array(z.string()).optional().describe('tests that were red before, are red after and were not asked for'),
  sandbox: z.string().describe('none, or the name of the sandbox'),
  tree: z.string().optional().describe('git tree id that was tested'),
});
export type Proof = z.infer<typeof Proof>;

/** One round of ask, place, judge, prove. */
export const Attempt = z.strictObject({
  number: z.number().int(),
  variant: z.string(),
  model: z.string().optional(),
  outcome: z.enum(replyOutcomes).describe('reply outcome'),
  usage: Usage,
  costUsd: Amount,
  unpaid: z.boolean().optional().describe('answered on this machine: costUsd was not paid'),
  durationMs: z.number(),
  verdict: Verdict.optional(),
  placeFailures: z.array(PlaceFailure),
  refusals: z.array(Refusal),
  note: z.string().optional(),
});
export type Attempt = z.infer<typeof Attempt>;

/** A place that an answer names and whether the files bear it out. Lines count from 1. */
export const Citation = z.strictObject({
  path: z.string(),
  startLine: z.number().int(),
  endLine: z.number().int(),
  page: z.number().int().optional().describe('of a document with several pages, whose lines are those of its text'),
  holds: z.boolean().describe('the files bear it out'),
  checked: z.boolean().describe('false: nothing was quoted or named, so there was nothing to look up; it does not hold then'),
  why: z.string(),
});
export type Citation = z.infer<typeof Citation>;

export const severities = ['critical', 'major', 'minor', 'note'] as const;
type Severe = { readonly severity: (typeof severities)[number] };
/** The worst first. */
export const bySeverity = (a: Severe, b: Severe): number => severities.indexOf(a.severity) - severities.indexOf(b.severity);

/** What a review found at lines of the diff. `proof` says what the tests said of the suggested edit. */
export const Finding = z.strictObject({
  severity: z.enum(severities),
  path: z.string(),
  startLine: z.number().int(),
  endLine: z.number().int(),
  side: z.literal('old').optional().describe('the lines are those of the old file: they were removed'),
  why: z.string(),
  diff: z.string().optional().describe('suggested edit'),
  edit: z.enum(['proven', 'regresses', 'unproven', 'not_placed', 'refused']).optional().describe('what became of the suggested edit'),
  note: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** Something a model said that does not hold, with the reason; kept so that nobody has to wonder. */
export const Rejected = z.strictObject({ what: z.string(), why: z.string() });
export type Rejected = z.infer<typeof Rejected>;

/** What written tests are worth: runs that were green and simple mutants of the target that they noticed. */
export const TestWorth = z.strictObject({
  target: z.string(),
  files: z.array(z.string()),
  tests: z.array(z.string()).describe('ids of the new tests'),
  greenRuns: z.number().int(),
  mutants: z.number().int(),
  killed: z.number().int(),
  killedBefore: Amount.describe('by the tests that were there already'),
  mutated: z.string().describe('where the mutants were made'),
  survived: z.array(z.string()),
  coverage: z.strictObject({ before: Amount, after: Amount, unit: z.string() }).describe('lines of the target that run'),
});
export type TestWorth = z.infer<typeof TestWorth>;

export const statuses = [
  'green',
  'red',
  'packed',
  'diagnosed',
  'shown',
  ...verdicts,
  'nothing_to_fix',
  'flaky',
  'environment',
  'no_tests',
  'not_installed',
  'timeout',
  'crashed',
  'unclear',
  'needs_key',
  'over_cap',
  'no_answer',
  'answered',
  'reviewed',
  'written',
  'not_written',
  'applied',
  'measured',
  'evaluated',
] as const;
export const Status = z.enum(statuses);
export type Status = z.infer<typeof Status>;

/** The one result of every corridor. Fields that a corridor does not reach are absent. */
export const Report = z.strictObject({
  version: z.literal(1),
  verb: z.string(),
  status: Status,
  root: z.string().describe('the repository that was used, as given'),
  job: z.string().optional(),
  language: z.string().optional().describe('language of explanations and of the Markdown labels'),
  summary: z.string().describe('one sentence'),
  run: RunSummary.optional(),
  groups: z.array(FailureGroup).optional(),
  failing: Failure.optional().describe('the failure that was taken up'),
  flake: Flake.optional(),
  since: Since.optional(),
  cause: Cause.optional(),
  suspects: z.array(Suspect).optional(),
  ran: RanFiles.optional().describe('what the failing tests ran'),
  manifest: Manifest.optional(),
  contextFile: z.string().optional().describe('0600 file that holds the whole pack'),
  excerpts: z.array(z.strictObject({ path: z.string(), startLine: z.number().int(), text: z.string() })).optional(),
  estimate: Estimate.optional(),
  rootCause: RootCause.optional(),
  attempts: z.array(Attempt).optional(),
  patch: Patch.optional(),
  proof: Proof.optional(),
  base: z
    .strictObject({ commit: z.string(), clean: z.boolean().describe('uncommitted changes were left out') })
    .optional()
    .describe('what a patch was proven on'),
  answer: z.string().optional().describe('what was answered; citations that do not hold are marked'),
  citations: z.array(Citation).optional(),
  findings: z.array(Finding).optional(),
  rejected: z.array(Rejected).optional().describe('said by the model and not borne out'),
  worth: TestWorth.optional(),
  evaluation: Evaluation.optional(),
  costUsd: Amount.optional(),
  warnings: z.array(z.string()),
  next: z.array(z.string()).describe('what can be done now, each one command or tool call'),
});
export type Report = z.infer<typeof Report>;

/** Something was asked, and whatever was asked was answered on this machine. */
export function isUnpaid({ attempts = [] }: Pick<Report, 'attempts'>): boolean {
  return isAsked({ attempts }) && attempts.every(({ unpaid }) => unpaid);
}

/** Was a model asked for it? */
export function isAsked({ attempts = [] }: Pick<Report, 'attempts'>): boolean {
  return attempts.length > 0;
}
