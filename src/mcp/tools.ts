import { z } from 'zod';
import {
  ApplyInput,
  AskInput,
  CauseInput,
  ContextInput,
  DiagnoseInput,
  FindInput,
  FixInput,
  jobId,
  ProveInput,
  ReviewInput,
  VariantsInput,
  WriteTestsInput,
} from '../schema/input.ts';
import { verbs } from '../verbs.ts';
import { reportResult, waitSeconds } from './answer.ts';
import { getJob } from './get-job.ts';
import { runVerb } from './run.ts';
import { type Tool, tool } from './tool.ts';

const shape = {
  max_chars: z.number().int().min(1000).max(100_000).optional().describe('bytes (9000)'),
  offset: z.number().int().min(0).optional().describe('list items to skip'),
};

/** All tools in the order in which they are listed. */
export const tools: readonly Tool[] = [
  tool({
    name: 'find_failing_tests',
    title: 'Find failing tests',
    description:
      'Run the tests, or read a CI log or report: check which tests pass, fail, are red or flaky, and why; a list. Changes nothing, no key.',
    input: FindInput.omit({ env: true, sandbox: true }).extend(shape),
    touches: 'nothing',
    sends: false,
    run: (input, context) => runVerb(verbs.find, input, context),
  }),
  tool({
    name: 'find_cause',
    title: 'Show the cause',
    description:
      'Show by running why a test is red: where a wrong value comes from, which hunk of a change or since which commit it is broken. No model, no key.',
    input: CauseInput.omit({ env: true, timeout: true, sandbox: true }),
    touches: 'worktree',
    sends: false,
    shown: true,
    run: (input, context) => runVerb(verbs.cause, input, context),
  }),
  tool({
    name: 'collect_context',
    title: 'Collect context',
    description:
      'Pack or gather into one file what is relevant for a failure: suspects, source excerpts, token count, price; to read yourself, or to see what would be sent. Sends nothing.',
    input: ContextInput.omit({ env: true, report: true, log: true, timeout: true, sandbox: true, replay: true }),
    touches: 'nothing',
    sends: false,
    run: (input, context) => runVerb(verbs.context, input, context),
  }),
  tool({
    name: 'diagnose_failure',
    title: 'Diagnose a failure',
    description: 'Ask GLM for an explanation of the root cause: explain a failing test. No patch.',
    input: DiagnoseInput.omit({
      env: true,
      report: true,
      log: true,
      timeout: true,
      replay: true,
      max_tokens: true,
      sandbox: true,
      flaky: true,
    }),
    touches: 'nothing',
    sends: true,
    shown: true,
    run: (input, context) => runVerb(verbs.diagnose, input, context),
  }),
  tool({
    name: 'fix_failing_test',
    title: 'Fix a failing test',
    description:
      'Fix or repair red tests, make CI green: find the failing test, get GLM to propose a patch with its root cause, prove it in a worktree. Then apply_patch. Without a key: suspects and excerpts.',
    input: FixInput.omit({ max_tokens: true, max_time: true, report: true, log: true }),
    touches: 'worktree',
    sends: true,
    shown: true,
    run: (input, context) => runVerb(verbs.fix, input, context),
  }),
  tool({
    name: 'prove_patch',
    title: 'Prove a patch',
    description:
      'Prove or verify a given diff, patch or uncommitted change by running the tests in a worktree: really red before, green after, breaks nothing. No key.',
    input: ProveInput.pick({ patch: true, worktree: true, root: true }),
    touches: 'worktree',
    sends: false,
    run: (input, context) => runVerb(verbs.prove, input, context),
  }),
  tool({
    name: 'ask_repo',
    title: 'Ask about a repository',
    description: 'Answer a question about code or documents: explain how it works, where or which function it is; cited lines are checked.',
    input: AskInput.pick({ question: true, root: true, variant: true, max_cost: true, continue: true }),
    touches: 'nothing',
    sends: true,
    run: (input, context) => runVerb(verbs.ask, input, context),
  }),
  tool({
    name: 'review_changes',
    title: 'Review changes',
    description:
      'Review what changed in a branch, commits or a diff for bugs and mistakes, before a push: findings on changed lines, edits tried against the tests.',
    input: ReviewInput.pick({ root: true, since: true, variant: true, max_cost: true }),
    touches: 'worktree',
    sends: true,
    run: (input, context) => runVerb(verbs.review, input, context),
  }),
  tool({
    name: 'write_tests',
    title: 'Write tests',
    description:
      'Write, add or generate new tests for a file or module, more coverage; kept if green three times and if they notice when the code breaks.',
    input: WriteTestsInput.pick({ file: true, root: true, variant: true, max_cost: true }),
    touches: 'worktree',
    sends: true,
    run: (input, context) => runVerb(verbs['write-tests'], input, context),
  }),
  tool({
    name: 'apply_patch',
    title: 'Apply a proven patch',
    description:
      'Apply the proven patch of a finished job: put the fix into the files of the working tree or repository, if the user wants it; says how to undo it.',
    input: ApplyInput,
    touches: 'repo',
    sends: false,
    run: async (input, context) => {
      const { apply } = await import('../uses/apply.ts');
      const root = await context.root(input.root);
      const confirm = (question: string) => context.confirm(question, performance.now() + waitSeconds * 1000);
      return reportResult(await apply({ ...input, root }, { wiring: context.wiring, signal: context.signal, confirm }), {});
    },
  }),
  tool({
    name: 'list_variants',
    title: 'List GLM variants',
    description: 'Compare GLM models: context window, output limit, prices, which is cheapest; with tokens: what such a context costs.',
    input: VariantsInput,
    touches: 'nothing',
    sends: false,
    run: async (input, context) => {
      const { fitVariants, listVariants } = await import('../uses/variants.ts');
      const listed = listVariants(input, await context.wiring.variants(true));
      return { structured: fitVariants(listed.json), text: listed.text };
    },
  }),
  tool({
    name: 'get_job',
    title: 'Wait for a job',
    description: 'Wait for a job that was started, show its result again, or stop or cancel it.',
    input: z.strictObject({
      job: jobId.describe('job id'),
      wait: z.number().int().min(0).max(waitSeconds).optional().describe('seconds to wait (45)'),
      cancel: z.boolean().optional().describe('stop it, or put its patch aside'),
      whole: z.boolean().optional().describe('with all its parts'),
      ...shape,
    }),
    touches: 'nothing',
    sends: false,
    shown: true,
    run: getJob,
  }),
];
