import { expect, test } from 'vitest';
import { findJob } from '../../src/jobs/find-job.ts';
import type { Job } from '../../src/schema/job.ts';

const ids = ['1erssyngx908bdw9kp3esb44dx', '1erz0000000000000000000000', '0abc1111111111111111111111'];
const job = (id: string): Job => ({
  version: 1,
  id,
  verb: 'fix',
  root: '/r',
  key: '',
  input: {},
  state: 'done',
  stage: '',
  message: '',
  created: '2026-01-01T00:00:00Z',
  updated: '2026-01-01T00:00:00Z',
  pid: 1,
  owner: '',
  fetched: true,
});
const store = { list: async () => ids.map(job) };

test.each([
  [ids[0], ids[0]],
  ['1ers', ids[0]],
  ['1ERSSYNG', ids[0]],
  ['  1erssyngx908bdw9kp3esb44dx.\n', ids[0]],
  ['job 1erss', ids[0]],
  ['"1erss"', ids[0]],
  ['OABC', ids[2]],
  ['oabcllll', ids[2]],
  ['1er', undefined],
  ['9999', undefined],
  ['../x', undefined],
  ['', undefined],
])('a job as people type it: %s', async (typed = '', id) => {
  expect(await findJob(store, typed)).toBe(id);
});

test('what begins several jobs is said to', async () => {
  await expect(findJob({ list: async () => ['1erz1111111111111111111111', ...ids].map(job) }, '1erz')).rejects.toThrow(
    '2 jobs begin with 1erz',
  );
});
