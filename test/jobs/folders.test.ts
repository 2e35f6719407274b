import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openFolderQueue, openFolderShelf } from '../../src/jobs/folders.ts';
import { makeHome } from '../repo/fixture.ts';
import { queuePromises } from './queues.ts';

const own = makeHome();
afterAll(own.remove);
const folder = join(own.home, 'queue');

queuePromises('folders', async () => openFolderQueue(folder));

/** An attempt of a process that is gone, as a kill leaves it. */
function leaveAttempt(queue: string, id: string, attempt: number) {
  mkdirSync(join(queue, 'tasks', id), { recursive: true });
  writeFileSync(
    join(queue, 'tasks', id, `attempt-${attempt}`),
    JSON.stringify({ pid: 2 ** 22 - 1, started: 'x', host: 'elsewhere.invalid' }),
  );
}

test('a task whose process is gone is taken by another; one that ends each of its workers is given to no sixth', async () => {
  const queue = openFolderQueue(join(own.home, 'lost'));
  await queue.add([{ id: 'e-1', kind: 'look', data: {} }]);
  const { hostname } = await import('node:os');
  const dead = JSON.stringify({ pid: 2 ** 22 - 1, started: 'x', host: hostname() });
  writeFileSync(join(own.home, 'lost', 'tasks', 'e-1', 'attempt-1'), dead);
  const ticket = await queue.take(new AbortController().signal);
  expect(ticket.attempt).toBe(2);
  await queue.finish(ticket, { state: 'done', result: 1 });

  await queue.add([{ id: 'e-2', kind: 'look', data: {} }]);
  for (let attempt = 1; attempt <= 5; attempt++) writeFileSync(join(own.home, 'lost', 'tasks', 'e-2', `attempt-${attempt}`), dead);
  const idle = new AbortController();
  const none = queue.take(idle.signal);
  expect(await queue.wait('e-2', { signal: idle.signal })).toMatchObject({ state: 'failed', error: { code: 'lost' } });
  idle.abort();
  await expect(none).rejects.toThrow('stopped');
});

test('an attempt on another machine lives as long as its file is touched', async () => {
  const place = join(own.home, 'shared');
  const queue = openFolderQueue(place);
  await queue.add([{ id: 'f-1', kind: 'look', data: {} }]);
  leaveAttempt(place, 'f-1', 1);
  expect(await queue.look('f-1')).toMatchObject({ state: 'running', attempt: 1 });
});

test('a shelf gives back what was kept, and nothing for what was not', async () => {
  const shelf = openFolderShelf(join(own.home, 'shelf'));
  expect(await shelf.read('../../x')).toBeUndefined();
  await shelf.keep('../../x', 'text\0of any kind');
  expect(await shelf.read('../../x')).toBe('text\0of any kind');
});
