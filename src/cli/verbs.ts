import { existsSync } from 'node:fs';
import type { z } from 'zod';
import { GlmError } from '../errors.ts';
import { findJob } from '../jobs/find-job.ts';
import { toMarkdown } from '../report/markdown.ts';
import { type Door, withNext } from '../report/next.ts';
import type { Farm } from '../schema/farm.ts';
import { ApplyInput } from '../schema/input.ts';
import type { Report, Status } from '../schema/report.ts';
import { startVerb, type Verb, verbs } from '../verbs.ts';
import type { Wiring } from '../wiring.ts';
import { type Call, type Command, command, idle, type Outcome } from './command.ts';

const done: ReadonlySet<Status> = new Set([
  'green',
  'verified',
  'nothing_to_fix',
  'packed',
  'diagnosed',
  'shown',
  'answered',
  'reviewed',
  'written',
  'applied',
  'measured',
  'evaluated',
]);

/** 0 done, 2 needs a key, 1 any other outcome. */
export function exitCodeOf(status: Status): number {
  if (done.has(status)) return 0;
  return status === 'needs_key' ? 2 : 1;
}

/** How the command line words what can be done next. */
export const door: Door = { apply: (job) => `glm-skill apply ${job}`, fix: 'glm-skill fix' };

export function reportOutcome(report: Report): Outcome {
  const told = withNext(report, door);
  return { exitCode: exitCodeOf(report.status), text: toMarkdown(told), json: told, report: told };
}

/** The folder a verb works on: its only positional, else the current folder. */
export function rootOf(positionals: readonly string[]): string {
  if (positionals.length > 1) throw new GlmError('bad_input', `One folder at most, not ${positionals.length}: ${positionals.join(' ')}.`);
  return positionals[0] ?? process.cwd();
}

async function runVerb(verb: Verb, call: Call<z.infer<z.ZodObject>>): Promise<Outcome> {
  const { job, ...report } = await runJob(verb, rootOf(call.positionals), call);
  // What is not resumed is the same for the same tree: no job id in it.
  return reportOutcome(verb.resumes ? { ...report, job } : report);
}

/** Runs a verb on a folder as a job, to its report. */
export async function runJob(
  verb: Verb,
  root: string,
  { wiring, input, tell, signal, callback, rests }: Call<z.infer<z.ZodObject>>,
  farm?: Farm,
): Promise<Report> {
  const post = callback === undefined ? undefined : await openCallback(callback, wiring);
  const running = await startVerb(wiring, verb, root, input, signal, (deps) => ({ ...deps, rests, farm }));
  running.follow(tell);
  const stop = () => running.stop('interrupted');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const report = await running.done;
  await wiring.jobs.fetched(running.id);
  const warning = await post?.(report, signal);
  return warning === undefined ? report : { ...report, warnings: [...report.warnings, warning] };
}

/** Checks the address before any work is done; what it gives posts the report and says when nobody took it. */
async function openCallback(url: string, { env, folders, now }: Wiring) {
  const [{ checkCallback, sendCallback }, { openScrub }] = await Promise.all([import('../glm/callback.ts'), import('../jobs/scrub.ts')]);
  const target = checkCallback(url, env.RUNAPI_WEBHOOK_SECRET);
  return async (report: Report, signal: AbortSignal): Promise<string | undefined> => {
    const { away } = await openScrub(report.root, [], { env, folders });
    const body = { id: report.job ?? '', status: 'completed', report: away(report) } as const;
    const { delivered, tries, last } = await sendCallback({ ...target, body, env, now, signal });
    return delivered ? undefined : `the callback was not taken after ${tries} tries: ${last}`;
  };
}

function jobCommand(verb: Verb, summary: string, examples: readonly string[]): Command {
  return {
    name: verb.name,
    summary,
    arguments: '[ROOT]',
    input: verb.input,
    reaches: verb !== verbs.find && verb !== verbs.cause,
    reports: true,
    examples,
    run: (call) => runVerb(verb, call),
  };
}

export const verbCommands: readonly Command[] = [
  jobCommand(verbs.find, 'run the tests and say which fail and why; sends nothing', [
    'glm-skill find',
    'glm-skill find ../shop --test checkout --flakes 3',
  ]),
  jobCommand(verbs.cause, 'show why tests are red, by running them: since when, which hunk, which values; sends nothing', [
    'glm-skill cause',
    'glm-skill cause ../shop --test checkout --since v1.4',
  ]),
  jobCommand(verbs.context, 'pack the files that matter for the failing test, with manifest and price; sends nothing', [
    'glm-skill context',
    'glm-skill context --budget 8000 --json',
  ]),
  jobCommand(verbs.diagnose, 'ask GLM for the root cause of the failing test', ['glm-skill diagnose --variant glm-4.7']),
  jobCommand(verbs.fix, 'ask GLM for a patch and prove it in a private worktree; your files stay as they are', [
    'glm-skill fix',
    'glm-skill fix --variant auto --max-cost 0.05',
    'glm-skill fix ../shop --command "npm run test:integration" --attempts 2 --json',
  ]),
  command({
    name: 'apply',
    summary: 'put a proven patch into your files',
    arguments: '[ROOT | JOB]',
    input: ApplyInput,
    idle: idle.local,
    reports: true,
    examples: ['glm-skill apply', 'glm-skill apply 1erssyngx908bdw9kp3esb44dx', 'glm-skill apply 1erss'],
    run: async ({ input, positionals, wiring, signal }) => {
      const { apply } = await import('../uses/apply.ts');
      // A job as people type it, where no folder is called so: with blanks it comes in several words, and its folder may stand beside it.
      const folders = positionals.filter((one) => existsSync(one));
      const words = positionals.filter((one) => !folders.includes(one)).join(' ');
      const job = words === '' ? undefined : await findJob(wiring.jobs.store, words);
      if (words !== '' && job === undefined && !/[/\\]/.test(words))
        throw new GlmError('no_job', `There is no job ${words}, and no folder of that name.`, { hint: 'glm-skill jobs lists the jobs.' });
      const named = job === undefined ? { root: rootOf(positionals) } : { root: rootOf(folders), job };
      return reportOutcome(await apply({ ...input, ...named }, { wiring, signal }));
    },
  }),
];
