import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { reportOutcome } from '../../src/cli/verbs.ts';
import { newJobId } from '../../src/jobs/store.ts';
import { reportResult } from '../../src/mcp/answer.ts';
import { runProcess } from '../../src/process/run.ts';
import { makeHome, makeRepo } from '../repo/fixture.ts';
import { makeReport } from '../report/example.ts';

const own = makeHome();
afterAll(own.remove);
const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');

test('a job is taken by its id, as people type it, and named as such where it is unknown', async () => {
  const cwd = await makeRepo(own.home, 'shop', { 'a.txt': 'a\n' });
  const job = newJobId();
  const { exitCode, stderr } = await runProcess({ argv: [process.execPath, cli, 'apply', job], cwd, env: own.env, timeoutMs: 60_000 });
  expect(stderr.toString()).toContain(`Job ${job} is unknown`);
  expect(exitCode).toBe(2);
  const begun = await runProcess({ argv: [process.execPath, cli, 'apply', '--job', '0000'], cwd, env: own.env, timeoutMs: 60_000 });
  expect(begun.stderr.toString()).toContain('There is no job 0000.');
});

test('each door names the next step in its own words, with the job', () => {
  const report = { ...makeReport(), job: 'j1', next: [] };
  expect(reportOutcome(report).report?.next).toEqual(['glm-skill apply j1 puts it into your files']);
  expect(reportResult(report, {}).structured.next).toEqual(['apply_patch with job "j1" puts it into your files']);
  const undo = { ...report, verb: 'cause', status: 'shown' } as const;
  expect(reportOutcome(undo).report?.next?.[0]).toMatch(/^glm-skill apply j1 puts the undo/);
  expect(reportResult(undo, {}).structured.next).toMatchObject(
    [/^apply_patch with job "j1" puts the undo/, /^fix_failing_test/].map((one) => expect.stringMatching(one)),
  );
});
