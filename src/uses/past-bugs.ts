import type { Pack } from '../evaluating/gather.ts';
import type { FixBug } from '../evaluating/trying.ts';
import { pack } from '../packing/kept-pack.ts';
import { openPlace } from '../repo/root.ts';
import type { Deps } from '../schema/deps.ts';
import { type EvaluateInput, evaluateDefaults } from '../schema/evaluate-input.ts';
import { defaults } from '../schema/input.ts';
import { limitsOf } from './find.ts';
import { fix } from './fix.ts';

/** Packs for what was seen to be red; only what running a test once more would add is left out. */
export function bugPacker(
  { budget = defaults.budgetTokens, run_timeout: timeout = evaluateDefaults.runSeconds, env }: EvaluateInput,
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

/** `fix` as it would have been called when the bug was there. */
export function bugFixer(input: EvaluateInput, deps: Deps): FixBug {
  const { budget, command, env, sandbox, max_tokens, attempts = 1, run_timeout: timeout = evaluateDefaults.runSeconds } = input;
  return (root, bug, { column, ask, capUsd, tell, keep }) =>
    fix(
      {
        root,
        test: [...bug.tests],
        variant: column.variant.id,
        max_cost: capUsd,
        budget,
        command,
        env,
        sandbox,
        max_tokens,
        attempts,
        timeout,
      },
      { ...deps, ask, tell, keep, variants: [column.variant] },
    );
}
