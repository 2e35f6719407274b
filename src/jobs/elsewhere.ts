import { setTimeout as sleep } from 'node:timers/promises';
import { GlmError, Stopped } from '../errors.ts';
import type { Job } from '../schema/job.ts';
import type { Tell } from '../schema/model.ts';
import type { Report } from '../schema/report.ts';
import { type JobStore, loadReport } from './store.ts';
import type { Running } from './work.ts';

const lookEveryMs = 250;

/**
 * A job that another process runs, followed by its record. To stop it here is to look away. When its process dies or it is stopped, the
 * work is begun anew here, which resumes what is left of it.
 */
export function followElsewhere(found: Job, store: JobStore, begin: () => Promise<Running>): Running {
  const followers = new Set<Tell>();
  const gone = new AbortController();
  let { message } = found;
  const tell = (now: string) => {
    if (now === message) return;
    message = now;
    for (const follower of followers) follower({ type: 'progress', message });
  };
  const look = async (): Promise<Report> => {
    for (;;) {
      if (gone.signal.aborted) throw new Stopped();
      const job = await store.load(found.id);
      if (job?.state !== 'running') return take(job);
      tell(job.message);
      await sleep(lookEveryMs, undefined, { signal: gone.signal }).catch(() => {});
    }
  };
  const take = async (job: Job | undefined): Promise<Report> => {
    const report = job?.state === 'done' ? await loadReport(store, found.id) : undefined;
    if (report) return report;
    if (job?.state === 'failed' && job.error) {
      const { code, message: said, hint } = job.error;
      throw code === 'bug' ? new Error(said) : new GlmError(code, said, { hint });
    }
    const running = await begin();
    running.follow((event) => {
      for (const follower of followers) follower(event);
    });
    gone.signal.addEventListener('abort', () => running.stop('interrupted'), { once: true });
    return running.done;
  };
  const done = look();
  done.catch(() => {});
  return {
    id: found.id,
    root: found.root,
    done,
    again: false,
    latest: () => message,
    follow: (follower) => {
      followers.add(follower);
      return () => followers.delete(follower);
    },
    stop: () => gone.abort(),
  };
}
