import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Git } from './git.ts';

/** Lays out the files of an empty repository; what `git init` would do, without a template from elsewhere. */
export function layEmpty(folder: string, format: Git['objectFormat'], settings = ''): void {
  for (const part of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info'])
    mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, 'HEAD'), 'ref: refs/heads/main\n');
  const version = format === 'sha256' ? '1\n[extensions]\n\tobjectformat = sha256' : '0';
  writeFileSync(join(folder, 'config'), `[core]\n\tbare = false\n${settings}\trepositoryformatversion = ${version}\n`);
}

/**
 * The repository that the tests see in the worktree: the user's HEAD, branches, tags and staged entries. Objects are borrowed; hooks,
 * remotes and every other setting stay behind.
 */
export async function layGit(input: {
  readonly git: Git;
  readonly path: string;
  /** Lines of "oid refname". */
  readonly refs: string;
  /** Lines of "name value", core settings only. */
  readonly settings: string;
  /** As `git ls-files --stage -z` writes it. */
  readonly staged: Buffer;
}): Promise<void> {
  const { git, path } = input;
  const folder = join(path, '.git');
  const own = input.settings.split('\n').filter((line) => /^core\.[a-z]+ [\w-]+$/.test(line));
  layEmpty(folder, git.objectFormat, own.map((line) => `\t${line.slice('core.'.length).replace(' ', ' = ')}\n`).join(''));
  writeFileSync(join(folder, 'objects', 'info', 'alternates'), `${quoted(join(git.commonDir, 'objects'))}\n`);
  const refs = input.refs.split('\n').filter(Boolean);
  writeFileSync(join(folder, 'packed-refs'), `# pack-refs with: sorted \n${refs.map((line) => `${line}\n`).join('')}`);
  if (git.branch && git.head) {
    writeFileSync(join(folder, 'HEAD'), `ref: ${git.branch}\n`);
    mkdirSync(join(folder, dirname(git.branch)), { recursive: true });
  } else if (git.head) writeFileSync(join(folder, 'HEAD'), `${git.head}\n`);
  const shallow = join(git.commonDir, 'shallow');
  if (existsSync(shallow)) copyFileSync(shallow, join(folder, 'shallow'));
  const env = { GIT_DIR: folder, GIT_WORK_TREE: path };
  await git.run(['update-index', '-z', '--index-info'], { cwd: path, env, input: input.staged });
}

/** A folder of objects and those that it borrows from, as `git clone --shared` and `--reference` leave them. */
export function objectFolders(folder: string, depth = 0): string[] {
  const file = join(folder, 'info', 'alternates');
  const lines = depth < mostAlternates && existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const more = lines.filter((line) => line !== '' && !line.startsWith('#'));
  return [folder, ...more.flatMap((line) => objectFolders(resolve(folder, line), depth + 1))];
}

/** As deep as git itself follows them. */
const mostAlternates = 5;

function quoted(path: string): string {
  return /^["#]|\n/.test(path) ? `"${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"` : path;
}
