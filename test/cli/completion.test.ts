import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { completion, shells } from '../../src/cli/completion.ts';

/** What bash offers for a line that ends where the cursor is. */
function offer(line: readonly string[], folder: string): string[] {
  const words = line.map((word) => `'${word}'`).join(' ');
  const script = `${completion('bash', commands)}
COMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}
complete -p glm-skill >/dev/null && { _glm_skill; printf '%s\\n' "\${COMPREPLY[@]}"; }`;
  return execFileSync('bash', ['--norc', '-c', script], { cwd: folder, encoding: 'utf8' }).split('\n').filter(Boolean);
}

test('bash offers verbs, the flags of a verb, and files with blanks in their names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'glm-complete-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'two words.ts'), '');
  expect(offer(['glm-skill', 're'], folder)).toEqual(['review', 'remove']);
  expect(offer(['glm-skill', ''], folder).length).toBe(commands.length);
  expect(offer(['glm-skill', 'fix', '--su'], folder)).toEqual(['--surface']);
  expect(offer(['glm-skill', 'find', '--su'], folder)).toEqual([]);
  expect(offer(['glm-skill', 'write-tests', 'two'], folder)).toEqual(['two words.ts']);
  expect(offer(['glm-skill', 'nonsense', '--'], folder)).toEqual([]);
});

test.each(shells)('%s reads its script where it is installed', (shell) => {
  const read = spawnSync(shell, ['-n'], { input: completion(shell, commands), encoding: 'utf8' });
  if (read.error === undefined) expect([read.status, read.stderr]).toEqual([0, '']);
});
