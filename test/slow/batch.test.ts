import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { batchId } from '../../src/fleet/batch.ts';
import { readList } from '../../src/fleet/list.ts';
import { runLocal } from '../../src/fleet/local.ts';
import type { BatchEvent } from '../../src/fleet/types.ts';
import { startGateway } from '../../src/stand-in/gateway.ts';
import { openWiring } from '../../src/wiring.ts';
import { good, shop } from '../proof/checkout.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';

const own = makeHome();
afterAll(own.remove);

/** Without its secret. */
const plain = { ...shop, 'src/price.js': shop['src/price.js'].replace(/^const token.*\n/, '').replace('token.length', '7') };

/** A world of its own beside a gateway: the rows of a list, and a batch over them. */
async function world(name: string, rows: readonly object[], reply: string, delayMs = 0) {
  const gateway = await startGateway({ replies: [{ text: reply, delayMs }] });
  const home = join(own.home, name);
  mkdirSync(home);
  const wiring = openWiring(gateway.url, { GLM_SKILL_HOME: home, RUNAPI_API_KEY: 'key-of-the-stand-in' });
  const file = join(own.home, `${name}.jsonl`);
  writeFileSync(file, rows.map((row) => JSON.stringify(row)).join('\n'));
  const batch = async (signal: AbortSignal, tell: (event: BatchEvent) => void = () => {}, maxCost?: number) => {
    const list = await readList(file, { ...wiring, signal, tell: () => {} });
    const options = { sandbox: 'off', flakes: 1 } as const;
    return runLocal({ id: batchId(list, 0), list, options, onlyFind: false, maxCost }, { wiring, signal, tell, jobs: 2 });
  };
  const asked = () => gateway.requests.filter(({ path }) => path.startsWith('/v1/chat')).length;
  return { gateway, home, batch, asked };
}

const left = (home: string) =>
  ['cache/worktrees', 'state/batches'].flatMap((at) => (existsSync(join(home, at)) ? readdirSync(join(home, at)) : []));
const never = new AbortController().signal;

test('rows of one cause share one request, each is proven, the others end as what they are, and the next batch asks nobody', async () => {
  await makeRepo(own.home, 'one', plain);
  await makeRepo(own.home, 'two', { ...plain, 'note.txt': 'other\n' });
  await makeRepo(own.home, 'well', { ...plain, 'src/price.js': plain['src/price.js'].replace('let i = 1', 'let i = 0') });
  const rows = [{ root: 'one' }, { repo: './two' }, { root: 'well' }, { root: 'nowhere' }];
  const { batch, asked, home, gateway } = await world('first', rows, good);
  try {
    const told: BatchEvent[] = [];
    const result = await batch(never, (event) => told.push(event));
    expect(result.rows.map(({ status }) => status)).toEqual(['verified', 'verified', 'green', 'bad_row']);
    expect(result.causes).toMatchObject([{ class: 'code', rows: [1, 2], proven: [1, 2], requests: 1, status: 'verified' }]);
    expect(asked()).toBe(1);
    expect(told.filter(({ type }) => type === 'row')).toHaveLength(4);
    expect(left(home)).toEqual([]);
    const again = await batch(never);
    expect(again.causes).toMatchObject([{ proven: [1, 2], requests: 0, known: expect.any(String) }]);
    expect(asked()).toBe(1);
  } finally {
    await gateway.close();
  }
}, 180_000);

test('broken off while the model answers, nothing is left but the tasks, and the same batch goes on to the end', async () => {
  await makeRepo(own.home, 'three', shop);
  await makeRepo(own.home, 'four', { ...shop, 'note.txt': 'fourth\n' });
  // Their patch holds a secret: it is tried on the other row, and what is told of it shows none.
  const { batch, asked, home, gateway } = await world('second', [{ repo: './three' }, { root: 'four' }], good, 1_500);
  try {
    const control = new AbortController();
    const first = batch(control.signal, (event) => {
      if (event.type === 'task' && event.doing === 'fix' && asked() > 0) control.abort();
    });
    await expect(first).rejects.toThrow('stopped');
    expect(readdirSync(join(home, 'cache/worktrees'))).toEqual([]);
    const looked: string[] = [];
    const result = await batch(never, (event) => event.type === 'task' && event.state === 'running' && looked.push(event.doing));
    expect(result.rows.map(({ status }) => status)).toEqual(['verified', 'verified']);
    expect(JSON.stringify(result)).not.toContain('Zx81Kq0pTf93Lm2Wd7Rb');
    expect(looked).not.toContain('find');
    expect(left(home)).toEqual([]);
  } finally {
    await gateway.close();
  }
}, 180_000);
