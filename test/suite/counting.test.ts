import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '../../src/schema/model.ts';
import { countTests, rememberCount } from '../../src/suite/run/counting.ts';

const suite = { runner: 'node:test', argv: ['node', '--test'], cwd: '', env: {}, why: 'here' };

test('tests are counted while they run: so far, and of how many where the suite ran before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'glm-skill-counting-'));
  const report = join(folder, 'results.jsonl');
  const whole = { root: folder, only: undefined, files: undefined };
  const told: Event[] = [];
  const messages = () => told.map((event) => ('message' in event ? event.message : ''));
  const tell = (event: Event) => void told.push(event);
  try {
    const first = countTests(report, suite, whole, tell);
    appendFileSync(report, '{"type":"start"}\n{"type":"test","names":["a"]}\n{"type":"te');
    await expect.poll(() => messages(), { timeout: 20_000 }).toEqual(['1 test so far']);
    appendFileSync(report, 'st","names":["b"]}\n');
    await expect.poll(() => messages().at(-1), { timeout: 20_000 }).toBe('2 tests so far');
    first();
    rememberCount(suite, whole, 4);
    told.length = 0;
    const second = countTests(report, suite, whole, tell);
    await expect.poll(() => told, { timeout: 20_000 }).toEqual([{ type: 'progress', message: '2 of 4 tests', done: 2, total: 4 }]);
    second();
    expect(countTests(join(folder, 'report.xml'), suite, whole, tell)).toBeTypeOf('function');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
