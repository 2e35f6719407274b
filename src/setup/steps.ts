import type { ConfigChange } from './config-step.ts';
import type { Found } from './find-clients.ts';
import type { Package } from './launch.ts';
import type { Ground } from './place.ts';
import type { Copy } from './program.ts';
import type { SetupRecord } from './record.ts';
import type { SkillChange } from './skill-step.ts';

export type SetupOptions = Ground & {
  readonly scope: 'workspace' | 'user';
  /** Names or aliases of clients, or `all`. Absent: those found, and always Claude Code and the shared folders. */
  readonly clients?: readonly string[] | undefined;
  /** One copy of each skill, links to it elsewhere. */
  readonly link?: boolean | undefined;
  readonly force?: boolean | undefined;
  /** Default: the package that this code belongs to. */
  readonly package?: Package | undefined;
};

export type Action = 'create' | 'update' | 'remove' | 'keep' | 'refuse';

/** One line of the plan, for people and for JSON. `path` is relative to the workspace, or starts with `~`. */
export type Step = {
  readonly kind: 'skill' | 'server';
  readonly action: Action;
  readonly path: string;
  readonly clients: readonly string[];
  readonly why: string;
};

/** What is to be written: a file's text before and after, or a skill folder by its state before. `undefined` after = deleted. */
export type Write =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly name: string;
      readonly before: string | undefined;
      readonly after: string | undefined;
    }
  | { readonly kind: 'skill'; readonly path: string; readonly name: string; readonly state: string; readonly make: SkillMake | undefined };
type SkillMake = { readonly copyOf: string } | { readonly linkTo: string };

/** `work` is for `applySetup`; everything else is for showing. */
export type SetupPlan = {
  readonly root: string;
  readonly scope: 'workspace' | 'user';
  readonly version: string;
  readonly clients: readonly string[];
  readonly found: readonly Found[];
  readonly steps: readonly Step[];
  readonly notes: readonly string[];
  readonly work: {
    readonly writes: readonly Write[];
    readonly record: SetupRecord;
    readonly previous: SetupRecord | undefined;
    /** The program that the entries start, where it has to be copied first. */
    readonly copy: Copy | undefined;
  };
};

export type PlannedConfig = {
  readonly path: string;
  readonly name: string;
  readonly clients: readonly string[];
  readonly before: string | undefined;
  readonly change: ConfigChange;
};
export type PlannedSkill = {
  readonly path: string;
  readonly name: string;
  readonly clients: readonly string[];
  readonly change: SkillChange;
  readonly make: SkillMake | undefined;
};

function merge<One extends { readonly path: string }>(
  previous: readonly One[],
  planned: readonly { readonly path: string; readonly record: One | undefined }[],
): One[] {
  const touched = new Set(planned.map(({ path }) => path));
  return [...previous.filter(({ path }) => !touched.has(path)), ...planned.flatMap(({ record }) => record ?? [])];
}

export const skillStep = ({ name, clients, change }: PlannedSkill): Step => ({
  kind: 'skill',
  action: change.action,
  path: name,
  clients,
  why: change.why,
});
export const configStep = ({ name, clients, change }: PlannedConfig): Step => ({
  kind: 'server',
  action: change.action,
  path: name,
  clients,
  why: change.why,
});

export function skillWrite({ path, name, change, make }: PlannedSkill): Write[] {
  if (change.action === 'keep' || change.action === 'refuse') return [];
  return [{ kind: 'skill', path, name, state: change.state, make: change.action === 'remove' ? undefined : make }];
}

export function configWrite({ path, name, before, change }: PlannedConfig): Write[] {
  if (change.action === 'keep' || change.action === 'refuse' || change.after === before) return [];
  return [{ kind: 'file', path, name, before, after: change.after }];
}

/** The record's lists after a plan: what stood there before, with what the plan writes or takes away. */
export function recordLists(
  previous: SetupRecord | undefined,
  configs: readonly PlannedConfig[],
  skills: readonly PlannedSkill[],
): Pick<SetupRecord, 'files' | 'skills' | 'folders'> {
  return {
    files: merge(
      previous?.files ?? [],
      configs.map(({ path, change }) => ({ path, record: change.record })),
    ),
    skills: merge(
      previous?.skills ?? [],
      skills.map(({ path, change }) => ({ path, record: change.record })),
    ),
    folders: previous?.folders ?? [],
  };
}
