import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { folders } from '../../src/config.ts';
import { readLedger } from '../../src/glm/money/ledger.ts';
import { encodeChat } from '../../src/stand-in/encode.ts';
import { startGateway } from '../../src/stand-in/gateway.ts';
import { goodReply, key, makeWorld, temporaryFolder } from './world.ts';

const folder = fileURLToPath(new URL(`../../node_modules/.glm-skill-test-${process.pid}`, import.meta.url));
const program = join(folder, 'asker.mjs');

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const entry = fileURLToPath(new URL('asker.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile: program, bundle: true, platform: 'node', format: 'esm', packages: 'external' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process of its own that asks. Its environment is all it gets. */
function startAsker(env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env.PATH ?? '', KEY: key, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function lastLine(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'close');
  return text.trim().split('\n').at(-1) ?? '';
}

describe('a reply that was paid for', () => {
  it('is whole on disk up to the byte at which the process was killed', async () => {
    const home = temporaryFolder();
    const { events } = encodeChat({ text: goodReply, model: 'glm-4.6', usage: { inputTokens: 1, outputTokens: 1 } }, { usageAsked: true });
    const gateway = await startGateway({ replies: [goodReply] });
    onTestFinished(() => gateway.close());
    const child = startAsker({ GLM_SKILL_HOME: home, URL: gateway.url, ID: 'job-1', VARIANT: 'glm-4.6:silence' });
    await once(child.stdout ?? child, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const body = readFileSync(join(home, 'state', 'replies', 'job-1', 'body'), 'utf8');
    const shape = (text: string) => text.replace(/chatcmpl-[\w-]+|"created":\d+/g, '');
    expect(body).toContain('"content":"## Root cause');
    expect(shape(events.join('')).startsWith(shape(body.replaceAll(': keep-alive\n\n', '')))).toBe(true);
    expect((await readLedger(folders({ GLM_SKILL_HOME: home }))).map(({ outcome }) => outcome)).toEqual(['cut_off']);
  });

  it('is used by the next process without asking, and then entered in the ledger', async () => {
    const home = temporaryFolder();
    const gateway = await startGateway({ replies: [goodReply] });
    onTestFinished(() => gateway.close());
    const env = { GLM_SKILL_HOME: home, URL: gateway.url, ID: 'job-2' };
    const [, signal] = await once(startAsker({ ...env, DIE: 'yes' }), 'exit');
    expect(signal).toBe('SIGKILL');
    expect(await readLedger(folders({ GLM_SKILL_HOME: home }))).toMatchObject([{ outcome: 'cut_off', usd: 'unknown' }]);
    expect(JSON.parse(await lastLine(startAsker(env)))).toEqual([{ outcome: 'complete', stored: true }]);
    expect(gateway.requests.length).toBe(1);
    expect(await readLedger(folders({ GLM_SKILL_HOME: home }))).toMatchObject([{ outcome: 'complete', inputTokens: expect.any(Number) }]);
  });

  it('is asked for again when it was cut, and the part stays', async () => {
    const world = await makeWorld();
    expect(await world.ask({ id: 'job-3', variant: 'glm-4.6:cut:1' })).toMatchObject({ outcome: 'incomplete_stream' });
    const again = await world.ask({ id: 'job-3', variant: 'glm-4.6:cut:1' });
    expect(again).toMatchObject({ outcome: 'complete' });
    expect(again.stored).toBeUndefined();
    expect(await world.ask({ id: 'job-3', variant: 'glm-4.6:cut:1' })).toMatchObject({ outcome: 'complete', stored: true });
    expect(world.gateway.requests.length).toBe(2);
  });

  it('is fetched where the gateway keeps it, when the process that asked did not live to see it', async () => {
    const home = temporaryFolder();
    const gateway = await startGateway({ replies: [goodReply] });
    onTestFinished(() => gateway.close());
    const env = { GLM_SKILL_HOME: home, URL: gateway.url, ID: 'job-6', VARIANT: 'glm-4.6:task' };
    const child = startAsker({ ...env, DIE: 'on progress' });
    const [, signal] = await once(child, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(await lastLine(startAsker(env))).toContain('complete');
    expect(gateway.requests.map(({ method }) => method).filter((method) => method === 'POST')).toHaveLength(1);
    expect(await readLedger(folders({ GLM_SKILL_HOME: home }))).toMatchObject([{ outcome: 'complete', inputTokens: expect.any(Number) }]);
  });

  it('is not used for another question', async () => {
    const world = await makeWorld();
    await world.ask({ id: 'job-4' });
    await world.ask({ id: 'job-4', messages: [{ role: 'user', content: 'Why not?' }] });
    expect(world.gateway.requests.length).toBe(2);
  });

  it('does not hold the key, however the gateway cuts it', async () => {
    const echo = `Your key is ${key}, twice ${key}.\n\n## Root cause\nNone.`;
    const world = await makeWorld({ replies: [echo] });
    const reply = await world.ask({ id: 'job-5', variant: 'glm-4.6:not-streamed' });
    expect(reply.text).toBe(echo.replaceAll(key, '[key]'));
    expect(readFileSync(join(world.folders.state, 'replies', 'job-5', 'body'), 'utf8')).not.toContain(key);
  });
});

describe('the slots', () => {
  it('are the same for all processes', async () => {
    const home = temporaryFolder();
    const gateway = await startGateway({ replies: [{ text: goodReply, delayMs: 150 }] });
    onTestFinished(() => gateway.close());
    const env = { GLM_SKILL_HOME: home, URL: gateway.url, COUNT: '5' };
    const lines = await Promise.all([startAsker(env), startAsker(env)].map(lastLine));
    expect(lines.map((line) => JSON.parse(line).length)).toEqual([5, 5]);
    expect(gateway.requests.length).toBe(10);
    expect(gateway.load()).toEqual({ now: 0, most: 2 });
  });

  it('of a killed process are free again', async () => {
    const home = temporaryFolder();
    const gateway = await startGateway({ replies: [goodReply] });
    onTestFinished(() => gateway.close());
    const child = startAsker({ GLM_SKILL_HOME: home, URL: gateway.url, COUNT: '2', VARIANT: 'glm-4.6:no-answer' });
    await expect.poll(() => gateway.load().now).toBe(2);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await lastLine(startAsker({ GLM_SKILL_HOME: home, URL: gateway.url }))).toContain('complete');
  });
});
