import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Folders } from '../../config.ts';
import { asProblem, messageOf } from '../../errors.ts';
import { parseJson, textAt } from '../json.ts';

const mostKept = 500;

/** What is known of a reply besides its body. No key and no prompt: `request` is a hash of what was asked. */
export type ReplyHead = {
  readonly request: string;
  /** Its entry in the ledger. */
  readonly entry: string;
  readonly variant: string;
  readonly surface: string;
  readonly at: string;
  readonly requestId?: string | undefined;
  readonly taskId?: string | undefined;
};

/**
 * A reply on its way to disk. Each call has written when it returns, so that a kill loses nothing that had arrived. A disk that takes no
 * more stops no reply: from then on `problem` says why.
 */
export type ReplyFile = {
  readonly append: (bytes: Uint8Array) => void;
  readonly end: (clean: boolean) => void;
  readonly problem: () => string | undefined;
};

export type StoredReply = { readonly head: ReplyHead; readonly body: Buffer; readonly clean: boolean };

/** Folder of one stored reply: `head.json`, the raw `body`, and `end` once the connection has closed by itself. */
function replyFolder(folders: Folders, id: string): string {
  if (!/^[\w.-]{1,120}$/.test(id) || /^\.+$/.test(id)) throw new Error(`not a reply id: ${id}`);
  return join(folders.state, 'replies', id);
}

export function hashRequest(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

/** As `beginReply`, for a disk that may be full or locked. */
export function storeReply(folders: Folders, id: string, head: ReplyHead, secret: string): ReplyFile {
  let problem: string | undefined;
  const trying = <Result>(write: () => Result): Result | undefined => {
    if (problem !== undefined) return undefined;
    try {
      return write();
    } catch (error) {
      problem = messageOf(asProblem(error));
      return undefined;
    }
  };
  const file = trying(() => beginReply(folders, id, head, secret));
  return {
    append: (bytes) => trying(() => file?.append(bytes)),
    end: (clean) => trying(() => file?.end(clean)),
    problem: () => problem,
  };
}

/** Begins the file of a reply; an older one with the same id is moved aside. Bytes of `secret` that a gateway echoes become asterisks. */
function beginReply(folders: Folders, id: string, head: ReplyHead, secret: string): Omit<ReplyFile, 'problem'> {
  const folder = replyFolder(folders, id);
  prune(dirname(folder));
  if (existsSync(folder)) renameSync(folder, `${folder}.${randomBytes(4).toString('hex')}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'end'), 'open', { mode: 0o600 });
  const file = openSync(join(folder, 'body'), 'w', 0o600);
  writeFileSync(join(folder, 'head.json'), JSON.stringify(head), { mode: 0o600 });
  const needle = Buffer.from(secret);
  let tail = Buffer.alloc(0);
  let size = 0;
  return {
    append(bytes) {
      // A disk that becomes full in the middle says so by writing less.
      if (writeSync(file, bytes, 0, bytes.length, size) < bytes.length) throw new Error('the disk took a part only');
      const start = size - tail.length;
      const seen = Buffer.concat([tail, bytes]);
      size += bytes.length;
      if (needle.length < 8) return;
      for (let at = seen.indexOf(needle); at >= 0; at = seen.indexOf(needle, at + needle.length)) {
        writeSync(file, Buffer.alloc(needle.length, '*'), 0, needle.length, start + at);
      }
      tail = Buffer.from(seen.subarray(Math.max(0, seen.length - needle.length + 1)));
    },
    end(clean) {
      closeSync(file);
      writeFileSync(join(folder, 'end'), clean ? 'clean' : 'cut', { mode: 0o600 });
    },
  };
}

/** Keeps the newest replies; jobs have their own copy of what they used. */
function prune(replies: string): void {
  if (!existsSync(replies)) return;
  const names = readdirSync(replies);
  if (names.length < mostKept * 2) return;
  const aged = names.map((name) => ({
    path: join(replies, name),
    at: statSync(join(replies, name), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  }));
  for (const { path } of aged.sort((a, b) => b.at - a.at).slice(mostKept)) rmSync(path, { recursive: true, force: true });
}

/** The stored reply of this name, complete or not. Undefined: there is none. */
export function readStoredReply(folders: Folders, id: string): StoredReply | undefined {
  const folder = replyFolder(folders, id);
  try {
    const json = parseJson(readFileSync(join(folder, 'head.json'), 'utf8'));
    const request = textAt(json, 'request');
    if (request === undefined) return undefined;
    const head = {
      request,
      entry: textAt(json, 'entry') ?? '',
      variant: textAt(json, 'variant') ?? '',
      surface: textAt(json, 'surface') ?? 'chat',
      at: textAt(json, 'at') ?? '',
      requestId: textAt(json, 'requestId'),
      taskId: textAt(json, 'taskId'),
    };
    return { head, body: readFileSync(join(folder, 'body')), clean: readFileSync(join(folder, 'end'), 'utf8') === 'clean' };
  } catch {
    return undefined;
  }
}

type StoredTask = Pick<ReplyHead, 'request' | 'variant' | 'entry'> & { readonly location: string };

/** Notes that a request was accepted and where its reply will be, so that a later process can fetch what this one paid for. */
export function storeTask(folders: Folders, id: string, task: StoredTask): void {
  const folder = replyFolder(folders, id);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'task.json'), JSON.stringify(task), { mode: 0o600 });
}

/** The accepted request of this name. Undefined: there is none. */
export function readStoredTask(folders: Folders, id: string): StoredTask | undefined {
  try {
    const json = parseJson(readFileSync(join(replyFolder(folders, id), 'task.json'), 'utf8'));
    const [location, request] = [textAt(json, 'location'), textAt(json, 'request')];
    if (location === undefined || request === undefined) return undefined;
    return { location, request, variant: textAt(json, 'variant') ?? '', entry: textAt(json, 'entry') ?? '' };
  } catch {
    return undefined;
  }
}
