import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { recorded } from '../../recordings.ts';
import { lay } from '../../world.ts';
import { readEnded } from '../ended.ts';

test('reports of Maven that are older than the run are not read', async () => {
  const root = lay({ 'src/test/java/shop/CartTest.java': '', 'target/surefire-reports/TEST-old.xml': recorded('surefire-3.2.xml') });
  await new Promise((done) => setTimeout(done, 20));
  const scratch = mkdtempSync(join(tmpdir(), 'readings-'));
  onTestFinished(() => rmSync(scratch, { recursive: true }));
  expect(await readEnded('maven', root, { scratch })).toMatchObject({ tests: [], complete: false });
  mkdirSync(join(root, 'app/target/surefire-reports'), { recursive: true });
  writeFileSync(join(root, 'app/target/surefire-reports/TEST-new.xml'), recorded('surefire-3.2.xml'));
  expect((await readEnded('maven', root, { scratch }))?.tests).toHaveLength(5);
});
