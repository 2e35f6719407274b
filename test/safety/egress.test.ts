import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../../src/glm/gateway.ts';
import { runProcess } from '../../src/process.ts';
import { fill, seeded } from './random.ts';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');
const random = seeded(42);
const user = 'quillonbeck';
const base = realpathSync(mkdtempSync(join(tmpdir(), 'glm-egress-')));
const home = join(base, 'people', user);
const repo = join(home, 'shop');

/** Everything that may not leave, by where it stands. */
const planted = {
  key: fill(random, 'rk-{w40}'),
  envToken: fill(random, '{w32}'),
  envPassword: 'ember-lattice-77',
  sourceToken: fill(random, 'ghp_{w36}'),
  sourcePassword: fill(random, '{w14}'),
  testSecret: fill(random, '{h40}'),
  messageToken: fill(random, 'glpat-{u20}'),
  dotenv: fill(random, '{w24}'),
  ignored: fill(random, '{l24}'),
  npmrc: fill(random, 'npm_{w36}'),
  commit: fill(random, 'sk_live_{w24}'),
  home,
  user,
};

const files: Record<string, string> = {
  'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}',
  '.gitignore': '.env\nprivate/\n',
  '.env': `SECRET_SAUCE=${planted.dotenv}\n`,
  'private/notes.txt': `sum ${planted.ignored}\n`,
  '.npmrc': `//registry.npmjs.org/:_authToken=${planted.npmrc}\n`,
  'src/sum.js': `// deploy with ${planted.sourceToken}
export const db = 'postgres://app:${planted.sourcePassword}@db.acme.dev/main';
export function sum(a, b) {
  return a - b;
}
`,
  'test/sum.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { db, sum } from '../src/sum.js';
const apiSecret = '${planted.testSecret}';
test('adds', () => {
  console.log('environment', process.env);
  console.log(db, apiSecret, import.meta.url);
  assert.equal(sum(1, 2), 3, 'token ${planted.messageToken} of ${user} in ${home}/shop');
});
`,
};
const replies = [
  'NEED .env\nNEED private/notes.txt\nNEED .npmrc\nNEED ../../../etc/passwd\nNEED src/sum.js',
  '## Root cause\nWhere: src/sum.js:4\nMinus.\n\n## Edits\nsrc/sum.js\n<<<<<<< SEARCH\n  return a % b;\n=======\n  return a + b;\n>>>>>>> REPLACE\n',
  '## Root cause\nWhere: src/sum.js:4\nMinus.\n\n## Edits\nsrc/sum.js\n<<<<<<< SEARCH\n  return a - b;\n=======\n  return a * b;\n>>>>>>> REPLACE\n',
];

let gateway: Gateway;
const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: home,
  USER: user,
  LOGNAME: user,
  GLM_SKILL_HOME: join(base, 'state'),
  RUNAPI_API_KEY: planted.key,
  ACME_TOKEN: planted.envToken,
  DB_PASSWORD: planted.envPassword,
};

beforeAll(async () => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repo, path)), { recursive: true });
    writeFileSync(join(repo, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', `user.name=${user}`, '-c', `user.email=${user}@acme.dev`, ...args], { cwd: repo, env });
  git('init', '-q');
  git('add', '-A', '-f', '--', '.gitignore', 'package.json', 'src', 'test', '.npmrc');
  git('commit', '-q', '-m', `sum with ${planted.commit}`);
  let asked = 0;
  gateway = await startGateway({ replies: () => replies[asked++ % replies.length] ?? '' });
  env.RUNAPI_BASE_URL = gateway.url;
});
afterAll(async () => {
  await gateway.close();
  rmSync(base, { recursive: true, force: true });
});

/** What was sent, without the one header that has to carry the key. */
function sent(): string {
  return JSON.stringify(gateway.requests.map(({ path, raw, headers: { authorization: _key, ...headers } }) => ({ path, raw, headers })));
}

function leaked(text: string, names: readonly (keyof typeof planted)[]): string[] {
  return names.filter((name) =>
    [planted[name], encodeURIComponent(planted[name]), Buffer.from(planted[name]).toString('base64').slice(0, -4)].some((form) =>
      text.includes(form),
    ),
  );
}
const all = Object.keys(planted).filter((name): name is keyof typeof planted => name in planted);
const secrets = all.filter((name) => name !== 'home' && name !== 'user');

test.each([
  ['context', ['--json']],
  ['fix', ['--sandbox', 'off', '--attempts', '2']],
])(
  '%s %j sends and prints no secret',
  async (verb, flags) => {
    // The first request is refused and sent again.
    await fetch(`${gateway.url}/control/faults`, { method: 'POST', body: JSON.stringify({ fault: '503', times: 1 }) });
    const before = gateway.requests.length;
    const run = await runProcess({ argv: [process.execPath, cli, verb, repo, ...flags], cwd: base, env, timeoutMs: 60_000 });
    const printed = run.stdout.toString() + run.stderr.toString();
    expect(run.exitCode, printed).toBeLessThan(70);
    if (verb === 'context') expect(gateway.requests).toHaveLength(before);
    else expect(gateway.requests.length, printed).toBeGreaterThan(before + 2);
    expect(leaked(sent(), all)).toEqual([]);
    expect(leaked(printed, secrets)).toEqual([]);
  },
  90_000,
);

test('a tool called over MCP sends and answers no secret', async () => {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(new StdioClientTransport({ command: process.execPath, args: [cli, 'serve'], env, cwd: repo, stderr: 'ignore' }));
  try {
    const before = gateway.requests.length;
    const result = await client.callTool({ name: 'diagnose_failure', arguments: { root: repo } });
    expect(gateway.requests.length, JSON.stringify(result)).toBeGreaterThan(before);
    expect(leaked(sent(), all)).toEqual([]);
    expect(leaked(JSON.stringify(result), secrets)).toEqual([]);
  } finally {
    await client.close();
  }
}, 90_000);

test('what was sent is the pack, so that the checks above mean something', () => {
  expect(sent()).toContain('export function sum');
  expect(sent()).toContain('__SECRET_');
});
