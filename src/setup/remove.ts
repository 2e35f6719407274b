import { dirname, join } from 'node:path';
import { clients as table } from './clients.ts';
import { planRemoval } from './config-step.ts';
import { chooseClients } from './find-clients.ts';
import { findPackage } from './launch.ts';
import { callIt, resolvePlace } from './place.ts';
import { readRecord, type SetupRecord } from './record.ts';
import { hashSkills } from './shipped.ts';
import { planSkillRemoval, stateOf } from './skill-step.ts';
import {
  configStep,
  configWrite,
  type PlannedSkill,
  recordLists,
  type SetupOptions,
  type SetupPlan,
  skillStep,
  skillWrite,
} from './steps.ts';
import { planConfigs } from './targets.ts';

/**
 * Works out how to take back what setup wrote; `applySetup` carries it out. With `clients` only theirs, and of the skills only those that no
 * client that stays reads. Without a record (another account or machine ran setup) our entries and unchanged copies are known by content.
 */
export async function planRemove(options: SetupOptions): Promise<SetupPlan> {
  const ours = options.package ?? findPackage();
  const previous = await readRecord(options.folders, options.root, options.scope);
  const chosen = options.clients ? chooseClients(options, []) : table;
  const gone = new Set(chosen.map(({ id }) => id));
  const configs = await planConfigs(options, chosen, (client, place) => {
    const record = previous?.files.find(({ path }) => path === place.path);
    if (previous && !record) return { action: 'keep', why: 'was not written by setup', after: place.current, record: undefined };
    return planRemoval({ ...place, client, record, force: options.force ?? false });
  });
  const skills = await planSkillsGone(options, ours.root, previous, gone);
  const planned = configs.filter(({ change }) => change.action !== 'keep');
  const record: SetupRecord = {
    version: 1,
    root: options.root,
    scope: options.scope,
    link: previous?.link ?? false,
    package: ours.version,
    clients: (previous?.clients ?? []).filter((id) => !gone.has(id)),
    ...recordLists(previous, configs, skills),
  };
  return {
    root: options.root,
    scope: options.scope,
    version: ours.version,
    clients: chosen.map(({ id }) => id),
    found: [],
    steps: [...skills.map(skillStep), ...planned.map(configStep)],
    notes: [],
    work: { writes: [...skills.flatMap(skillWrite), ...configs.flatMap(configWrite)], record, previous, copy: undefined },
  };
}

async function planSkillsGone(
  options: SetupOptions,
  packageRoot: string,
  previous: SetupRecord | undefined,
  gone: ReadonlySet<string>,
): Promise<readonly PlannedSkill[]> {
  const shipped = await hashSkills(packageRoot);
  const staying = (previous?.clients ?? []).filter((id) => !gone.has(id));
  const needed = new Set(table.flatMap(({ id, skills }) => (staying.includes(id) ? [resolvePlace(skills[options.scope], options)] : [])));
  const recorded = (previous?.skills ?? []).map(({ path, skill }) => ({ path, skill }));
  const known = table.flatMap(({ skills }) =>
    skills[options.scope]
      ? shipped.map(({ skill }) => ({ path: join(resolvePlace(skills[options.scope] ?? '', options), skill), skill }))
      : [],
  );
  const planned = new Map<string, PlannedSkill>();
  for (const { path, skill } of [...recorded, ...known]) {
    if (planned.has(path) || needed.has(dirname(path))) continue;
    const hash = shipped.find((one) => one.skill === skill)?.hash ?? '';
    const record = previous?.skills.find((one) => one.path === path);
    const state = await stateOf(path);
    if (state === 'absent' ? !record : !record && state !== hash) continue;
    const change = await planSkillRemoval({ path, skill, record, force: options.force ?? false }, hash);
    planned.set(path, { path, name: callIt(path, options), clients: [], change, make: undefined });
  }
  return [...planned.values()];
}
