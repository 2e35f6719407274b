import type { z } from 'zod';
import { isPaid } from './jobs/replies.ts';
import { keyOf } from './jobs/run.ts';
import type { Running } from './jobs/work.ts';
import { type Named, openPlace, type Place } from './repo/root.ts';
import { fingerprint } from './repo/tree-state.ts';
import { missingSandbox, switchedOff } from './safety/sandbox/sandbox.ts';
import type { Deps, Machine } from './schema/deps.ts';
import { EvaluateInput } from './schema/evaluate-input.ts';
import {
  AskInput,
  CauseInput,
  ContextInput,
  DiagnoseInput,
  FindInput,
  FixInput,
  ProveInput,
  ReviewInput,
  WriteTestsInput,
} from './schema/input.ts';
import type { Report } from './schema/report.ts';
import { readSettings, type Setting } from './settings.ts';
import type { Wiring } from './wiring.ts';

type Corridor<Input> = (input: Input & Named, deps: Deps) => Promise<Report>;

/** A use of the product that runs as a job. Its code is loaded when it is first asked for. */
export type Verb<Input extends z.ZodObject = z.ZodObject> = {
  readonly name: string;
  readonly input: Input;
  /** Whether its result is worth keeping for an equal call on an equal tree: because it was paid for, or took a test run. */
  readonly resumes: boolean;
  readonly load: () => Promise<Opened>;
};

type Opened = (work: { readonly asked: object; readonly place: Place }, deps: Deps) => Promise<Report>;

function verb<Input extends z.ZodObject>(
  name: string,
  resumes: boolean,
  input: Input,
  load: () => Promise<Corridor<z.infer<Input>>>,
): Verb {
  return {
    name,
    resumes,
    input,
    load: async () => {
      const corridor = await load();
      return ({ asked, place }, deps) => corridor({ ...input.parse(asked), ...place }, deps);
    },
  };
}

export const verbs = {
  find: verb('find', true, FindInput, async () => (await import('./uses/find.ts')).find),
  cause: verb('cause', true, CauseInput, async () => (await import('./uses/cause.ts')).cause),
  context: verb('context', false, ContextInput, async () => (await import('./uses/context.ts')).context),
  diagnose: verb('diagnose', true, DiagnoseInput, async () => (await import('./uses/diagnose.ts')).diagnose),
  ask: verb('ask', true, AskInput, async () => (await import('./uses/ask.ts')).ask),
  review: verb('review', true, ReviewInput, async () => (await import('./uses/review.ts')).review),
  'write-tests': verb('write-tests', true, WriteTestsInput, async () => (await import('./uses/write-tests.ts')).writeTests),
  prove: verb('prove', true, ProveInput, async () => (await import('./uses/prove.ts')).prove),
  evaluate: verb('evaluate', false, EvaluateInput, async () => (await import('./uses/evaluate.ts')).evaluate),
  fix: verb('fix', true, FixInput, async () => (await import('./uses/fix.ts')).fix),
} as const satisfies Record<string, Verb>;

/**
 * Starts a verb on a folder as a job. Bad roots are refused before anything starts. The signal ends the way there, not the job. `adapt`
 * changes what the job works with, such as whom it asks.
 */
export async function startVerb(
  wiring: Wiring,
  one: Verb,
  root: string,
  input: Readonly<Record<string, unknown>>,
  signal?: AbortSignal,
  adapt: (deps: Deps) => Deps = (deps) => deps,
): Promise<Running> {
  const place = await openPlace({ root }, { ...wiring, signal });
  const corridor = await one.load();
  const filled = withSettings(one.input, input, readSettings(place.root, wiring.env, wiring.folders));
  const found = one.resumes ? await fingerprint(place.git) : undefined;
  return wiring.jobs.start({
    verb: one.name,
    root: place.root,
    input: filled,
    tree: found?.name,
    shared: one.resumes,
    run: async (deps) => {
      const sandbox = sandboxOf(filled);
      const report = await corridor({ asked: filled, place: { ...place, clean: found?.clean } }, { ...adapt(deps), sandbox });
      const exposed = sandbox === 'off' && deps.ask ? switchedOff : undefined;
      const missing = 'sandbox' in one.input.shape ? (sandbox === 'auto' ? await missingSandbox(deps) : exposed) : undefined;
      return missing ? { ...report, warnings: [missing, ...report.warnings] } : report;
    },
  });
}

/**
 * Goes on with jobs of a server that was ended while they were under way, where replies were paid for and the files are as they were. One
 * whose last reply was cut off waits for somebody to ask again: that costs money.
 */
export async function resumePaid(wiring: Wiring): Promise<readonly Running[]> {
  const { jobs, folders } = wiring;
  const begun: Running[] = [];
  for (const job of await jobs.store.list()) {
    const one = Object.values(verbs).find(({ name }) => name === job.verb);
    if (job.state !== 'interrupted' || job.user === undefined || !one || !(await isPaid(job, jobs.store, folders))) continue;
    const place = await openPlace({ root: job.root }, { ...wiring, signal: undefined }).catch(() => undefined);
    const tree = place && (await fingerprint(place.git).catch(() => undefined))?.name;
    if (tree === undefined || keyOf({ ...job, tree }) !== job.key) continue;
    begun.push(await startVerb(wiring, one, job.root, job.input));
  }
  return begun;
}

function sandboxOf({ sandbox }: Readonly<Record<string, unknown>>): Machine['sandbox'] {
  return sandbox === 'on' || sandbox === 'off' ? sandbox : 'auto';
}

/**
 * The input with what the settings say where the caller said nothing. A further question goes to the variant that holds its beginning in
 * its cache.
 */
function withSettings(
  schema: z.ZodObject,
  input: Readonly<Record<string, unknown>>,
  settings: ReadonlyMap<string, Setting>,
): Record<string, unknown> {
  const filled: Record<string, unknown> = {};
  // A review chooses its budget by the change, unless somebody set one.
  const lean = (key: string) => key === 'budget' && schema === ReviewInput && settings.get(key)?.from === 'default';
  // A cap for every call is no leave to spend on an evaluation.
  const own = (key: string) =>
    (key === 'variant' && input.continue !== undefined) || (key === 'max_cost' && schema === EvaluateInput) || lean(key);
  const settled = (key: string) => (own(key) ? undefined : settings.get(key)?.value);
  for (const key of Object.keys(schema.shape)) filled[key] = input[key] ?? settled(key);
  return filled;
}
