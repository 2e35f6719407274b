import { z } from 'zod';
import type { Folders } from '../config.ts';
import { GlmError } from '../errors.ts';
import { readStoredReply } from '../glm/wire/replies.ts';
import type { Job } from '../schema/job.ts';
import type { Ask, Message, Recalled, Reply } from '../schema/model.ts';
import { findJob, nameJob } from './find-job.ts';
import { insist } from './record.ts';
import { type JobStore, loadReport } from './store.ts';

/** A reply as it is kept beside a job, with what was asked for it: both redacted, as they were sent. */
type Kept = { readonly variant: string; readonly messages: readonly Message[]; readonly reply: Reply };

/**
 * An `Ask` that never pays twice: the n-th reply of a job is kept before anyone reads it, and a resumed job gets it from there. By order
 * and not by the bytes of the request, because the output of the re-run tests may hold a port or a time.
 */
export function rememberReplies(
  ask: Ask,
  {
    store,
    id,
    root,
    unkept,
  }: { readonly store: JobStore; readonly id: string; readonly root: string; readonly unkept: (text: string) => void },
): Ask {
  let asked = 0;
  return async (request, options) => {
    const name = replyFile(++asked);
    const stored = await store.read(id, name);
    if (stored !== undefined) {
      const { variant, reply }: Kept = JSON.parse(stored);
      if (variant === request.variant)
        return { ...reply, warnings: [...reply.warnings, 'taken from disk: it was paid for before the run was interrupted'] };
    }
    const reply = await ask({ ...request, id: `${id}-${asked}`, job: id, repo: root }, options);
    const kept: Kept = { variant: request.variant, messages: request.messages, reply };
    // The money is spent: what cannot be kept goes on all the same, and is told should the job fail.
    const problem = await insist(() => store.keep(id, name, JSON.stringify(kept)));
    if (problem === undefined) return reply;
    unkept(reply.text);
    return { ...reply, warnings: [...reply.warnings, `the reply could not be kept, so a run that is cut off would pay again: ${problem}`] };
  };
}

/** Whether an interrupted job has replies, the last of them whole, so that to go on costs nothing that was paid before. */
export async function isPaid({ id }: Job, store: JobStore, folders: Folders): Promise<boolean> {
  let replies = 0;
  while ((await store.read(id, replyFile(replies + 1))) !== undefined) replies++;
  const next = readStoredReply(folders, `${id}-${replies + 1}`);
  return next ? next.clean : replies > 0;
}

function replyFile(number: number): string {
  return `reply-${number}.json`;
}

const Exchange = z.object({
  variant: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })),
  reply: z.object({ outcome: z.string(), text: z.string() }),
});

/**
 * The last exchange of a job of this root. `isCurrent` says whether a job ran on the files as they are now. Throws `no_job` for a job that
 * is unknown, still runs, or has no complete reply, `bad_input` for one of another root.
 */
export async function recall(
  typed: string,
  root: string,
  { store, isCurrent }: { readonly store: JobStore; readonly isCurrent: (job: Job) => boolean },
): Promise<Recalled> {
  const id = await nameJob(store, typed);
  const job = await store.load(id);
  if (!job) throw new GlmError('no_job', `There is no job ${id}: it never was, or it has been pruned.`, { hint: 'Ask without continue.' });
  if (job.root !== root)
    throw new GlmError('bad_input', `Job ${id} belongs to ${job.root}, not to ${root}.`, { hint: 'Name that folder as root.' });
  if (job.state === 'running')
    throw new GlmError('no_job', `Job ${id} still runs, so there is no reply to go on from.`, { hint: 'Wait for it first.' });
  const last = await lastExchange(store, id);
  if (!last)
    throw new GlmError('no_job', `Job ${id} (${job.verb} ${job.status ?? job.state}) holds no reply of a model to go on from.`, {
      hint: 'Ask without continue.',
    });
  const { manifest } = (await loadReport(store, id)) ?? {};
  return { ...last, manifest, changed: !(await isFresh(job, store, isCurrent)) };
}

/** What was packed is as old as the first job of a chain. */
async function isFresh(job: Job, store: JobStore, isCurrent: (job: Job) => boolean): Promise<boolean> {
  if (!isCurrent(job)) return false;
  const { continue: before } = job.input;
  const id = typeof before === 'string' ? await findJob(store, before) : undefined;
  const earlier = id === undefined ? undefined : await store.load(id);
  return earlier === undefined || isFresh(earlier, store, isCurrent);
}

async function lastExchange(store: JobStore, id: string): Promise<Pick<Recalled, 'variant' | 'messages' | 'reply'> | undefined> {
  let last: Pick<Recalled, 'variant' | 'messages' | 'reply'> | undefined;
  for (let number = 1; ; number++) {
    const text = await store.read(id, replyFile(number));
    if (text === undefined) return last;
    const { data } = Exchange.safeParse(JSON.parse(text));
    if (data?.reply.outcome === 'complete') last = { variant: data.variant, messages: data.messages, reply: data.reply.text };
  }
}
