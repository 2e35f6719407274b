import type { Pack } from '../evaluating/gather.ts';
import type { FixBug } from '../evaluating/trying.ts';
import type { Deps } from '../schema/deps.ts';
import { evaluateDefaults as defaults, type EvaluateInput } from '../schema/evaluate-input.ts';
import { packFailure } from './context.ts';
import { fix } from './fix.ts';

/** Packs as `context` would, quietly. */
export function bugPacker({ budget, run_timeout: timeout = defaults.runSeconds, command, env }: EvaluateInput, deps: Deps): Pack {
  return async (path, tests) => {
    const packed = await packFailure(
      'context',
      { root: path, test: [...tests], budget, timeout, command, env },
      { ...deps, tell: () => {} },
    );
    if (!('pack' in packed)) return undefined;
    const { manifest, suspects } = packed.pack.context;
    return { run: packed.found.run, manifest, suspects };
  };
}

/** `fix` as it would have been called when the bug was there. */
export function bugFixer(input: EvaluateInput, deps: Deps): FixBug {
  const { budget, command, env, sandbox, max_tokens, attempts = 1, run_timeout: timeout = defaults.runSeconds } = input;
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
