import { type Environment, type Folders, folders, readEnvironment } from './config.ts';
import { readLedger, recentBytes } from './glm/money/ledger.ts';
import type { Shared } from './glm/money/shared-limits.ts';
import { type Jobs, makeJobs } from './jobs/run.ts';
import { type JobStore, openJobs } from './jobs/store.ts';
import type { Account, Ask, Variant } from './schema/model.ts';
import { gatewayEnvironment } from './settings.ts';

/** What one process works with, put together once by a door: environment, folders, gateway, jobs. `ask` looks for the key anew each time: it may be set while a server runs. */
export type Wiring = {
  readonly env: Environment;
  readonly folders: Folders;
  readonly baseUrl: string | undefined;
  readonly ask: () => Promise<Ask | undefined>;
  /** The variants as last heard; `refresh` asks the gateway where a key is set and the last answer is old. */
  readonly variants: (refresh: boolean) => Promise<readonly Variant[]>;
  readonly jobs: Jobs;
  readonly now: () => number;
};

/**
 * For one of several users: who pays, and which jobs are theirs. `shared`: limits that hold over many machines. `through`: what every
 * request goes through, such as another process.
 */
type Apart = {
  readonly account?: Account | undefined;
  readonly narrow?: ((store: JobStore) => JobStore) | undefined;
  readonly shared?: Shared | undefined;
  readonly through?: ((ask: Ask) => Ask) | undefined;
};

/** `steering`: what flags say of the gateway, as the variables that they outrank. */
export function openWiring(
  baseUrl: string | undefined,
  steering: Environment = {},
  { account, narrow, shared, through = (ask) => ask }: Apart = {},
): Wiring {
  const env = { ...readEnvironment(), ...steering };
  const places = folders(env);
  const now = Date.now;
  const place = async () => {
    const { findBaseUrl } = await import('./glm/key.ts');
    const filled = gatewayEnvironment(env, places);
    return { env: filled, target: findBaseUrl(filled, places, baseUrl) };
  };
  const gateway = async () => {
    const { findKey } = await import('./glm/key.ts');
    const { env: filled, target } = await place();
    return { env: filled, target, key: findKey(filled, places, target)?.key };
  };
  const ask = async () => {
    const { env: filled, target, key } = await gateway();
    if (key === undefined) return undefined;
    const { makeAsk } = await import('./glm/wire/client.ts');
    return through(makeAsk({ baseUrl: target, key, folders: places, env: filled, now, shared, account }));
  };
  const variants = async (refresh: boolean) => {
    const { currentVariants, pricesAt, readCatalogue, refreshCatalogue } = await import('./glm/money/catalogue.ts');
    const { withFactors } = await import('./glm/money/factor.ts');
    const { readGatewaySettings } = await import('./glm/settings.ts');
    const { env: filled, target, key } = refresh ? await gateway() : { ...(await place()), key: undefined };
    const fresh = key === undefined ? undefined : await refreshCatalogue({ baseUrl: target, key, folders: places, env: filled, now });
    const heard = fresh ?? readCatalogue(places, target);
    const settings = readGatewaySettings(filled);
    const priced = currentVariants(heard).map((one) => ({ ...one, prices: pricesAt(target, one, heard, settings) }));
    return withFactors(priced, await readLedger(places, recentBytes));
  };
  const scrub = async (root: string) => {
    const { key } = await gateway();
    const { openScrub } = await import('./jobs/scrub.ts');
    return openScrub(root, key ? [key] : [], { env, folders: places });
  };
  const store = openJobs(places.state);
  const jobs = makeJobs(narrow?.(store) ?? store, { env, folders: places, ask, variants: () => variants(false), now, scrub });
  return { env, folders: places, baseUrl, ask, variants, jobs, now };
}
