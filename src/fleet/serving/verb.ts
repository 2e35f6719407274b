import { createHash } from 'node:crypto';
import { z } from 'zod';
import { GlmError } from '../../errors.ts';
import { recall } from '../../jobs/replies.ts';
import { keyOf } from '../../jobs/run.ts';
import type { JobStore } from '../../jobs/store.ts';
import { openPlace } from '../../repo/root.ts';
import { fingerprint } from '../../repo/tree-state.ts';
import type { Deps } from '../../schema/deps.ts';
import type { Account } from '../../schema/model.ts';
import type { Report } from '../../schema/report.ts';
import { startVerb, type Verb, verbs } from '../../verbs.ts';
import type { Wiring } from '../../wiring.ts';
import { Payer } from '../messages.ts';
import { askFor, type Hands } from '../work.ts';

const Errand = z.object({
  job: z.string(),
  verb: z.string(),
  root: z.string(),
  input: z.record(z.string(), z.unknown()),
  account: Payer.optional(),
});

/** How a worker does what a server was called for: with the account of the caller, and to the place where every server reads it. */
export type Serving = { readonly wiringOf: (account: Account | undefined) => Wiring; readonly jobs: JobStore };

/** Does the task of a job that a server has started. */
export async function doVerb(id: string, data: unknown, hands: Hands, { wiringOf, jobs }: Serving): Promise<object> {
  const { job, verb: name, root, input, account } = Errand.parse(data);
  const verb: Verb | undefined = Object.values(verbs).find((one) => one.name === name);
  if (!verb) throw new GlmError('bad_input', `This worker knows no verb ${name}.`, { hint: 'Bring servers and workers to one version.' });
  const wiring = wiringOf(account);
  const machine = { ...wiring, signal: hands.signal, tell: hands.tell };
  const remember: Deps['recall'] = async (earlier) => {
    const place = await openPlace({ root }, machine);
    const tree = (await fingerprint(place.git))?.name;
    return recall(earlier, place.root, { store: jobs, isCurrent: (one) => one.key === keyOf({ ...one, tree }) });
  };
  const running = await startVerb(wiring, verb, root, input, hands.signal, (deps) => ({
    ...deps,
    ask: deps.ask && askFor(deps.ask, id, hands, () => {}),
    recall: remember,
  }));
  running.follow(hands.tell);
  const stop = () => running.stop('interrupted');
  hands.signal.addEventListener('abort', stop, { once: true });
  if (hands.signal.aborted) stop();
  try {
    const report = await running.done;
    await hands.beforeEffect();
    await publish(running.id, job, report, wiring.jobs.store, jobs);
    await wiring.jobs.fetched(running.id);
    return { status: report.status, summary: report.summary };
  } finally {
    hands.signal.removeEventListener('abort', stop);
  }
}

/** Puts what a job came to where every server reads it. A patch that holds a secret stays on the machine that made it. */
async function publish(own: string, job: string, report: Report, from: JobStore, to: JobStore): Promise<void> {
  const { patch } = report;
  const isOpen = patch && createHash('sha256').update(patch.diff).digest('hex') === patch.sha256;
  for (const name of ['report.md', 'manifest.json', ...(isOpen ? ['patch.diff'] : [])]) await copy(name);
  for (let number = 1; await copy(`reply-${number}.json`); number++);
  const warnings =
    patch && !isOpen ? [...report.warnings, 'the patch holds a secret, so it stays on the machine that made it'] : report.warnings;
  await to.keep(job, 'report.json', JSON.stringify({ ...report, warnings, job }));

  async function copy(name: string): Promise<boolean> {
    const text = await from.read(own, name);
    if (text !== undefined) await to.keep(job, name, text);
    return text !== undefined;
  }
}
