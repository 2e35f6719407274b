import { openTrace, type Trace, type TraceRequest } from '../coverage/trace.ts';
import type { Machine } from '../schema/deps.ts';
import type { Flake } from '../schema/run.ts';
import { checkFlake } from './flake.ts';

export type Rerun = { readonly flake: Flake; readonly trace: Trace | undefined };

/** The flake gate, whose last re-run also tells what the failing test ran. What may pass alone is not traced. */
export async function rerun(request: TraceRequest & { readonly runs: number }, deps: Machine): Promise<Rerun> {
  const tracing = await openTrace(request, deps);
  try {
    const flake = await checkFlake({ ...request, traced: tracing }, deps);
    const fails = flake.verdict === 'deterministic' || flake.verdict === 'not_checked';
    return { flake, trace: fails ? await tracing.finish() : undefined };
  } finally {
    await tracing.close();
  }
}
