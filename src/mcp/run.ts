import { usd } from '../report/markdown.ts';
import { defaults } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { startVerb, type Verb } from '../verbs.ts';
import { type Shape, show, waitFor, waitSeconds } from './answer.ts';
import type { ToolContext, ToolResult } from './tool.ts';

/**
 * Runs a verb as a job and answers within the limit. Where only the cap stands in the way and the client can ask its user, the user may
 * lift it; without a yes in time the answer is the one that the arguments give.
 */
export async function runVerb(verb: Verb, given: Record<string, unknown>, context: ToolContext): Promise<ToolResult> {
  const { max_chars, offset, root, ...input } = given;
  const shape: Shape = { max_chars: toNumber(max_chars), offset: toNumber(offset) };
  const until = performance.now() + waitSeconds * 1000;
  const folder = await context.root(typeof root === 'string' ? root : undefined);
  const start = async (asked: Record<string, unknown>) => {
    const running = await startVerb(context.wiring, verb, folder, asked, context.signal);
    const release = hold(running.id, () => running.stop('interrupted'), context);
    try {
      return { running, report: await waitFor(running, context, until) };
    } finally {
      release();
    }
  };
  const first = await start(input);
  const max_cost = await liftedCap(verb, first.report, context, until);
  const { running, report } = max_cost === undefined ? first : await start({ ...input, max_cost });
  return show(running, report, shape, context);
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The cap in USD that the user agrees to after a run that stopped at a lower one before anything was sent. */
async function liftedCap(verb: Verb, report: Report | undefined, context: ToolContext, until: number): Promise<number | undefined> {
  const { high } = report?.estimate?.usd ?? {};
  if (report?.status !== 'over_cap' || report.job === undefined || typeof high !== 'number' || report.costUsd) return undefined;
  const { input } = (await context.wiring.jobs.store.load(report.job)) ?? {};
  const cap = input?.max_cost;
  if (typeof cap !== 'number' || high <= cap) return undefined;
  const rounds = 'attempts' in verb.input.shape ? (toNumber(input?.attempts) ?? defaults.attempts) : 1;
  const question = `${verb.name} may cost up to ${usd(high)} a request with ${report.estimate?.variant}, more than the cap of ${usd(cap)}. Spend up to ${usd(high * rounds)}?`;
  return (await context.confirm(question, until)) ? high * rounds : undefined;
}

/**
 * How many unanswered calls wait for a job: the last one to be cancelled stops it; a late cancel of an answered call stops nothing, nor
 * does a connection that is gone.
 */
const waiting = new Map<string, number>();

function hold(id: string, stop: () => void, { signal, isCancelled }: ToolContext): () => void {
  waiting.set(id, (waiting.get(id) ?? 0) + 1);
  let held = true;
  const release = () => {
    if (!held) return;
    held = false;
    signal.removeEventListener('abort', onAbort);
    const left = (waiting.get(id) ?? 1) - 1;
    if (left > 0) waiting.set(id, left);
    else waiting.delete(id);
  };
  // Counted down at once: calls that are cancelled in the same moment would else each take the other for waiting.
  const onAbort = () => {
    release();
    if (!waiting.has(id) && isCancelled()) stop();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  return release;
}
