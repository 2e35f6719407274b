import type { Client } from './clients.ts';
import { planEntry } from './config-step.ts';
import { chooseClients, type Found, findClients } from './find-clients.ts';
import { findPackage } from './launch.ts';
import { placeProgram } from './program.ts';
import { readRecord, type SetupRecord } from './record.ts';
import { hashSkills } from './shipped.ts';
import { configStep, configWrite, recordLists, type SetupOptions, type SetupPlan, skillStep, skillWrite } from './steps.ts';
import { planConfigs, planSkills } from './targets.ts';

/** Works out what setup would do. Writes nothing; what cannot be done safely is a step with the action `refuse`. */
export async function planSetup(options: SetupOptions): Promise<SetupPlan> {
  const ours = options.package ?? findPackage();
  const previous = await readRecord(options.folders, options.root, options.scope);
  const found = await findClients(options);
  const chosen = chooseClients(options, found);
  const { launch, copy } = placeProgram(ours, options);
  const configs = await planConfigs(options, chosen, (client, place) =>
    planEntry({ ...place, client, record: previous?.files.find(({ path }) => path === place.path), force: options.force ?? false }, launch),
  );
  const skills = await planSkills(options, chosen, await hashSkills(ours.root), previous);
  const others = await otherScope(options, previous);
  const record: SetupRecord = {
    version: 1,
    root: options.root,
    scope: options.scope,
    clients: [...new Set([...(previous?.clients ?? []), ...chosen.map(({ id }) => id)])],
    link: options.link ?? previous?.link ?? false,
    package: ours.version,
    ...recordLists(previous, configs, skills),
  };
  return {
    root: options.root,
    scope: options.scope,
    version: ours.version,
    clients: chosen.map(({ id }) => id),
    found,
    steps: [...skills.map(skillStep), ...configs.map(configStep)],
    notes: [...others, ...notesOf(options, chosen), ...offersOf(options, found, chosen)],
    work: { writes: [...skills.flatMap(skillWrite), ...configs.flatMap(configWrite)], record, previous, copy },
  };
}

async function otherScope(options: SetupOptions, previous: SetupRecord | undefined): Promise<string[]> {
  const other = options.scope === 'workspace' ? 'user' : 'workspace';
  if (previous || !(await readRecord(options.folders, options.root, other).catch(() => undefined))) return [];
  return [`glm-skill is set up for the ${other} too: clients then list the skill twice or prefer one of them. Keep one.`];
}

function notesOf(options: SetupOptions, chosen: readonly Client[]): string[] {
  const elsewhere = chosen
    .filter(({ config }) => !config[options.scope])
    .map(({ name, id, note }) => note ?? `${name}: see setup --print ${id}.`);
  const trust = options.scope === 'workspace' ? chosen.filter(({ config }) => config.workspace).flatMap(({ note }) => note ?? []) : [];
  const paths =
    options.scope === 'workspace'
      ? ['Entries hold paths of this machine: leave them out of commits, setup writes them anew elsewhere.']
      : [];
  return [...new Set([...elsewhere, ...trust, ...paths])];
}

/** Clients of this user that are not in use in the workspace, said only when no client was named. */
function offersOf({ clients, scope }: SetupOptions, found: readonly Found[], chosen: readonly Client[]): string[] {
  const offered = found.filter(({ id }) => !chosen.some((client) => client.id === id));
  if (clients || scope === 'user' || offered.length === 0) return [];
  return [`Also on this machine: ${offered.map(({ name, id }) => `${name} (--client ${id})`).join(', ')}.`];
}
