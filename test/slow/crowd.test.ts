import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Gateway } from '../../src/stand-in/gateway.ts';
import { crowd } from './crowd.ts';
import { layExample, packageRoot } from './example.ts';

const folder = mkdtempSync(join(tmpdir(), 'glm-crowd-'));
const root = join(folder, 'checkout');
let gateway: Gateway;
beforeAll(async () => {
  gateway = await layExample(root);
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a thousand clients that connect and leave: nobody is turned away, memory stays small, and strangers fill no log', async () => {
  const { megabytes, turnedAway, stderr } = await crowd(packageRoot, folder, root, { refused: 2_000, served: 40, visitors: 1_000 });
  expect(turnedAway).toBe(0);
  expect(Math.max(...megabytes), megabytes.join()).toBeLessThan(200);
  expect(stderr.split('\n').filter((line) => line.includes('refused')).length).toBeLessThan(30);
}, 300_000);
