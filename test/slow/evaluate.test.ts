import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openFarm } from '../../src/fleet/farm.ts';
import { runCrew } from '../../src/fleet/worker-loop.ts';
import { variants } from '../../src/glm/money/variants.ts';
import { makeAsk } from '../../src/glm/wire/client.ts';
import { openFolderQueue, openFolderShelf } from '../../src/jobs/folders.ts';
import type { Deps } from '../../src/schema/deps.ts';
import { Report } from '../../src/schema/report.ts';
import { readSettings } from '../../src/settings.ts';
import { type Gateway, startGateway } from '../../src/stand-in/gateway.ts';
import { evaluate } from '../../src/uses/evaluate.ts';
import { openWiring } from '../../src/wiring.ts';
import { asking, makePast, mends, merge, module, right, suite, take, wrong } from '../evaluating/past.ts';
import { key } from '../glm/world.ts';
import { block, depsOf } from '../proof/checkout.ts';
import { git, imprint, makeHome } from '../repo/fixture.ts';

const own = makeHome();
let root = '';
let gateway: Gateway;
const names = ['three', 'four', 'five', 'six'];
/** Which variant mends which modules. */
const skills: Readonly<Record<string, readonly string[]>> = { 'glm-4.5-air': ['three'], 'glm-4.7': names, house: names };

beforeAll(async () => {
  root = await makePast(own.home, 'past', 7);
  await take(root, mends(3));
  await merge(root, 'mend-four', 'Four multiplies', [
    { say: 'show it', files: { 'test/four.test.js': suite(4, asking(4)) } },
    { say: 'mend it', files: { 'src/four.js': module(4, right(4)) } },
  ]);
  await take(root, mends(5));
  await take(root, mends(6, 'Correct the sixth'));
  // What falls out: green without the fix, red with it, new, and left to chance.
  await take(root, { say: 'fix: seven, unseen', files: { 'src/seven.js': module(7, right(7)), 'test/seven.test.js': suite(7, '\n\n\n') } });
  await take(root, {
    say: 'fix: eight, wrongly',
    files: { 'src/eight.js': `${module(8, wrong(8))}\n`, 'test/eight.test.js': suite(8, asking(8)) },
  });
  await take(root, {
    say: 'fix: handle nothing',
    files: {
      'src/nothing.js': 'export const nothing = () => 0;\n',
      'test/nothing.test.js':
        "import { nothing } from '../src/nothing.js';\nimport test from 'node:test';\ntest('nothing', () => nothing());\n",
    },
  });
  await take(root, {
    say: 'fix: nine, sometimes',
    files: {
      'src/nine.js': module(9, right(9)),
      'test/nine.test.js': suite(
        9,
        `import { existsSync, writeFileSync } from 'node:fs';\nconst mark = new URL('./mark', import.meta.url);\ntest('once', () => { const again = existsSync(mark); writeFileSync(mark, ''); assert.strictEqual(nine(5) === 45 && !again, true); });\n`,
      ),
    },
  });
  gateway = await startGateway({
    replies: ({ raw, body }) => {
      const model = typeof body === 'object' && body !== null && 'model' in body ? String(body.model) : '';
      const name = names.find((one) => raw.includes(`${one} times five`)) ?? '';
      const number = 3 + names.indexOf(name);
      const good = skills[model]?.includes(name);
      return `## Root cause\nWhere: src/${name}.js:3\nIt adds.\n\n## Edits\n${block(`src/${name}.js`, wrong(number), good ? right(number) : `  return amount - ${number};`)}`;
    },
  });
});
afterAll(async () => {
  await gateway.close();
  own.remove();
});

function depsWith(ask: boolean, more: Partial<Deps> = {}): Deps {
  const made = makeAsk({ baseUrl: gateway.url, key, folders: own.folders, now: Date.now, env: {} });
  return { ...depsOf(own), ask: ask ? made : undefined, variants, ...more };
}

const asked = () => gateway.requests.filter(({ path }) => path.startsWith('/v1/chat')).length;
/** For machines with much else to do. */
const patient = { timeout: 900_000 };
const input = { bugs: 9, sandbox: 'off', offline: true, attempts: 1, parallel: 2 } as const;

test('without a key: the past bugs, what the packs show, the price, and why the rest is none', patient, async () => {
  const before = imprint(root);
  const file = join(own.home, 'bugs.jsonl');
  const report = Report.parse(await evaluate({ root, ...input, export: file }, depsWith(false)));
  expect(imprint(root)).toEqual(before);
  expect(report.status).toBe('measured');
  const { bugs = [], fellOut = [], variants: priced = [] } = report.evaluation ?? {};
  expect(bugs.map(({ subject }) => subject).sort()).toEqual([
    'Correct the sixth',
    'Four multiplies',
    'fix: five multiplies',
    'fix: three multiplies',
  ]);
  expect(bugs.every(({ lines, inFive, tests }) => lines === 1 && inFive === 1 && tests === 1)).toBe(true);
  expect(fellOut.map(({ why, count }) => `${count} ${why}`).sort()).toEqual([
    '1 comes out otherwise when it is run again',
    '1 green without the fix',
    '1 its tests cannot be loaded without the fix: they test something new',
    '1 red with the real fix',
  ]);
  expect(priced[0]).toMatchObject({ variant: 'glm-4.5-air', standing: 'not_tried' });
  expect(Number(priced[0]?.highUsd)).toBeGreaterThan(Number(priced[0]?.likelyUsd));
  const [line = ''] = readFileSync(file, 'utf8').split('\n');
  expect(Object.keys(JSON.parse(line))).toEqual(
    expect.arrayContaining(['instance_id', 'repo', 'base_commit', 'patch', 'test_patch', 'FAIL_TO_PASS', 'PASS_TO_PASS']),
  );
  const rooms = readdirSync(join(own.folders.cache, 'worktrees'));
  expect(rooms).toEqual([]);
});

