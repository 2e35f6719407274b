import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writtenText } from '../../../../src/suite/output-text.ts';
import { nodeTest } from '../../../../src/suite/runners/node-test/runner.ts';

test('a file that ended well as a whole is a test where it is a script of assertions, and none where it declares tests', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'whole-'));
  try {
    writeFileSync(join(folder, 'script.test.js'), "const assert = require('node:assert');\nassert.ok(test(1));\n");
    writeFileSync(
      join(folder, 'ends.test.js'),
      "const test = require('node:test');\ntest('a', () => { require('node:assert'); process.exit(0); });\n",
    );
    const lines = ['script.test.js', 'ends.test.js'].map((file) => ({ type: 'test', file, names: [file], whole: true, status: 'passed' }));
    const report = writtenText([{ type: 'begin' }, ...lines, { type: 'end' }].map((one) => JSON.stringify(one)).join('\n'));
    const suite = { runner: 'node:test', argv: ['node', '--test'], cwd: '', env: {}, why: '' };
    const { tests } = await nodeTest.read({
      suite,
      root: folder,
      folder,
      scratch: folder,
      env: {},
      only: undefined,
      files: undefined,
      started: { argv: [] },
      report,
      stdout: writtenText(''),
      stderr: '',
      exitCode: 0,
    });
    expect(tests.map(({ file }) => file)).toEqual(['script.test.js']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
