import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { relateElsewhere } from '../../../src/suite/reports/given.ts';
import { readReport } from '../../../src/suite/reports/reports.ts';

const root = mkdtempSync(join(tmpdir(), 'logs-'));
afterAll(() => rmSync(root, { recursive: true }));

/**
 * Each file holds logs and reports as the tools print them, each below a line that says what has to be read:
 * `##### name | outcome | passed failed skipped | failing ;; failing | flaky`, a star where it does not matter. `notgreen` is any outcome
 * but green, a form that is not known included.
 */
const files = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'));

describe.each(files)('%s', (file) => {
  const parts = readFileSync(join(import.meta.dirname, file), 'utf8')
    .split(/^##### /m)
    .slice(1);
  test.each(parts.map((part) => [part.slice(0, part.indexOf(' | ')), part] as const))('%s', async (_name, part) => {
    const at = part.indexOf('\n');
    const [name = '', outcome, counts, failing, flaky] = part.slice(0, at).split(' | ');
    const format = name.endsWith('.log') ? 'log' : 'auto';
    const run = await readReport(format, [part.slice(at + 1)], { root, relate: relateElsewhere(root), name });
    const status = run?.outcome === 'green' && run.flaky ? 'flaky' : run?.outcome;
    if (outcome === 'notgreen') return expect(['green', 'flaky']).not.toContain(status);
    expect(status).toBe(outcome);
    if (counts !== '*') expect([run?.passed, run?.failed, run?.skipped].join(' ')).toBe(counts);
    if (failing !== '*')
      expectNames(
        run?.failures.map(({ id }) => id),
        failing,
      );
    if (flaky !== '*')
      expectNames(
        run?.flaky?.tests.map(({ id }) => id),
        flaky,
      );
  });
});

function expectNames(ids: readonly string[] = [], wanted = '') {
  const names = wanted.split(' ;; ').filter(Boolean);
  for (const name of names)
    expect(
      ids.filter((id) => id.includes(name)),
      name,
    ).not.toHaveLength(0);
  expect(ids).toHaveLength(names.length);
}
