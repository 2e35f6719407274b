import { type Environment, type Folders, folders, readEnvironment } from './config.ts';
import { type Jobs, makeJobs } from './jobs/run.ts';
import { openJobs } from './jobs/store.ts';
import type { Ask } from './schema/model.ts';

/** The real world, built once per process by a door. `ask` looks for the key anew each time: it may be set while a server runs. */
export type World = {
  readonly env: Environment;
  readonly folders: Folders;
  readonly baseUrl: string | undefined;
  readonly ask: () => Promise<Ask | undefined>;
  readonly jobs: Jobs;
  readonly now: () => number;
};

export function openWorld(baseUrl: string | undefined): World {
  const env = readEnvironment();
  const places = folders(env);
  const now = Date.now;
  const ask = async () => {
    const { findBaseUrl, findKey } = await import('./glm/key.ts');
    const target = findBaseUrl(env, places, baseUrl);
    const found = findKey(env, places, target);
    if (!found) return undefined;
    const { makeAsk } = await import('./glm/client.ts');
    return makeAsk({ baseUrl: target, key: found.key, folders: places, env, now });
  };
  const scrub = async (root: string) => {
    const [{ findBaseUrl, findKey }, { openScrub }] = await Promise.all([import('./glm/key.ts'), import('./jobs/scrub.ts')]);
    const found = findKey(env, places, findBaseUrl(env, places, baseUrl));
    return openScrub(root, found ? [found.key] : [], { env, folders: places });
  };
  const jobs = makeJobs(openJobs(places.state), { env, folders: places, ask, now, scrub });
  return { env, folders: places, baseUrl, ask, jobs, now };
}
