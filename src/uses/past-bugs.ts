import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import { GlmError } from '../errors.ts';
import { attempt, type Pack, type Yard } from '../evaluating/attempt.ts';
import { fixElsewhere, lookElsewhere, type Sending } from '../evaluating/elsewhere.ts';
import type { Gathering } from '../evaluating/gather.ts';
import type { Climb } from '../evaluating/ladder.ts';
import { makeInstalls } from '../evaluating/laying/install.ts';
import { openStore } from '../evaluating/laying/store.ts';
import { makeSupplies } from '../evaluating/laying/supply.ts';
import type { Limit } from '../evaluating/limit.ts';
import type { readAlso } from '../evaluating/other-models.ts';
import { makeRunLimit } from '../evaluating/run-limit.ts';
import type { Column } from '../evaluating/running.ts';
import type { Candidate } from '../evaluating/source.ts';
import type { State } from '../evaluating/state.ts';
import { type FixBug, makeTry } from '../evaluating/trying.ts';
import { pack } from '../packing/kept-pack.ts';
import { checkRepo } from '../repo/clones/mirror.ts';
import { type Git, underSignal } from '../repo/git.ts';
import { openPlace } from '../repo/root.ts';
import type { Deps } from '../schema/deps.ts';
import { type EvaluateInput, evaluateDefaults } from '../schema/evaluate-input.ts';
import type { Farm } from '../schema/farm.ts';
import { defaults } from '../schema/input.ts';
import type { Variant } from '../schema/model.ts';
import { limitsOf } from './find.ts';
import { fix } from './fix.ts';

type Also = ReturnType<typeof readAlso>;

/** Who looks at candidates and lets variants fix bugs: this machine, or others. */
export type Hands = {
  /** Bugs at a time. */
  readonly hands: number;
  readonly attempt: Gathering['attempt'];
  /** Whom somebody can be asked for, the cheapest first. */
  readonly columns: readonly Pick<Column, 'variant'>[];
  readonly run: Climb<Pick<Column, 'variant'>>['run'];
};

export type Ground = {
  readonly git: Git;
  /** A folder that goes when the work is done. */
  readonly room: string;
  readonly state: State;
  readonly limit: Limit;
  readonly input: EvaluateInput;
  readonly variants: readonly Variant[];
  readonly also: readonly Also[];
  readonly candidates: readonly Candidate[];
};

/** This machine: a folder for each bug, and the packages that it has or installs. */
export async function openHere(ground: Ground, deps: Deps): Promise<Hands> {
  const { git, room, state, limit, input, candidates } = ground;
  const timed: Deps = { ...deps, signal: limit.signal };
  const timedGit = underSignal(git, limit.signal);
  const bases = candidates.map(({ base }) => base);
  const past = await limit.within(openStore(timedGit, bases, join(room, 'past')));
  const yardOf = (own: Git, with_: Deps): Yard => {
    const installs = input.offline ? undefined : makeInstalls(join(deps.folders.cache, 'evaluations', basename(state.folder)), with_);
    const store = past ?? { objects: undefined, bring: () => Promise.resolve() };
    return { git: own, room, name: basename(git.root), store, supplies: makeSupplies(git.root, installs) };
  };
  const yard = yardOf(timedGit, timed);
  const columns = await openColumns(ground, deps);
  const tried = makeTry(yardOf(git, deps), state, bugFixer(input, deps), deps.now);
  const how = howToLook(input, timed);
  const runLimit = makeRunLimit(how.timeoutMs);
  return {
    hands: availableParallelism(),
    attempt: async (one, number, install) => {
      const timeoutMs = input.run_timeout === undefined ? runLimit.ms() : how.timeoutMs;
      const came = await attempt({ bug: await one.open(), number, install }, yard, { ...how, timeoutMs }, timed);
      if ('past' in came) runLimit.learn(came.past.seconds);
      return came;
    },
    columns,
    run: async (bug, { variant }, capUsd, name) => {
      const column = columns.find((one) => one.variant === variant);
      return column && tried(bug, column, capUsd, name);
    },
  };
}

/** How many tasks lie in the queue at a time, where nobody said: what was found decides which candidate comes next. */
const sentAtOnce = 8;