test('variants give back the shares that they solve; a second run asks nothing; the cascade is saved', patient, async () => {
  const call = { root, ...input, variants: 'glm-4.5-air,glm-4.7', full: true, max_cost: 5, save: true, svg: join(own.home, 'plot.svg') };
  const report = Report.parse(await evaluate(call, depsWith(true)));
  expect(report.evaluation?.variants.map(({ variant, solved, tried, standing }) => [variant, solved, tried, standing])).toEqual([
    ['glm-4.5-air', 1, 4, 'cannot'],
    ['glm-4.7', 4, 4, 'meets'],
  ]);
  expect(report.status).toBe('evaluated');
  expect(asked()).toBe(8);
  expect(report.evaluation?.cascade?.at(-1)).toBe('glm-4.7');
  const setting = readSettings(root, {}, own.folders).get('variant')?.value;
  expect(setting).toBe(report.evaluation?.cascade?.join(','));
  expect(readFileSync(join(own.home, 'plot.svg'), 'utf8')).toContain('glm-4.7: 4 of 4 solved');
  const again = await evaluate(call, depsWith(true));
  expect(asked()).toBe(8);
  expect(again.evaluation?.variants).toEqual(report.evaluation?.variants);
});

test(
  'what was written out is read in again elsewhere; a stopped run is gone on with; a model of one’s own is asked first',
  patient,
  async () => {
    const folders = { ...own.folders, state: join(own.home, 'elsewhere') };
    const control = new AbortController();
    const env = { ...own.env, GLM_API_KEY: key };
    const deps = depsWith(true, {
      folders,
      env,
      signal: control.signal,
      tell: (event) => /1 of 1 solved/.test('message' in event ? event.message : '') && control.abort(),
    });
    const call = {
      root,
      ...input,
      bugs: 2,
      parallel: 1,
      import: join(own.home, 'bugs.jsonl'),
      variants: 'glm-4.7',
      also: [`house=${gateway.url}`],
      max_cost: 5,
    };
    const before = asked();
    await expect(evaluate(call, deps)).rejects.toThrow('stopped');
    const paid = asked() - before;
    expect(paid).toBeGreaterThan(0);
    const report = await evaluate(call, depsWith(true, { folders, env }));
    expect(report.evaluation?.bugs).toHaveLength(2);
    expect(report.evaluation?.variants).toMatchObject([
      { variant: 'house', standing: 'meets', solved: 2, tried: 2, costUsd: 0 },
      { variant: 'glm-4.7', standing: 'not_tried', tried: 0 },
    ]);
    expect(asked() - before).toBe(2);
    expect(existsSync(join(own.folders.cache, 'worktrees')) && readdirSync(join(own.folders.cache, 'worktrees'))).toEqual([]);
  },
);

test(
  'the workers of a queue do it: no text of the repository lies in the queue, and a run that was stopped pays nothing twice',
  patient,
  async () => {
    await git(root, 'remote', 'add', 'origin', root);
    const home = join(own.home, 'worker');
    const wiring = openWiring(gateway.url, { GLM_SKILL_HOME: home, RUNAPI_API_KEY: key });
    const queue = openFolderQueue(join(own.home, 'queue'));
    const shelf = openFolderShelf(join(own.home, 'queue', 'shelf'));
    const [drain, stop] = [new AbortController(), new AbortController()];
    const sent: string[] = [];
    const farm = openFarm({
      ...queue,
      add: async (tasks) => {
        sent.push(JSON.stringify(tasks));
        await queue.add(tasks);
      },
    });
    const crew = runCrew({ queue, shelf, wiring, jobs: 2, drain: drain.signal, stop: stop.signal, outlasting: false });
    const folders = { ...own.folders, state: join(own.home, 'sender') };
    const call = { root, ...input, bugs: 2, parallel: 1, variants: 'glm-4.7', full: true, max_cost: 5 };
    const before = asked();
    try {
      const control = new AbortController();
      const tell: Deps['tell'] = (event) => /1 of 1 solved/.test('message' in event ? event.message : '') && control.abort();
      await expect(evaluate(call, depsWith(false, { folders, farm, tell, signal: control.signal }))).rejects.toThrow('stopped');
      const report = await evaluate(call, depsWith(false, { folders, farm }));
      expect(report.evaluation?.bugs.map(({ lines, inFive }) => [lines, inFive])).toEqual([
        [1, 1],
        [1, 1],
      ]);
      expect(report.evaluation?.variants).toMatchObject([{ variant: 'glm-4.7', standing: 'meets', solved: 2, tried: 2 }]);
      expect(asked() - before).toBe(2);
      await farm.close();
      expect(await queue.counts()).toEqual({ waiting: 0, running: 0, done: 0, failed: 0, cancelled: 0 });
    } finally {
      drain.abort();
      await crew;
      await wiring.jobs.close();
      await queue.close();
    }
    expect(sent.join()).not.toMatch(/amount|multiplies/);
    expect(readdirSync(join(home, 'cache', 'worktrees'))).toEqual([]);
  },
);
