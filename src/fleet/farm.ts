import { createHash } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type ErrorCode, errorCodes, GlmError } from '../errors.ts';
import type { Queue, TaskState } from '../jobs/queue.ts';
import type { Farm } from '../schema/farm.ts';

/** The workers of a queue as one who takes work. What has ended is forgotten when it is closed; broken off, its results wait for the same work. */
export function openFarm(
  queue: Pick<Queue, 'add' | 'look' | 'wait' | 'forget' | 'cancel'>,
): Farm & { readonly close: () => Promise<void> } {
  const ids = new Set<string>();
  return {
    run: async (kind, data, signal = new AbortController().signal) => {
      const id = `e${createHash('sha256')
        .update(JSON.stringify([kind, data]))
        .digest('hex')
        .slice(0, 24)}`;
      setMaxListeners(0, signal);
      ids.add(id);
      const done = async (): Promise<TaskState | undefined> => {
        const before = (await queue.look(id))?.state;
        if (before === 'cancelled' || before === 'failed') await queue.forget([id]);
        await queue.add([{ id, kind, data }]);
        const ended = await queue.wait(id, { signal });
        // It was under way for a run that was stopped, and had not heard of it yet.
        return ended?.state === 'cancelled' && before === 'running' ? done() : ended;
      };
      try {
        return resultOf(await done());
      } catch (error) {
        if (signal.aborted) await queue.cancel(id).catch(() => false);
        throw error;
      }
    },
    close: () => queue.forget([...ids]),
  };
}

function resultOf(ended: TaskState | undefined): unknown {
  if (ended?.state === 'done') return ended.result;
  const { code = 'gateway_failed', message = 'The task was cancelled by somebody else.', hint } = ended?.error ?? {};
  throw new GlmError(isCode(code) ? code : 'busy', message, { hint });
}

const isCode = (code: string): code is ErrorCode => errorCodes.some((one) => one === code);
