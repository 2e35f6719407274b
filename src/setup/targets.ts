import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GlmError, messageOf } from '../errors.ts';
import type { Client } from './clients.ts';
import type { ConfigChange } from './config-step.ts';
import { callIt, checkFolders, insideWorkspace, readConfig, realPlace, resolvePlace } from './place.ts';
import type { SetupRecord } from './record.ts';
import type { Shipped } from './shipped.ts';
import { planSkill, type SkillChange, stateOf } from './skill-step.ts';
import type { PlannedConfig, PlannedSkill, SetupOptions } from './steps.ts';

type ConfigPlace = { readonly path: string; readonly name: string; readonly current: string | undefined };

const agents = '.agents/skills';

/** Visits the file of each client once, however many read it. Broken and unreadable files become refusals. */
export async function planConfigs(
  options: SetupOptions,
  chosen: readonly Client[],
  decide: (client: Client, place: ConfigPlace) => ConfigChange,
): Promise<readonly PlannedConfig[]> {
  const planned = new Map<string, PlannedConfig>();
  for (const client of chosen) {
    const places = client.config[options.scope];
    if (!places) continue;
    const candidates = places.map((place) => resolvePlace(place, options));
    const given = candidates.find((path) => existsSync(path)) ?? candidates[0] ?? '';
    const name = callIt(given, options);
    const shared = planned.get(given);
    if (shared) {
      planned.set(given, { ...shared, clients: [...shared.clients, client.id] });
      continue;
    }
    try {
      const path = options.scope === 'workspace' ? await insideWorkspace(given, options.root, name) : await realPlace(given);
      await checkFolders(path, options);
      const twin = [...planned.values()].find((other) => other.path === path);
      if (twin) throw new GlmError('config_invalid', `${name} is the same file as ${twin.name}. It was left as it is.`);
      const current = await readConfig(path, name);
      planned.set(given, { path, name, clients: [client.id], before: current, change: decide(client, { path, name, current }) });
    } catch (error) {
      if (!(error instanceof GlmError)) throw error;
      const change = { action: 'refuse', why: messageOf(error), after: undefined, record: undefined } as const;
      planned.set(given, { path: given, name, clients: [client.id], before: undefined, change });
    }
  }
  return [...planned.values()];
}

/** The skill folders of a scope with the clients that read them, the shared one first. */
function skillFolders(
  options: SetupOptions,
  chosen: readonly Client[],
  previous: SetupRecord | undefined,
): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, readonly string[]>();
  const shared = resolvePlace(options.scope === 'workspace' ? agents : `{home}/${agents}`, options);
  const recorded = previous?.skills.some(({ path }) => dirname(path) === shared);
  if (options.clients === undefined || options.link || recorded) readers.set(shared, []);
  for (const { id, skills } of chosen) {
    const folder = resolvePlace(skills[options.scope], options);
    readers.set(folder, [...(readers.get(folder) ?? []), id]);
  }
  return readers;
}

/** Decides for each skill in each folder that a chosen client reads; the first folder holds what the others may link to. */
export async function planSkills(
  options: SetupOptions,
  chosen: readonly Client[],
  shipped: readonly Shipped[],
  previous: SetupRecord | undefined,
): Promise<readonly PlannedSkill[]> {
  const planned = new Map<string, PlannedSkill>();
  const link = options.link ?? previous?.link ?? false;
  for (const [folder, readers] of skillFolders(options, chosen, previous)) {
    for (const { skill, source, hash } of shipped) {
      const given = join(folder, skill);
      const name = callIt(given, options);
      try {
        const real = options.scope === 'workspace' ? await insideWorkspace(folder, options.root, name) : await realPlace(folder);
        const path = join(real, skill);
        await checkFolders(path, options);
        if (planned.has(path)) continue;
        const first = [...planned.values()].find((other) => other.path.endsWith(skill) && dirname(other.path) !== real);
        const linkTo = link ? first?.path : undefined;
        const record = previous?.skills.find((one) => one.path === path);
        const leads = (await stateOf(path)).startsWith('link:') ? await realPlace(path) : undefined;
        const change: SkillChange =
          leads !== undefined && planned.has(leads) && !link
            ? { action: 'keep', why: `is a link to ${planned.get(leads)?.name}`, state: await stateOf(path), record }
            : await planSkill({ path, skill, record, force: options.force ?? false }, { hash, linkTo });
        planned.set(path, { path, name, clients: readers, change, make: linkTo === undefined ? { copyOf: source } : { linkTo } });
      } catch (error) {
        if (!(error instanceof GlmError)) throw error;
        const change = { action: 'refuse', why: messageOf(error), state: '', record: undefined } as const;
        planned.set(given, { path: given, name, clients: readers, change, make: undefined });
      }
    }
  }
  return [...planned.values()];
}
