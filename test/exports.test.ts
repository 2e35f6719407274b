import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

test('what the package gives to other programs has types that hold by themselves, and does what they say', () => {
  // Below the package, where its own name leads to its exports.
  const folder = mkdtempSync(join(root, 'dist', 'exports-'));
  try {
    const body = `import { judgePatch, placePatch, readPatch } from 'glm-skill/edits';
import { makeRedactor } from 'glm-skill/redact';
const diff = '--- a/a.js\\n+++ b/a.js\\n@@ -1 +1 @@\\n-let a = 1;\\n+let a = 2;\\n';
const { files } = placePatch(diff, (path) => (path === 'a.js' ? 'let a = 1;\\n' : undefined));
const { refused } = judgePatch([{ path: 'test/a.test.js', before: '', after: 'x' }]);
const { redact } = makeRedactor({ key: new Uint8Array(32), exact: ['hunter2-hunter2'] });
console.log(JSON.stringify([readPatch(diff).paths, files[0]?.after, refused[0]?.rule, redact('a hunter2-hunter2').count]));
`;
    writeFileSync(join(folder, 'use.mts'), body);
    writeFileSync(join(folder, 'use.mjs'), body);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = ['--ignoreConfig', '--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node'];
    execFileSync(process.execPath, [tsc, ...flags, join(folder, 'use.mts')], { cwd: root, stdio: 'pipe' });
    const said = execFileSync(process.execPath, [join(folder, 'use.mjs')], { cwd: root }).toString();
    expect(JSON.parse(said)).toEqual([['a.js'], 'let a = 2;\n', 'tests', 1]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
