import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Stopped } from '../errors.ts';
import { openFolderQueue, openFolderShelf } from '../jobs/folders.ts';
import type { Batch } from '../schema/batch.ts';
import { openWiring } from '../wiring.ts';
import { askOnce, guardHere } from './ask-once.ts';
import { runBatch } from './batch.ts';
import type { BatchRequest, BatchRun } from './types.ts';
import { runCrew } from './worker-loop.ts';

/** Texts of this machine that outlive a batch: causes that were seen, replies that were paid. */
export function localShelf(state: string) {
  return openFolderShelf(join(state, 'shelf'));
}

/**
 * A batch on this machine, with a queue in a folder that only it works for. Broken off, the folder stays, and the same batch goes on from
 * there; done, it goes.
 */
export async function runLocal(request: BatchRequest, run: Omit<BatchRun, 'queue' | 'shelf'> & { readonly jobs: number }): Promise<Batch> {
  const folder = join(run.wiring.folders.state, 'batches', request.id);
  const queue = openFolderQueue(folder);
  const shelf = localShelf(run.wiring.folders.state);
  const stop = new AbortController();
  const signal = AbortSignal.any([run.signal, stop.signal]);
  const { baseUrl, env } = run.wiring;
  const wiring = openWiring(baseUrl, env, { through: (ask) => askOnce(ask, { shelf, guard: guardHere }) });
  const crew = runCrew({ queue, shelf, wiring, outlasting: false, jobs: run.jobs, drain: stop.signal, stop: signal });
  try {
    // A crew that ends before the batch has broken down, and nobody would do the work.
    const broken = crew.then(() => new Promise<never>(() => {}));
    const batch = await Promise.race([runBatch(request, { ...run, queue, shelf, signal }), broken]);
    await rm(folder, { recursive: true, force: true });
    return batch;
  } catch (error) {
    throw run.signal.aborted && !(error instanceof Stopped) ? new Stopped(error) : error;
  } finally {
    stop.abort();
    await crew.catch(() => {});
    await wiring.jobs.close();
    await queue.close();
  }
}
