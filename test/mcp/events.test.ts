import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openEvents } from '../../src/mcp/events.ts';
import { makeSeats } from '../../src/mcp/seats.ts';
import { oneUser } from '../../src/mcp/users.ts';

const folder = mkdtempSync(join(tmpdir(), 'glm-events-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const answer = (id: number, size = 1) => ({ jsonrpc: '2.0', id, result: { text: 'x'.repeat(size) } }) as const;
const progress = { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } } as const;

async function replayed(events: ReturnType<typeof openEvents>, last: string) {
  const ids: unknown[] = [];
  const stream = await events.replayEventsAfter(last, {
    send: async (_, message) => {
      ids.push('id' in message ? message.id : message);
    },
  });
  return { stream, ids };
}

test.each([
  ['on disk', join(folder, 'kept')],
  ['in memory, where the disk takes none', join(folder, 'file', 'kept')],
])('answers that a client missed are sent again, of its stream only: %s', async (_, place) => {
  writeFileSync(join(folder, 'file'), '');
  const events = openEvents(place);
  const first = await events.storeEvent('a-1', progress);
  await events.storeEvent('b-2', answer(7));
  const second = await events.storeEvent('a-1', answer(8));
  expect(await replayed(events, first)).toEqual({ stream: 'a-1', ids: [8] });
  expect(await replayed(events, second)).toEqual({ stream: 'a-1', ids: [] });
  expect(await events.getStreamIdForEventId?.('../../etc/passwd')).toBeUndefined();
  await events.close();
  expect(existsSync(place)).toBe(false);
});

test('only the newest answers are kept, in number and in bytes', async () => {
  const events = openEvents(join(folder, 'bound'));
  const first = await events.storeEvent('s', progress);
  for (let at = 0; at < 100; at++) await events.storeEvent('s', answer(at));
  expect((await replayed(events, first)).ids).toEqual(Array.from({ length: 32 }, (_, at) => 68 + at));
  for (let at = 100; at < 105; at++) await events.storeEvent('s', answer(at, 1 << 20));
  expect((await replayed(events, first)).ids).toEqual([104]);
  await events.close();
});

test('a session at work keeps its seat; among the idle ones, those that no stream is open for go first', () => {
  const [user] = oneUser('t', []).all();
  const closed: string[] = [];
  const seats = makeSeats<typeof user>(3, () => {});
  const long = performance.now() - 60_000;
  const seat = (name: string, last: number, calls: number, streams: number) =>
    seats.add(name, { user, last: long + last, calls, streams, handle: async () => {}, close: async () => void closed.push(name) });
  seat('works', 1, 1, 0);
  seat('listens', 2, 0, 1);
  seat('idle', 3, 0, 0);
  expect(seats.makeRoom()).toBe(true);
  seat('another', 4, 1, 0);
  expect(seats.makeRoom()).toBe(true);
  seat('third', 5, 1, 0);
  expect([seats.makeRoom(), closed]).toEqual([false, ['idle', 'listens']]);
});

test('who has just come is not sent away for those that have long been idle with a stream', () => {
  const [user] = oneUser('t', []).all();
  const closed: string[] = [];
  const seats = makeSeats<typeof user>(2, () => {});
  const seat = (name: string, last: number, streams: number) =>
    seats.add(name, { user, last, calls: 0, streams, handle: async () => {}, close: async () => void closed.push(name) });
  seat('listens', performance.now() - 60_000, 1);
  seat('came', performance.now(), 0);
  expect([seats.makeRoom(), closed]).toEqual([true, ['listens']]);
});
