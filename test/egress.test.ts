import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../src/glm/gateway.ts';
import { runProcess } from '../src/process.ts';

const root = join(import.meta.dirname, '..');
const random = (length: number) => Array.from({ length }, (_, at) => 'aB3dE5gH7jK9mN2pQ4sT6vW8xY'[(at * 7 + length) % 26]).join('');
/** Built at run time, so that nobody takes them for real. */
const planted = {
  key: `runapi_${random(40)}`,
  github: `gh${'p'}_${random(36)}`,
  aws: `AK${'IA'}QX7ZP3LMN6RT5VWY`,
  url: `Pw${random(14)}`,
  password: `Zq${random(18)}`,
  jwt: ['eyJhbGciOiJIUzI1NiJ9', `eyJzdWIiOiI${random(20)}`, random(43)].join('.'),
  environment: `Env${random(24)}`,
  dotenv: `Dot${random(24)}`,
  ignored: `Ign${random(24)}`,
  printed: `xox${'b'}-${'48261739505'}-${'913752860471'}-${random(24)}`,
};
const user = 'plantagenet';

let folder: string;
let repo: string;
let gateway: Gateway;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glm-egress-'));
  repo = join(folder, user, 'checkout');
  await cp(join(root, 'examples', 'checkout'), repo, { recursive: true });
  await appendFile(
    join(repo, 'src', 'tiers.js'),
    `\nconst github = '${planted.github}';\nexport const settings = { awsAccessKeyId: '${planted.aws}', password: '${planted.password}' };\nexport const database = 'postgres://app:${planted.url}@db.internal:5432/shop';\n// token ${planted.jwt}\n`,
  );
  const test = join(repo, 'test', 'integration', 'checkout.test.js');
  await appendFile(test, `\nconsole.log('SLACK', '${planted.printed}', process.env.HOME, process.env.MY_SERVICE_TOKEN, process.cwd());\n`);
  await writeFile(join(repo, '.env'), `SERVICE_SECRET=${planted.dotenv}\n`);
  await writeFile(join(repo, '.gitignore'), 'local/\n');
  await mkdir(join(repo, 'local'));
  await writeFile(join(repo, 'local', 'unitPrice.js'), `export const unitPrice = '${planted.ignored}';\n`);
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: repo });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', `Mention ${planted.password}`);
  gateway = await startGateway({
    replies: [
      'NEED .env\nNEED local/unitPrice.js\nNEED src/tiers.js\nNEED ../../../../etc/passwd',
      '## Root cause\nWhere: src/tiers.js:5\nWrong.\n\n## Edits\nsrc/tiers.js\n<<<<<<< SEARCH\n    if (quantity > tier.from) price = 1;\n=======\n    x\n>>>>>>> REPLACE\n',
      '## Root cause\nWhere: src/tiers.js:5\nWrong.\n\n## Edits\nsrc/tiers.js\n<<<<<<< SEARCH\n    if (quantity > tier.from) price = tier.price;\n=======\n    if (quantity >= tier.from) price = tier.price + 1;\n>>>>>>> REPLACE\n',
    ],
  });
});

afterAll(async () => {
  await gateway.close();
  await rm(folder, { recursive: true, force: true });
});

async function run(verb: string, ...flags: string[]) {
  const result = await runProcess({
    argv: [process.execPath, join(root, 'dist', 'cli.mjs'), verb, repo, '--json', ...flags],
    cwd: repo,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: join(folder, user),
      USER: user,
      RUNAPI_API_KEY: planted.key,
      RUNAPI_BASE_URL: gateway.url,
      MY_SERVICE_TOKEN: planted.environment,
      TMPDIR: tmpdir(),
    },
    timeoutMs: 100_000,
  });
  return { ...result, said: result.stdout.toString() + result.stderr.toString() };
}

function leaks(text: string): string[] {
  const forms = (value: string) => [value, Buffer.from(value).toString('base64').replace(/=+$/, ''), encodeURIComponent(value)];
  return Object.entries({ ...planted, home: join(folder, user), user }).flatMap(([name, value]) =>
    forms(value).some((form) => text.includes(form)) ? [name] : [],
  );
}

test.each([
  ['fix', ['--attempts', '2', '--timeout', '60']],
  ['diagnose', []],
])(
  'no planted secret leaves with %s, nor stands in what it says',
  async (verb, flags) => {
    const before = gateway.requests.length;
    const result = await run(verb, ...flags);
    const sent = gateway.requests.slice(before);
    expect(sent.length, result.said).toBeGreaterThan(0);
    for (const request of sent) {
      expect(leaks(request.raw)).toEqual([]);
      expect(leaks(JSON.stringify({ ...request.headers, authorization: '' }))).toEqual([]);
    }
    expect(
      sent.some((request) => request.raw.includes('unitPrice')),
      'the faulty file was sent',
    ).toBe(true);
    expect(
      sent.some((request) => request.raw.includes('__SECRET_')),
      'something was redacted',
    ).toBe(true);
    // Its own folder and the files it names are told to the caller as they are.
    const said = JSON.parse(result.stdout.toString());
    expect(leaks(JSON.stringify({ ...said, root: '', contextFile: '', next: [] }))).toEqual([]);
  },
  120_000,
);
