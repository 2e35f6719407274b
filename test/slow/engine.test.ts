import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { openQueue } from '../../src/fleet/engine/open.ts';
import { sharedMoney } from '../../src/fleet/engine/shared-limits.ts';
import type { Opened } from '../../src/fleet/engine/store.ts';
import { queuePromises } from '../jobs/queues.ts';
import { postgresHere, postgresServer, redisHere, redisServer } from './servers.ts';

const kinds = [
  ['redis', redisHere, redisServer],
  ['postgres', postgresHere, postgresServer],
] as const;
for (const [name, here] of kinds)
  if (!here) console.log(`NOT RUN: the queue on ${name}, because there is no ${name} server on this machine`);

for (const [name, here, serve] of kinds) {
  if (!here) continue;
  describe(name, async () => {
    const server = await serve();
    const opened: Opened[] = [];
    const open = async () => {
      const one = await openQueue(server.url, {});
      opened.push(one);
      return one;
    };
    afterAll(async () => {
      for (const one of opened) await one.close();
      await server.remove();
    });

    queuePromises(name, async () => (await open()).queue);

    test('a result of 2 MB passes, and so does NUL', async () => {
      const { queue, shelf } = await open();
      const never = new AbortController().signal;
      const result = { text: `\0${'x'.repeat(2 << 20)}` };
      await queue.add([{ id: 'large', kind: 'look', data: { text: 'a\0b' } }]);
      const ticket = await queue.take(never);
      expect(ticket.data).toEqual({ text: 'a\0b' });
      await queue.finish(ticket, { state: 'done', result });
      expect((await queue.wait('large', { signal: never }))?.result).toEqual(result);
      await shelf.keep('a text', `\0${'y'.repeat(2 << 20)}`);
      expect((await shelf.read('a text'))?.length).toBe((2 << 20) + 1);
      expect(await shelf.read('none')).toBeUndefined();
    });

    test('whoever looks while a task ends sees that it is under way, or what it came to', async () => {
      const [one, other] = [(await open()).queue, (await open()).queue];
      const ids = Array.from({ length: 40 }, (_, at) => `ending-${at}`);
      await one.add(ids.map((id) => ({ id, kind: 'look', data: {} })));
      const ends: string[] = [];
      for (const _ of ids) {
        const ticket = await one.take(new AbortController().signal);
        const finishing = one.finish(ticket, { state: 'done', result: { text: ticket.id } });
        let seen = await other.look(ticket.id);
        while (seen?.state === 'waiting' || seen?.state === 'running') seen = await other.look(ticket.id);
        ends.push(seen?.state ?? 'unknown');
        await finishing;
      }
      expect(ends).toEqual(ids.map(() => 'done'));
    });

    test('places and sums hold over many machines', async () => {
      const [one, other] = [await open(), await open()];
      if (!one.store || !other.store) throw new Error('no store');
      const money = [sharedMoney(one.store), sharedMoney(other.store)];
      const take = (at: number) => money[at]?.slots('key', 2).acquire(new AbortController().signal);
      const [first, second] = [await take(0), await take(1)];
      let taken = false;
      const third = take(0)?.then((free) => {
        taken = true;
        return free;
      });
      await sleep(600);
      expect(taken).toBe(false);
      first?.();
      const freed = await third;
      for (const free of [second, freed]) free?.();
      const booked = await Promise.all(Array.from({ length: 20 }, (_, at) => money[at % 2]?.reserve('day', `entry-${at}`, 0.1, 1)));
      expect(booked.filter((answer) => answer?.fits)).toHaveLength(10);
      const fitting = booked.findIndex((answer) => answer?.fits);
      await money[0]?.settle('day', `entry-${fitting}`, 0.04);
      expect(await money[1]?.reserve('day', 'late', 0.06, 1)).toMatchObject({ fits: true });
      expect(await money[1]?.reserve('day', 'later', 0.01, 1)).toMatchObject({ fits: false });
    });
  });
}

test('a queue that is none, one with a password in its URL and one that does not answer are refused with a sentence', async () => {
  await expect(openQueue('ftp://x', {})).rejects.toMatchObject({ code: 'bad_input' });
  await expect(openQueue('redis://me:secret@localhost', {})).rejects.toMatchObject({ code: 'bad_input' });
  await expect(openQueue('redis://127.0.0.1:1', {})).rejects.toMatchObject({ code: 'unreachable' });
  await expect(openQueue('postgres://me@127.0.0.1:1/x', {})).rejects.toMatchObject({ code: 'unreachable' });
});
