import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventStore } from '@modelcontextprotocol/server';
import { isAlive } from '../process/alive.ts';

type Message = Parameters<EventStore['storeEvent']>[1];

/** What was sent on the event streams of one session, so that a client whose stream broke gets what it missed. */
export type Events = EventStore & { readonly close: () => Promise<void> };

/** Answers kept for each session, and their bytes: enough for what one client has under way. */
const mostKept = 32;
const mostBytes = 2 << 20;

type Kept = {
  readonly id: string;
  readonly streamId: string;
  readonly number: number;
  readonly bytes: number;
  /** Undefined once it lies on disk. */
  text: string | undefined;
};

/** Answers up to so many bytes stay in memory: a file would hold more of it than they do. */
const smallBytes = 1_024;

/**
 * Keeps answers in a folder, the oldest dropped first; where the disk takes none, in memory. No answer waits for the disk. Progress gets
 * an id and is not kept: what is said next replaces it.
 */
export function openEvents(folder: string): Events {
  let kept: Kept[] = [];
  let count = 0;
  let bytes = 0;
  let closed = false;
  const path = (id: string) => join(folder, `${id}.json`);
  const drop = async () => {
    const [first] = kept;
    if (!first) return;
    kept = kept.slice(1);
    bytes -= first.bytes;
    if (first.text === undefined) await rm(path(first.id), { force: true }).catch(() => {});
  };
  const lay = async (one: Kept, text: string) => {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(path(one.id), text, { mode: 0o600 });
      one.text = undefined;
    } catch {
      // It stays in memory.
    }
    if (closed || !kept.includes(one)) await rm(path(one.id), { force: true }).catch(() => {});
    if (closed) await rm(folder, { recursive: true, force: true }).catch(() => {});
  };
  const textOf = ({ id, text }: Kept) => (text === undefined ? readFile(path(id), 'utf8').catch(() => undefined) : text);

  return {
    storeEvent: async (streamId, message) => {
      const number = ++count;
      const id = `${streamId}_${number}`;
      if (!isAnswer(message)) return id;
      const text = JSON.stringify(message);
      const one: Kept = { id, streamId, number, bytes: text.length, text };
      kept.push(one);
      if (text.length > smallBytes) void lay(one, text);
      bytes += text.length;
      while (kept.length > mostKept || (bytes > mostBytes && kept.length > 1)) await drop();
      return id;
    },
    getStreamIdForEventId: async (id) => streamOf(id),
    replayEventsAfter: async (last, { send }) => {
      const streamId = streamOf(last) ?? '';
      const number = Number(last.slice(streamId.length + 1));
      for (const one of kept.filter((event) => event.streamId === streamId && event.number > number)) {
        const text = await textOf(one);
        if (text !== undefined) await send(one.id, JSON.parse(text));
      }
      return streamId;
    },
    close: () => {
      closed = true;
      return rm(folder, { recursive: true, force: true }).catch(() => {});
    },
  };
}

/** Removes what servers that were killed have left; each has a folder named by its process. */
export async function sweepEvents(cache: string): Promise<void> {
  const folder = join(cache, 'events');
  for (const name of await readdir(folder).catch(() => [])) {
    if (!isAlive({ pid: Number(name), started: '' })) await rm(join(folder, name), { recursive: true, force: true }).catch(() => {});
  }
}

function streamOf(id: string): string | undefined {
  return /^([\w-]{1,60})_\d{1,12}$/.exec(id)?.[1];
}

/** Answers, and questions to the client; the empty message with which a stream is opened is neither. */
function isAnswer(message: Message): boolean {
  return 'id' in message;
}
