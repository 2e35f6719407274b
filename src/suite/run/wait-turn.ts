import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { checkStopped } from '../../errors.ts';
import { openSlots } from '../../process/slots.ts';
import type { Tell } from '../../schema/model.ts';

type Turn = { readonly state?: string | undefined; readonly signal?: AbortSignal | undefined; readonly tell: Tell };

/** Tests that start us again wait for a turn that their own run holds: nobody waits for ever. */
const longestMs = 300_000;

/**
 * Waits for a core: over all processes of a user, as many suites run at a time as there are cores. The wait does not count against the
 * limit of a run. Where no turns can be kept on disk, there are none.
 */
export async function takeTurn({ state, signal, tell }: Turn): Promise<() => void> {
  if (state === undefined) return () => {};
  const patience = AbortSignal.timeout(longestMs);
  try {
    const slots = openSlots(join(state, 'slots', 'tests'), availableParallelism());
    return await slots.acquire(signal ? AbortSignal.any([signal, patience]) : patience, () =>
      tell({ type: 'progress', message: 'Waiting for other test runs on this machine to end.' }),
    );
  } catch {
    checkStopped(signal);
    return () => {};
  }
}
