import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fill, seeded } from './random.ts';

const random = seeded(42);
export const user = 'quillonbeck';
export const base = realpathSync(mkdtempSync(join(tmpdir(), 'glm-egress-')));
export const home = join(base, 'people', user);
export const repo = join(home, 'shop');
export const state = join(base, 'state');

/** Everything that may not leave, by where it stands. */
export const planted = {
  key: fill(random, 'rk-{w40}'),
  envToken: fill(random, '{w32}'),
  envPassword: 'ember-lattice-77',
  sourceToken: fill(random, 'ghp_{w36}'),
  sourcePassword: fill(random, '{w14}'),
  printedKey: 'zq8(k2,;v!x#j7@w$n_p4)m*r5&t+u=0b^',
  testSecret: fill(random, '{h40}'),
  messageToken: fill(random, 'glpat-{u20}'),
  dotenv: fill(random, '{w24}'),
  dotenvPlain: fill(random, '{w30}'),
  ignored: fill(random, '{l24}'),
  npmrc: fill(random, 'npm_{w36}'),
  commit: fill(random, 'sk_live_{w24}'),
  diff: fill(random, 'xoxb-{d12}-{d12}-{w24}'),
  document: fill(random, 'dop_v1_{h64}'),
  home,
  user,
};
export type Planted = keyof typeof planted;
export const all = Object.keys(planted).filter((name): name is Planted => name in planted);
export const secrets = all.filter((name) => name !== 'home' && name !== 'user');

const files: Record<string, string> = {
  'package.json': '{"name":"shop","type":"module","scripts":{"test":"node --test"}}',
  '.gitignore': '.env\nprivate/\n',
  '.env': `DB_PASSWORD=${planted.dotenv}\nSAUCE="${planted.dotenvPlain}"\n`,
  'private/notes.txt': `sum ${planted.ignored}\n`,
  '.npmrc': `//registry.npmjs.org/:_authToken=${planted.npmrc}\n`,
  'README.md': `# Shop\n\nThe sum is made with the token ${planted.document}, ask ${user}.\n`,
  'src/sum.js': `// deploy with ${planted.sourceToken}
export const db = 'postgres://app:${planted.sourcePassword}@db.acme.dev/main';
export const SECRET_KEY = '${planted.printedKey}';
export function sum(a, b) {
  return a - b;
}
`,
  'test/sum.test.js': `import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { db, SECRET_KEY, sum } from '../src/sum.js';
const apiSecret = '${planted.testSecret}';
test('adds', () => {
  console.log('environment', process.env);
  const loaded = existsSync('.env') ? readFileSync('.env', 'utf8').replace(/^.*?=/gm, 'got ').replace(/\\s+/g, ' ') : '';
  console.log(loaded);
  console.log(db, apiSecret, import.meta.url);
  assert.equal(sum(1, 2), 3, 'token ${planted.messageToken} of ${user} in ${home}/shop ' + loaded + ' with ' + SECRET_KEY);
});
`,
};

/** Lays out a repository that is full of secrets, committed by a user whose name is one. `env` is what the product is started with. */
export function layPlanted(): Record<string, string> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: home,
    USER: user,
    LOGNAME: user,
    GLM_SKILL_HOME: state,
    RUNAPI_API_KEY: planted.key,
    ACME_TOKEN: planted.envToken,
    DB_PASSWORD: planted.envPassword,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(repo, path)), { recursive: true });
    writeFileSync(join(repo, path), text);
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', `user.name=${user}`, '-c', `user.email=${user}@acme.dev`, ...args], { cwd: repo, env });
  git('init', '-q');
  git('add', '-A', '-f', '--', '.gitignore', 'README.md', 'package.json', 'src', 'test', '.npmrc');
  git('commit', '-q', '-m', `sum with ${planted.commit}`);
  return env;
}

/** Which of them stand in a text, as they are, URL-encoded or in base64. */
export function leaked(text: string, names: readonly Planted[]): Planted[] {
  return names.filter((name) =>
    [planted[name], encodeURIComponent(planted[name]), Buffer.from(planted[name]).toString('base64').slice(0, -4)].some((form) =>
      text.includes(form),
    ),
  );
}

/** What the product has written for itself, path by path; the keys of workspaces and borrowed objects are no text. */
export function kept(folder = state): [path: string, text: string][] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !/\/objects\//.test(`${entry.parentPath}/`))
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [path, readFileSync(path, 'latin1')];
    });
}

/** Replies that ask for denied files, that do not apply, that do not help. */
export const replies = [
  'NEED .env\nNEED private/notes.txt\nNEED .npmrc\nNEED ../../../etc/passwd\nNEED src/sum.js',
  '## Root cause\nWhere: src/sum.js:5\nMinus.\n\n## Edits\nsrc/sum.js\n<<<<<<< SEARCH\n  return a % b;\n=======\n  return a + b;\n>>>>>>> REPLACE\n',
  '## Root cause\nWhere: src/sum.js:5\nMinus.\n\n## Edits\nsrc/sum.js\n<<<<<<< SEARCH\n  return a - b;\n=======\n  return a * b;\n>>>>>>> REPLACE\n',
];
