import { randomBytes } from 'node:crypto';
import { constants, rmSync } from 'node:fs';
import { access, lstat, mkdir, mkdtemp, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GlmError } from './errors.ts';

/** Creates a folder that only the user can read. Throws `config_invalid` where the system does not let us. */
export async function privateFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch(async (cause: unknown) => {
    throw refused(path, await reasonOf(path, cause));
  });
  return path;
}

/** Node says ENOENT where a folder cannot be made: the nearest folder that is there says why. */
async function reasonOf(path: string, cause: unknown): Promise<unknown> {
  if (codeOf(cause) !== 'ENOENT') return cause;
  let above = dirname(path);
  while (above !== dirname(above) && !(await lstat(above).catch(() => undefined))) above = dirname(above);
  const { files, ffree } = await statfs(above).catch(() => noLimit);
  if (files > 0 && ffree === 0) return Object.assign(new Error('no inode left'), { code: 'ENOSPC' });
  return access(above, constants.W_OK).then(
    () => cause,
    (error: unknown) => error,
  );
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : '');

const noRoom = ': no room left, for bytes or for further files';
const reasons: Readonly<Record<string, string>> = { EROFS: ': read-only', ENOSPC: noRoom, EDQUOT: noRoom };

/** A folder that is read-only or full is the user's to mend; anything else is ours. */
function refused(path: string, cause: unknown): unknown {
  const code = codeOf(cause);
  if (!/^(?:EACCES|EPERM|EROFS|ENOENT|ENOSPC|EDQUOT|ENOTDIR|EEXIST)$/.test(code)) return cause;
  const problem = reasons[code] === noRoom ? 'exhausted' : 'config_invalid';
  return new GlmError(problem, `${path} cannot be written (${code}${reasons[code] ?? ''}).`, {
    hint: 'Give the right or the room; what glm-skill keeps for itself goes elsewhere with GLM_SKILL_HOME.',
    cause,
  });
}

/** Files that are being written: an exit in the middle leaves none of them. */
const unfinished = new Set<string>();
process.on('exit', () => {
  for (const path of unfinished) rmSync(path, { force: true });
});

/**
 * Writes a whole file or nothing: a temporary file beside it, flushed, then renamed. Mode 0600 unless given.
 * Never follows a link at `path`: the rename replaces it. Throws `config_invalid` as `privateFolder` does.
 */
export async function writeAtomic(path: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await privateFolder(dirname(path));
  const temporary = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  unfinished.add(temporary);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw refused(path, error);
  } finally {
    unfinished.delete(temporary);
  }
}

/** Appends one line in a single write, so that lines of several processes never mix. */
export async function appendLine(path: string, line: string): Promise<void> {
  await privateFolder(dirname(path));
  const file = await open(path, 'a', 0o600);
  try {
    await file.write(`${line.replaceAll('\n', ' ')}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

const leastBytes = 64 << 10;
const leastFiles = 4;

/** Throws `exhausted` where a folder has no room left: what a program that wrote there has said is then not the whole truth. */
export async function checkRoom(folder: string): Promise<void> {
  const { bavail, bsize, files, ffree } = await statfs(folder).catch(() => noLimit);
  if (bavail * bsize >= leastBytes && (files === 0 || ffree >= leastFiles)) return;
  throw new GlmError('exhausted', `${folder} has no room left, so nothing can be said of the tests.`, {
    hint: 'Make room there, or name another folder with TMPDIR.',
  });
}

const noLimit = { bavail: leastBytes, bsize: 1, files: 0, ffree: 0 };

const longestUseMs = 24 * 3_600_000;
const swept = new Set<string>();

/** A folder in `temp` for one use, which removes it. What killed processes have left there is removed once a day is over. */
export async function makeScratch(temp: string): Promise<string> {
  if (!swept.has(temp)) await sweep(temp).catch(() => {});
  swept.add(temp);
  return mkdtemp(join(temp, 'glm-skill-')).catch((cause: unknown) => {
    const problem = refused(temp, cause);
    if (!(problem instanceof GlmError)) throw problem;
    throw new GlmError(problem.code, problem.message, { hint: 'Make it, or name another temporary folder with TMPDIR.', cause });
  });
}

async function sweep(temp: string): Promise<void> {
  for (const name of await readdir(temp)) {
    if (!/^glm-skill-\w{6}$/.test(name)) continue;
    const path = join(temp, name);
    const stat = await lstat(path);
    const own = stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid);
    if (own && Date.now() - stat.mtimeMs > longestUseMs) await rm(path, { recursive: true, force: true });
  }
}
