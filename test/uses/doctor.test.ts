import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { folders } from '../../src/config.ts';
import { takeLease } from '../../src/repo/leases.ts';
import { userFile } from '../../src/settings.ts';
import { startGateway } from '../../src/stand-in/gateway.ts';
import { examine } from '../../src/uses/doctor.ts';

function makeWorld() {
  const base = mkdtempSync(join(tmpdir(), 'glm-doctor-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const root = join(base, 'work');
  mkdirSync(root);
  writeFileSync(join(root, 'package.json'), '{"scripts": {"test": "node --test"}}');
  const env = { HOME: base, GLM_SKILL_HOME: join(base, 'own'), PATH: process.env.PATH ?? '' };
  const places = folders(env);
  const look = async (offline = true) => {
    const lines = await examine(root, offline, { env, folders: places, baseUrl: undefined, signal: undefined });
    return Object.fromEntries(lines.map(({ topic, level, message }) => [topic, `${level} ${message}`]));
  };
  return { places, look };
}

test('worktrees in use and left over are told apart, and nothing is removed', async () => {
  const { places, look } = makeWorld();
  expect((await look()).worktrees).toBe('ok None left over.');
  const lease = await takeLease(places);
  onTestFinished(lease.release);
  expect((await look()).worktrees).toBe('ok 1 in use, none left over.');
  writeFileSync(
    join(places.cache, 'worktrees', 'dead.json'),
    JSON.stringify({ pid: 2 ** 22, started: 'x', folder: '/nowhere/glm-skill-dead' }),
  );
  expect((await look()).worktrees).toMatch(/^warn 1 left by runs that were killed/);
  expect((await look()).worktrees).toMatch(/^warn 1 left/);
});

test("the gateway of the user's file is the one that is looked at, and it is sent no key", async () => {
  const { places, look } = makeWorld();
  const gateway = await startGateway();
  onTestFinished(() => gateway.close());
  mkdirSync(places.config, { recursive: true });
  writeFileSync(userFile(places), JSON.stringify({ base_url: gateway.url }));
  const lines = await look(false);
  expect(lines.gateway).toBe(`ok ${new URL(gateway.url).host} answers (HTTP 200).`);
  expect(gateway.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  expect(lines.key).toMatch(/^warn No key/);
  expect(lines.runner).toContain('node --test');
});
