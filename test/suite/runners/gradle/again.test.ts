import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { gradle } from '../../../../src/suite/runners/gradle/runner.ts';

test('Gradle is told to run tests whose sources it saw before', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'glm-gradle-'));
  const suite = { cwd: '.', argv: ['./gradlew', 'test'], runner: 'gradle', env: {}, why: 'build.gradle' } as const;
  const { argv } = await gradle.start({ suite, root: scratch, folder: scratch, scratch, env: {}, only: undefined, files: undefined });
  const script = argv[argv.indexOf('--init-script') + 1] ?? '';
  expect(readFileSync(script, 'utf8')).toContain('withType(Test) { outputs.upToDateWhen { false }');
  rmSync(scratch, { recursive: true });
});
