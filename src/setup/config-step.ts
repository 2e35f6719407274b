import { isDeepStrictEqual } from 'node:util';
import { GlmError, messageOf } from '../errors.ts';
import type { Client } from './clients.ts';
import { createConfig, dropEntry, isEmptyConfig, keysMade, readEntry, setEntry } from './config-file.ts';
import { undo } from './edit/edits.ts';
import type { Entry, Launch } from './entries.ts';
import { launchesIn, startsUs } from './launch.ts';
import { type FileRecord, sha256 } from './record.ts';

/** What is to become of one file: `after` undefined = deleted or never made; `record` undefined = nothing of ours is left in it. */
export type ConfigChange = {
  readonly action: 'create' | 'update' | 'remove' | 'keep' | 'refuse';
  readonly why: string;
  readonly after: string | undefined;
  readonly record: FileRecord | undefined;
};

export type ConfigCase = {
  readonly client: Client;
  /** Absolute path of the file, and how it is called in messages. */
  readonly path: string;
  readonly name: string;
  readonly current: string | undefined;
  readonly record: FileRecord | undefined;
  readonly force: boolean;
};

/** Decides how the entry gets into the file. Pure. A broken file, a foreign or a locally edited entry is refused, not thrown. */
export function planEntry(at: ConfigCase, launch: Launch): ConfigChange {
  return refusing(at, () => {
    const { client, name, current, record } = at;
    const entry = client.config.entry(launch);
    const original = originalOf(at);
    const base = original.exact ? original.text : current;
    if (base === undefined) {
      const after = createConfig(client, entry);
      const written = recordOf(at, entry, after, { created: true, whole: true, made: [...keysMade(client, '', name)] });
      if (after === current) return { action: 'keep', why: 'is up to date', after, record: written };
      if (current === undefined) return { action: 'create', why: 'is made', after, record: written };
      return { action: 'update', why: 'gets the entry of this version', after, record: written };
    }
    const held = readEntry(client, base, name);
    if (!original.exact && isDeepStrictEqual(held, entry)) {
      return { action: 'keep', why: 'has the entry already', after: current, record: record ?? recordOf(at, entry, base, {}) };
    }
    const ours = original.exact || isPristine(at, held);
    if (held !== undefined && !ours && !at.force) return refuse(at, foreignOrEdited(held));
    const set = setEntry(client, entry, base, name);
    const made = keysMade(client, base, name);
    const exact = original.exact || held === undefined || !ours;
    const written = recordOf(
      at,
      entry,
      set.text,
      exact ? { edits: [...set.edits], made: [...made] } : { created: record?.created, made: record?.made },
    );
    if (set.text === current) return { action: 'keep', why: 'is up to date', after: current, record: written };
    const why = held === undefined && !original.exact ? 'gets the entry' : 'gets the entry of this version';
    return { action: 'update', why, after: set.text, record: written };
  });
}

/** Decides how the entry gets out of the file again: the user's own bytes where it is still as we left it, else the entry alone. */
export function planRemoval(at: ConfigCase): ConfigChange {
  return refusing(at, () => {
    const { client, name, current, record } = at;
    const nothing = { action: record ? 'remove' : 'keep', why: 'holds nothing of ours', after: current, record: undefined } as const;
    if (current === undefined) return nothing;
    const original = originalOf(at);
    if (original.exact) {
      return {
        action: 'remove',
        why: original.text === undefined ? 'is deleted' : 'becomes what it was',
        after: original.text,
        record: undefined,
      };
    }
    const held = readEntry(client, current, name);
    if (held === undefined || (!record && !startsUs(held))) return nothing;
    if (!isPristine(at, held) && !(at.force && startsUs(held))) return refuse(at, foreignOrEdited(held));
    const after = dropEntry(client, current, record?.made ?? [], name);
    if (readEntry(client, after, name) !== undefined) return refuse(at, 'holds the entry outside of the marked block');
    const gone = record?.created && isEmptyConfig(client, after, name);
    return {
      action: 'remove',
      why: gone ? 'is deleted' : 'loses the entry, the rest stays',
      after: gone ? undefined : after,
      record: undefined,
    };
  });
}

type Further = { readonly [Key in 'created' | 'whole' | 'made' | 'edits']?: FileRecord[Key] | undefined };

function recordOf({ client, path }: ConfigCase, entry: Entry, after: string, more: Further): FileRecord {
  const { created = false, whole = false, made = [], edits } = more;
  return { path, client: client.id, created, whole, after: sha256(after), ...(edits && { edits }), made, entry };
}

/** What was there before setup, while the file is still as setup left it. */
function originalOf({ current, record }: ConfigCase): { readonly exact: boolean; readonly text: string | undefined } {
  if (current === undefined || !record || sha256(current) !== record.after) return { exact: false, text: undefined };
  if (record.whole) return { exact: true, text: undefined };
  const text = record.edits && undo(current, record.edits);
  return { exact: text !== undefined, text };
}

/** True for an entry as setup writes it, now or in another version. */
function isPristine({ client, record }: ConfigCase, held: unknown): boolean {
  if (record && isDeepStrictEqual(held, record.entry)) return true;
  return launchesIn(held).some((launch) => isDeepStrictEqual(held, client.config.entry(launch)));
}

function foreignOrEdited(held: unknown): string {
  return startsUs(held)
    ? 'has an entry that was edited by hand (--force takes it over)'
    : 'has a server "glm" that setup did not write (--force replaces it)';
}

function refuse(at: ConfigCase, why: string): ConfigChange {
  return { action: 'refuse', why, after: at.current, record: at.record };
}

function refusing(at: ConfigCase, decide: () => ConfigChange): ConfigChange {
  try {
    return decide();
  } catch (error) {
    if (error instanceof GlmError) return refuse(at, messageOf(error));
    throw error;
  }
}
