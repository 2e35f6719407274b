import { GlmError } from '../errors.ts';
import { isJobId, type JobStore } from './store.ts';

const fewestSigns = 4;

/**
 * The job that people mean: its id however they copied it, or the beginning of it where no other job begins so. Undefined: no job.
 * Throws `bad_input` where several are meant.
 */
export async function findJob(store: Pick<JobStore, 'list'>, typed: string): Promise<string | undefined> {
  // Crockford's base 32 reads o as 0, and i and l as 1.
  const text = typed
    .trim()
    .replace(/^job[\s:#]+/i, '')
    .replace(/^["'`<]+|["'`>.,]+$/g, '')
    .toLowerCase()
    .replace(/o/g, '0')
    .replace(/[il]/g, '1');
  if (isJobId(text)) return text;
  if (text.length < fewestSigns || !/^[0-9a-z]+$/.test(text)) return undefined;
  const begun = (await store.list()).filter(({ id }) => id.startsWith(text));
  if (begun.length > 1)
    throw new GlmError(
      'bad_input',
      `${begun.length} jobs begin with ${text}: ${begun
        .slice(0, 5)
        .map(({ id }) => id)
        .join(', ')}.`,
      {
        hint: 'Type more of the id.',
      },
    );
  return begun[0]?.id;
}

/** The same for whoever needs one. Throws `no_job`. */
export async function nameJob(store: Pick<JobStore, 'list'>, typed: string): Promise<string> {
  const id = await findJob(store, typed);
  if (id === undefined) throw new GlmError('no_job', `There is no job ${typed.slice(0, 60)}.`, { hint: 'glm-skill jobs lists the jobs.' });
  return id;
}
