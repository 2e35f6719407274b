import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Queue } from '../../src/jobs/queue.ts';

const never = new AbortController().signal;

/** What every queue promises. `open` gives another door to the same queue, as another process would have it. */
export function queuePromises(name: string, open: () => Promise<Queue>) {
  test(`${name}: a task is added once, taken once, and its result is there for whoever asks later`, async () => {
    const [one, other] = [await open(), await open()];
    await one.add([{ id: 'a-1', kind: 'look', data: { n: 1 } }]);
    await other.add([{ id: 'a-1', kind: 'look', data: { n: 2 } }]);
    expect(await one.look('a-0')).toBeUndefined();
    expect(await one.look('a-1')).toMatchObject({ state: 'waiting', attempt: 0 });
    const ticket = await other.take(never);
    expect(ticket).toMatchObject({ id: 'a-1', kind: 'look', data: { n: 1 }, attempt: 1 });
    await other.progress(ticket, 'half way');
    expect(await one.look('a-1')).toMatchObject({ state: 'running', message: 'half way' });
    expect(await other.heartbeat(ticket)).toBe('ours');
    expect(await other.finish(ticket, { state: 'done', result: { text: 'é'.repeat(1000) } })).toBe(true);
    expect(await one.wait('a-1', { signal: never })).toMatchObject({ state: 'done', result: { text: 'é'.repeat(1000) } });
    await one.forget(['a-1']);
    expect(await one.look('a-1')).toBeUndefined();
  });

  test(`${name}: what was put back is begun anew, and the earlier attempt is fenced off`, async () => {
    const [one, other] = [await open(), await open()];
    await one.add([{ id: 'b-1', kind: 'look', data: {} }]);
    const first = await one.take(never);
    await one.release(first);
    const second = await other.take(never);
    expect(second.attempt).toBeGreaterThan(first.attempt);
    expect(await one.heartbeat(first)).toBe('lost');
    expect(await one.finish(first, { state: 'done', result: 'of the first' })).toBe(false);
    expect(await other.finish(second, { state: 'done', result: 'of the second' })).toBe(true);
    expect(await one.look('b-1')).toMatchObject({ state: 'done', result: 'of the second' });
    await one.forget(['b-1']);
  });

  test(`${name}: cancelled from elsewhere, a waiting task is never taken and a running one hears of it`, async () => {
    const [one, other] = [await open(), await open()];
    await one.add([
      { id: 'c-1', kind: 'look', data: {} },
      { id: 'c-2', kind: 'look', data: {} },
    ]);
    const ticket = await one.take(never);
    expect(await other.cancel('c-2')).toBe(true);
    expect(await other.cancel(ticket.id)).toBe(true);
    expect(await one.heartbeat(ticket)).toBe('cancelled');
    await one.finish(ticket, { state: 'cancelled' });
    expect(await other.wait('c-1', { signal: never })).toMatchObject({ state: 'cancelled' });
    expect(await other.wait('c-2', { signal: never })).toMatchObject({ state: 'cancelled' });
    expect(await other.cancel('c-1')).toBe(false);
    expect(await other.cancel('c-9')).toBe(false);
    await one.forget(['c-1', 'c-2']);
  });

  test(`${name}: tasks come in order, failures keep their words, and all are counted`, async () => {
    const queue = await open();
    await queue.add(['d-1', 'd-2', 'd-3'].map((id) => ({ id, kind: 'look', data: {} })));
    const tickets = [await queue.take(never), await queue.take(never)];
    expect(tickets.map(({ id }) => id)).toEqual(['d-1', 'd-2']);
    const error = { code: 'no_git', message: 'There is no commit.', hint: 'Commit.' };
    if (tickets[0]) await queue.finish(tickets[0], { state: 'failed', error });
    expect(await queue.look('d-1')).toMatchObject({ state: 'failed', error });
    expect(await queue.counts()).toMatchObject({ waiting: 1, running: 1, failed: 1 });
    const idle = new AbortController();
    const last = await queue.take(never);
    const none = queue.take(idle.signal);
    await sleep(20);
    idle.abort();
    await expect(none).rejects.toThrow('stopped');
    for (const ticket of [tickets[1], last]) if (ticket) await queue.finish(ticket, { state: 'done', result: null });
    await queue.forget(['d-1', 'd-2', 'd-3']);
  });
}
