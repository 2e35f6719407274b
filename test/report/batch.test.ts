import { expect, test } from 'vitest';
import { batchPage } from '../../src/report/batch/page.ts';
import { batchText } from '../../src/report/batch/text.ts';
import { Batch } from '../../src/schema/batch.ts';

const row = { status: 'verified', summary: 'mended', causes: ['0123456789abcdef'], warnings: [] } as const;
const batch = Batch.parse({
  version: 1,
  batch: 'b1',
  status: 'done',
  summary: '3 rows: 2 verified, 1 bad_row. 1 root cause, 1 request.',
  rows: [
    { ...row, line: 1, name: 'shop | cart' },
    { ...row, line: 2, name: '<img src=x>' },
    { line: 3, name: '', status: 'bad_row', summary: 'There is no folder.', causes: [], warnings: [] },
  ],
  causes: [
    {
      fingerprint: '0123456789abcdef',
      cause: 'Expected 3 (test/a.test.js:4)',
      class: 'code',
      why: 'a comparison fails',
      rows: [1, 2],
      status: 'verified',
      summary: 'mended',
      proven: [1, 2],
      patches: [{ diff: '--- a/a.js\n+++ b/a.js\n@@ -1 +1 @@\n-a - b\n+a + b\n', sha256: '0', rows: [1, 2], from: 'line 1' }],
      costUsd: 0.01,
      requests: 1,
      notOpened: ['there is no remote'],
    },
  ],
  costUsd: 0.01,
  requests: 1,
  durationMs: 10,
  warnings: ['the queue was away for 3 s'],
});

test('a batch as text: every row, its causes with their patches, what it cost', () => {
  const text = batchText(batch);
  expect(text).toContain('1 root cause, 1 request. $0.010.');
  expect(text).toContain('| 1 | shop \\| cart | verified |  | 01234567 | mended |');
  expect(text).toContain('| 3 |  | bad_row |');
  expect(text).toContain('- lines 1-2; verified on 1-2');
  expect(text).toContain('Patch from line 1, verified on lines 1-2:\n```diff\n--- a/a.js');
  expect(text).toContain('no request was opened: there is no remote');
  expect(text).toContain('- the queue was away for 3 s');
  expect(text).not.toContain('<img');
});

test('what this machine has answered itself is no money', () => {
  expect(batchText({ ...batch, unpaid: true })).toContain('nothing paid (served on this machine).');
  expect(batchText({ ...batch, costUsd: 'unknown' })).toContain('What it cost is not fully known.');
});

test('the page of a batch shows the same and runs nothing of it', () => {
  const page = batchPage(batch);
  for (const word of ['shop | cart', 'bad_row', '01234567', 'Patch from line 1', 'there is no remote', 'the queue was away'])
    expect(page).toContain(word);
  expect(page).not.toContain('<img src=x>');
});
