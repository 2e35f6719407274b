import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { folders, readEnvironment } from '../../src/config.ts';
import { runProcess } from '../../src/process/run.ts';
import { type Git, openGit } from '../../src/repo/git.ts';

/** A folder for one test file, with the product's own folders beside the repositories in it. */
export function makeHome() {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'glm-skill-test-')));
  const env = { ...readEnvironment(), HOME: home, GLM_SKILL_HOME: join(home, 'own') };
  return { home, env, folders: folders(env), remove: () => rmSync(home, { recursive: true, force: true }) };
}

export async function git(root: string, ...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', HOME: root, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  const named = [
    '-c',
    'user.name=A',
    '-c',
    'user.email=a@example.org',
    '-c',
    'init.defaultBranch=main',
    '-c',
    'protocol.file.allow=always',
  ];
  const result = await runProcess({ argv: ['git', ...named, ...args], cwd: root, env });
  if (result.exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
  return result.stdout.toString();
}

export function write(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** A repository with one commit. */
export async function makeRepo(parent: string, name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(parent, name);
  mkdirSync(root, { recursive: true });
  write(root, files);
  await git(root, 'init', '-q');
  await git(root, 'add', '-A');
  await git(root, 'commit', '-q', '-m', 'first');
  return root;
}

export async function open(root: string): Promise<Git> {
  const found = await openGit(root, { env: readEnvironment() });
  if (!found) throw new Error(`${root} is no work tree`);
  return found;
}

/** Every file, link and mode below a folder, `.git` included, with times: what "byte-identical" is checked against. */
export function imprint(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const visit = (at: string) => {
    for (const name of readdirSync(join(root, at))) {
      const path = at === '' ? name : `${at}/${name}`;
      const stat = lstatSync(join(root, path));
      const what = stat.isSymbolicLink()
        ? readlinkSync(join(root, path))
        : stat.isFile()
          ? createHash('sha256')
              .update(readFileSync(join(root, path)))
              .digest('hex')
          : '';
      found[path] = `${stat.mode.toString(8)} ${stat.isDirectory() ? '' : stat.mtimeMs} ${what}`;
      if (stat.isDirectory()) visit(path);
    }
  };
  visit('');
  return found;
}
