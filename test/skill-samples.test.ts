import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { signCallback } from '../src/glm/callback.ts';
import { type Gateway, startGateway } from '../src/stand-in/gateway.ts';

/** The samples of the skill, taken from its page and run against the stand-in on loopback. */
const page = readFileSync('skills/glm-skill/SKILL.md', 'utf8');
const reference = readFileSync('skills/glm-skill/references/api.md', 'utf8');
const key = ['not', 'a', 'key'].join('-');
const execute = promisify(execFile);
let gateway: Gateway;
let folder: string;
beforeAll(async () => {
  gateway = await startGateway({ replies: ['Hello from GLM.'] });
  folder = mkdtempSync(join(tmpdir(), 'glm-samples-'));
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

function sample(language: string, fault = '', text = page): string {
  const code = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)?.[1] ?? '';
  expect(code).toContain('https://runapi.ai/v1');
  return code.replaceAll('https://runapi.ai', gateway.url).replaceAll('glm-4.7', `glm-4.7${fault}`);
}

async function run(argv: readonly string[], input = ''): Promise<{ code: number; stdout: string; stderr: string }> {
  const [file = '', ...args] = argv;
  const child = execute(file, args, { env: { PATH: process.env.PATH, RUNAPI_API_KEY: key, NO_PROXY: '127.0.0.1' }, timeout: 60_000 });
  child.child.stdin?.end(input);
  return child.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error) => z.object({ code: z.number(), stdout: z.string(), stderr: z.string() }).parse(error),
  );
}

/** What every sample must have sent: the four fields, the key in the header and nowhere else. */
function checkSent(): void {
  const sent = gateway.requests.at(-1);
  expect(Object.keys(z.record(z.string(), z.unknown()).parse(sent?.body)).sort()).toEqual(['max_tokens', 'messages', 'model', 'stream']);
  expect(sent?.headers.authorization).toBe(`Bearer ${key}`);
  expect(sent?.raw).not.toContain(key);
}

async function runTypeScript(fault: string) {
  const outfile = join(folder, `sample${fault.replaceAll(':', '-')}.mjs`);
  const contents = `${sample('ts', fault)}\nconsole.log(await ask('Say hello.'));`;
  await build({
    stdin: { contents, loader: 'ts', resolveDir: process.cwd() },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'silent',
  });
  return run([process.execPath, outfile]);
}

test('TypeScript: a whole answer is printed, a cut one is an error', async () => {
  expect(await runTypeScript('')).toMatchObject({ code: 0, stdout: 'Hello from GLM.\n' });
  checkSent();
  const before = gateway.requests.length;
  for (const fault of [':cut', ':empty']) expect(await runTypeScript(fault), fault).toMatchObject({ code: 1, stdout: '' });
  expect(gateway.requests.length).toBe(before + 2);
});

test('curl: the answer streams to its end', async () => {
  const script = join(folder, 'sample.sh');
  writeFileSync(script, sample('sh'));
  const { code, stdout } = await run(['sh', script]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^data: \{/);
  expect(stdout.trimEnd()).toMatch(/data: \[DONE\]$/);
  checkSent();
});

test('Python: parses, and where the openai package is installed gives the answer', async () => {
  const code = `${sample('python')}\nprint(ask("Say hello."))\n`;
  const parsed = await run(['python3', '-c', 'import ast,sys; ast.parse(sys.stdin.read())'], code).catch(() => undefined);
  if (!parsed) return;
  expect(parsed.code).toBe(0);
  if ((await run(['python3', '-c', 'import openai'])).code !== 0) return;
  expect(await run(['python3', '-'], code)).toMatchObject({ code: 0, stdout: 'Hello from GLM.\n' });
  checkSent();
});

test('Python without packages: a whole answer is printed, a cut one is an error', async () => {
  const ask = (fault: string) => run(['python3', '-'], `${sample('python', fault, reference)}\nprint(ask("Say hello."))\n`);
  const whole = await ask('').catch(() => undefined);
  if (!whole) return;
  expect(whole).toMatchObject({ code: 0, stdout: 'Hello from GLM.\n' });
  checkSent();
  for (const fault of [':cut', ':empty', ':length', ':401', ':error-mid-stream'])
    expect(await ask(fault), fault).toMatchObject({ code: 1, stdout: '' });
  expect(await ask(':comments')).toMatchObject({ code: 0, stdout: 'Hello from GLM.\n' });
});

test('the receiver takes a signed callback once, and nothing else', async () => {
  const secret = Buffer.alloc(32, 5).toString('base64');
  const port = await freePort();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(process.cwd(), join(folder, 'node_modules', 'glm-skill'));
  const script = join(folder, 'receiver.mjs');
  writeFileSync(script, /^```js\n([\s\S]*?)^```/m.exec(reference)?.[1] ?? '');
  const receiver = spawn(process.execPath, [script], { env: { PORT: String(port), RUNAPI_WEBHOOK_SECRET: secret }, stdio: 'pipe' });
  try {
    const url = `http://127.0.0.1:${port}/`;
    const body = JSON.stringify({ id: 'job', status: 'completed', report: { status: 'verified' } });
    const post = (headers: Record<string, string>) => fetch(url, { method: 'POST', headers, body }).then(({ status }) => status);
    await expect.poll(() => post({}).catch(() => 0)).toBe(401);
    const signed = signCallback(body, secret, Date.now());
    expect([await post(signed), await post(signed), await post(signCallback(body, btoa('another'), Date.now()))]).toEqual([204, 401, 401]);
  } finally {
    receiver.kill();
  }
});

async function freePort(): Promise<number> {
  const held = await startGateway();
  await held.close();
  return Number(new URL(held.url).port);
}
