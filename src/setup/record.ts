import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Folders } from '../config.ts';
import { GlmError, messageOf } from '../errors.ts';
import { writeAtomic } from '../store.ts';
import { TextEdit } from './edit/edits.ts';

/**
 * What setup did to one file. While the file is as setup left it (`after`), it can be given back byte for byte: by `edits`, which lead
 * from the user's text to ours, or by deleting it when it is `whole`ly ours. Once somebody else has changed it, only the entry is taken
 * out. `created`: it was not there before; `made`: keys at the top that setup added.
 */
export const FileRecord = z.strictObject({
  path: z.string(),
  client: z.string(),
  created: z.boolean(),
  whole: z.boolean(),
  after: z.string().describe('sha256'),
  edits: z.array(TextEdit).optional(),
  made: z.array(z.string()),
  entry: z.unknown(),
});
export type FileRecord = z.infer<typeof FileRecord>;

export const SkillRecord = z.strictObject({ path: z.string(), skill: z.string(), form: z.enum(['copy', 'link']), hash: z.string() });
export type SkillRecord = z.infer<typeof SkillRecord>;

/** Everything that setup wrote for one workspace, or for the user. Paths are absolute; `folders` are those that setup made. */
export const SetupRecord = z.strictObject({
  version: z.literal(1),
  root: z.string(),
  scope: z.enum(['workspace', 'user']),
  clients: z.array(z.string()),
  link: z.boolean(),
  package: z.string().describe('version of glm-skill that wrote it'),
  files: z.array(FileRecord),
  skills: z.array(SkillRecord),
  folders: z.array(z.string()),
});
export type SetupRecord = z.infer<typeof SetupRecord>;

export const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** The record of a workspace (by its real path) or of the user. Undefined: setup never ran here from this account. */
export async function readRecord(folders: Folders, root: string, scope: SetupRecord['scope']): Promise<SetupRecord | undefined> {
  const path = recordPath(folders, root, scope);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return SetupRecord.parse(JSON.parse(text));
  } catch (cause) {
    throw new GlmError('config_invalid', `The record of what setup wrote is broken: ${path} (${messageOf(cause).slice(0, 120)}).`, {
      hint: 'Delete it; setup then knows its own entries and copies by their content alone.',
      cause,
    });
  }
}

export async function writeRecord(folders: Folders, record: SetupRecord): Promise<void> {
  const path = recordPath(folders, record.root, record.scope);
  if (record.files.length === 0 && record.skills.length === 0) await rm(path, { force: true });
  else await writeAtomic(path, `${JSON.stringify(record, null, 1)}\n`);
}

function recordPath(folders: Folders, root: string, scope: SetupRecord['scope']): string {
  return join(folders.state, 'setup', scope === 'user' ? 'user.json' : `${sha256(root).slice(0, 20)}.json`);
}