/** Other machines, each with a clone, packages and a key of its own. Throws `bad_input` for what cannot travel. */
export async function openElsewhere(
  { git, limit, input, variants, also, candidates }: Ground,
  farm: Farm,
  signal: AbortSignal | undefined,
): Promise<Hands> {
  const repo = (await git.run(['config', '--get', 'remote.origin.url'], { codes: [0, 1] })).toString().trim();
  if (repo === '')
    throw new GlmError('bad_input', 'This repository has no remote called origin, so no other machine can clone it.', {
      hint: 'git remote add origin URL, or evaluate without --queue.',
    });
  if (also.length > 0)
    throw new GlmError('bad_input', '--also is asked from here, with a key that is here; machines of a queue do not have it.', {
      hint: 'Evaluate further models without --queue.',
    });
  const to: Sending = { farm, repo: checkRepo(repo), folder: basename(git.root) };
  const { run_timeout: timeout, command, env, budget, offline, sandbox, attempts = 1, max_tokens: maxTokens } = input;
  const how = { timeout, command, env, budget, offline };
  return {
    hands: sentAtOnce,
    attempt: (one) => lookElsewhere(one, how, to, limit.signal),
    columns: variants.map((variant) => ({ variant })),
    run: async ({ bug }, { variant }, capUsd, name) => {
      const one = candidates.find(({ mined }) => mined !== undefined && bug.base === mined.base && bug.id.endsWith(mined.sha.slice(0, 8)));
      if (!one) throw new Error(`no candidate is ${bug.id}`);
      return fixElsewhere({ one, bug, variant, capUsd, name }, { ...how, sandbox, attempts, maxTokens }, to, signal);
    },
  };
}

/** How a candidate is looked at. */
export function howToLook(input: Pick<EvaluateInput, 'run_timeout' | 'env' | 'command' | 'budget'>, deps: Deps) {
  const { run_timeout = evaluateDefaults.runSeconds, env = [], command } = input;
  return { timeoutMs: run_timeout * 1000, envNames: env, command, pack: bugPacker(input, deps) };
}

/** Packs for what was seen to be red; only what running a test once more would add is left out. */
function bugPacker(
  { budget = defaults.budgetTokens, run_timeout: timeout = evaluateDefaults.runSeconds, env }: Parameters<typeof howToLook>[0],
  deps: Deps,
): Pack {
  return async (path, seen) => {
    const quiet: Deps = { ...deps, tell: () => {} };
    const [first] = seen.groups;
    if (!first) throw new Error('nothing is red');
    const place = await openPlace({ root: path }, quiet);
    const { context } = await pack({ ...place, ...limitsOf({ timeout, env }), ...seen, failure: first.first, budgetTokens: budget }, quiet);
    return context;
  };
}

type Fixing = Pick<EvaluateInput, 'budget' | 'command' | 'env' | 'sandbox' | 'max_tokens' | 'attempts' | 'run_timeout'>;

/** `fix` as it would have been called when the bug was there. */
export function bugFixer({ attempts = 1, run_timeout: timeout = evaluateDefaults.runSeconds, ...rest }: Fixing, deps: Deps): FixBug {
  const { budget, command, env, sandbox, max_tokens } = rest;
  const steering = { budget, command, env, sandbox, max_tokens, attempts, timeout };
  return (root, bug, { column, ask, capUsd, tell, keep }) =>
    fix(
      { root, test: [...bug.tests], variant: column.variant.id, max_cost: capUsd, ...steering },
      { ...deps, ask, tell, keep, variants: [column.variant] },
    );
}

/** Who is asked for which variant. A further model is asked at its own place, with a key that was meant for it. */
async function openColumns({ variants, also }: Pick<Ground, 'variants' | 'also'>, deps: Deps): Promise<Column[]> {
  const { folders, env, now, ask } = deps;
  const others = new Map<Variant, Column>();
  for (const { variant, url, local } of also) {
    const [{ findKey }, { makeAsk }] = await Promise.all([import('../glm/key.ts'), import('../glm/wire/client.ts')]);
    const profile = local ? 'other' : undefined;
    const key = findKey(env, folders, url, profile)?.key;
    if (key !== undefined) others.set(variant, { variant, ask: makeAsk({ baseUrl: url, key, folders, env, now, settings: { profile } }) });
  }
  return variants.flatMap(
    (variant) => others.get(variant) ?? (ask && !also.some((one) => one.variant === variant) ? { variant, ask } : []),
  );
}
