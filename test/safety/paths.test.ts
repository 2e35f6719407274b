import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { badPath, makeInside } from '../../src/safety/inside.ts';
import { deniedPath } from '../../src/safety/paths.ts';

const denied =
  `.env .env.local .env.production app/.env config/prod.env .envrc server.pem tls/a.key cert.p12 x.pfx x.jks release.keystore a.ppk s.asc s.gpg v.kdbx o.ovpn
id_rsa id_ed25519 id_ecdsa_work deploy/id_rsa .npmrc .yarnrc .yarnrc.yml .pypirc .netrc _netrc .pgpass .git-credentials .htpasswd .dockercfg .my.cnf .s3cfg .boto .vault-token
.ssh/config .aws/credentials .gnupg/x .kube/config .docker/config.json .azure/x .config/gh/hosts.yml .config/gcloud/a kubeconfig kubeconfig.yaml prod.kubeconfig
terraform.tfstate terraform.tfstate.backup prod.tfvars prod.auto.tfvars.json credentials.json credentials credentials.yml.enc secrets.yaml secret.json secrets.production.toml
my-service-account-key.json service_account.json client_secret_1.json wg0.conf master.key config/master.key .git/config .git/HEAD sub/.git/hooks/x app.sqlite app.sqlite3 x.db dump.sql.gz
.bash_history .zsh_history core core.1234 cookies.txt site_cookies.json x.cookies cookie-jar traffic.har heap.heapsnapshot .dev.vars auth.json`
    .split(/\s+/)
    .filter(Boolean);
const tricks = [
  '.ENV',
  '.Env.Local',
  '.env.',
  '.env ',
  '.env::$DATA',
  '.e\u200bnv',
  '.GIT/config',
  'git~1/config',
  '.git./config',
  'ID_RSA',
  'A.PEM',
  '\uff0eenv',
  'a\\.env',
];
const open =
  `.env.example .env.sample .env.template config/.env.dist env.ts src/env.ts src/environment.ts src/secrets.ts src/credentials.go lib/token.py key.ts keys/index.ts monkey.js id_rsa.pub
docs/secrets.md package.json .gitignore .github/workflows/ci.yml src/core/index.ts core.ts database.ts cookies.ts src/.envelope.ts keyboard.keymap passwd.c auth.ts`
    .split(/\s+/)
    .filter(Boolean);

describe('files that are never read', () => {
  it.each([...denied, ...tricks])('%s', (path) => expect(deniedPath(path)).toBeTruthy());
  it.each(open)('but %s is', (path) => expect(deniedPath(path)).toBeUndefined());
});

describe('paths inside a repository', () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'glm-inside-')));
  const why = makeInside(join(root, 'repo'));
  beforeAll(() => {
    mkdirSync(join(root, 'repo', 'src', 'deep'), { recursive: true });
    mkdirSync(join(root, 'repo-2'));
    writeFileSync(join(root, 'repo-2', 'secret.txt'), 'x');
    writeFileSync(join(root, 'repo', 'src', 'deep', 'a.ts'), 'x');
    symlinkSync('deep/a.ts', join(root, 'repo', 'src', 'link.ts'));
    symlinkSync('missing', join(root, 'repo', 'src', 'dangling'));
    symlinkSync('../../repo-2', join(root, 'repo', 'src', 'out'));
    linkSync(join(root, 'repo-2', 'secret.txt'), join(root, 'repo', 'hard.txt'));
    if (process.platform !== 'win32') execFileSync('mkfifo', [join(root, 'repo', 'pipe')]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('lets a regular file through', () => expect(why('src/deep/a.ts')).toBeUndefined());

  it.each([
    'src/link.ts',
    'src/dangling',
    'src/out/secret.txt',
    'hard.txt',
    'pipe',
    'src',
    'src/none.ts',
    'src/deep/a.ts/x',
    '../repo-2/secret.txt',
  ])('refuses %s', (path) => expect(why(path)).toBeTruthy());

  it.each([
    '',
    '/etc/passwd',
    '..',
    'a/../b',
    './a',
    'a//b',
    'a/',
    '~/x',
    'C:/x',
    'c:x',
    'a\\..\\b',
    'a\0b',
    'a\nb',
    '\u202ea',
    'a\u200b/b',
  ])('refuses the form of %j', (path) => expect(badPath(path)).toBeTruthy());

  it('never resolves a plain path to a place outside', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('..', '.', 'a', '/', '\\', '~', 'C:', '\u2024\u2024', '%2e%2e', ' '), { maxLength: 8 }),
        (parts) => {
          const path = parts.join('');
          if (badPath(path) === undefined) expect(join('/root/repo', path).startsWith('/root/repo/')).toBe(true);
        },
      ),
    );
  });
});
