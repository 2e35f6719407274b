import { makeJobs } from '../../src/jobs/run.ts';
import { openScrub } from '../../src/jobs/scrub.ts';
import { openJobs } from '../../src/jobs/store.ts';
import type { Ask, Reply } from '../../src/schema/model.ts';
import type { Report } from '../../src/schema/report.ts';
import { startVerb, verbs } from '../../src/verbs.ts';
import type { Wiring } from '../../src/wiring.ts';
import { scripted } from '../proof/checkout.ts';

/** A world in which every verb runs as a real job, with this model. */
export function worldOf({ env, folders }: Pick<Wiring, 'env' | 'folders'>, ask: Ask | undefined): Wiring {
  const find = async () => ask;
  const scrub = (root: string) => openScrub(root, [], { env, folders });
  const jobs = makeJobs(openJobs(folders.state), { env, folders, ask: find, now: Date.now, scrub });
  return { env, folders, baseUrl: undefined, ask: find, variants: async () => [], jobs, now: Date.now };
}

/** Such a world with a scripted model, and a way to run a verb to its report. */
export function play(own: Pick<Wiring, 'env' | 'folders'>, replies: readonly (string | Partial<Reply>)[]) {
  const { ask, asked } = scripted(replies);
  const world = worldOf(own, ask);
  const run = async (name: keyof typeof verbs, root: string, input: Record<string, unknown>): Promise<Report> => {
    const running = await startVerb(world, verbs[name], root, input);
    const report = await running.done;
    await world.jobs.fetched(running.id);
    return report;
  };
  return { world, run, asked, jobs: world.jobs };
}
