import { findEntries, openTrial } from './find-entries.ts';
import { planSetup } from './plan.ts';
import { readRecord } from './record.ts';
import type { Start } from './start.ts';
import type { Action, SetupOptions, SetupPlan, Step } from './steps.ts';

/** One place where skill or server belong. `edited`: somebody changed it since; `blocked`: the file is broken or the entry foreign. */
type StatusItem = Omit<Step, 'action'> & { readonly state: 'ok' | 'outdated' | 'missing' | 'edited' | 'blocked' };

/** What came of starting the server of a file. */
type Started = { readonly path: string } & Start;

export type SetupStatus = {
  readonly root: string;
  readonly scope: 'workspace' | 'user';
  /** Version of this package, and the one that setup ran with. */
  readonly version: string;
  readonly installed: string | undefined;
  readonly items: readonly StatusItem[];
  readonly notes: readonly string[];
};

/** Compares what setup would write with what is there. Writes nothing. */
export async function setupStatus(options: SetupOptions): Promise<SetupStatus> {
  const record = await readRecord(options.folders, options.root, options.scope);
  const plan = await planSetup({ ...options, clients: options.clients ?? record?.clients, link: record?.link });
  const items = plan.steps.map(({ action, ...step }) => ({ ...step, state: stateFor(action, step.why) }));
  return { root: plan.root, scope: plan.scope, version: plan.version, installed: record?.package, items, notes: plan.notes };
}

/** Starts the servers that the items name, as their clients would. */
export async function startServers(options: SetupOptions, { items }: SetupStatus): Promise<readonly Started[]> {
  const servers = items.filter(({ kind }) => kind === 'server');
  const entries = await findEntries(options, new Set(servers.flatMap(({ clients }) => clients)));
  const start = openTrial(options, true);
  return Promise.all(
    servers.flatMap(({ path }) => {
      const held = entries.find((one) => !('broken' in one) && one.file === path);
      return held && !('broken' in held) ? [start(held).then((started) => ({ path, ...started }))] : [];
    }),
  );
}

/** The plan that brings what setup wrote to this version; `applySetup` carries it out. */
export async function planUpdate(options: SetupOptions): Promise<SetupPlan> {
  const record = await readRecord(options.folders, options.root, options.scope);
  return planSetup({ ...options, clients: options.clients ?? record?.clients, link: options.link ?? record?.link });
}

function stateFor(action: Action, why: string): StatusItem['state'] {
  if (action === 'keep') return 'ok';
  if (action === 'create') return 'missing';
  if (action === 'refuse') return /edited/.test(why) ? 'edited' : 'blocked';
  return why === 'gets the entry' ? 'missing' : 'outdated';
}
