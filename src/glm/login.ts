import { readFile } from 'node:fs/promises';
import type { Folders } from '../config.ts';
import { GlmError } from '../errors.ts';
import { isWord } from '../safety/redact/value.ts';
import { writeAtomic } from '../store.ts';
import { parseJson } from './json.ts';
import { cleanKey, loginPath } from './key.ts';
import { findProfile } from './profiles.ts';

/**
 * Keeps a key for the host of `baseUrl`, mode 0600, and gives the path. Keys of other hosts stay. Throws `bad_input` for what only looks
 * like a key, and for one that is a word.
 */
export async function storeKey(folders: Folders, baseUrl: string, value: string): Promise<string> {
  const key = cleanKey(value);
  findProfile(baseUrl);
  if (!key) throw new GlmError('bad_input', 'This is no key.', { hint: 'Paste the key itself, one line of printable characters.' });
  if (isWord(key) || key.length < 8) {
    throw new GlmError('bad_input', 'This key is too simple: it could be hidden nowhere without blanking the same word in your code.', {
      hint: 'Use a key as gateways make them: 8 characters or more, not a word.',
    });
  }
  return writeKeys(folders, { ...(await readKeys(folders)), [new URL(baseUrl).host]: key });
}

/** Forgets the key for the host of `baseUrl`. Says whether there was one. */
export async function forgetKey(folders: Folders, baseUrl: string): Promise<boolean> {
  const { [new URL(baseUrl).host]: found, ...rest } = await readKeys(folders);
  if (found === undefined) return false;
  await writeKeys(folders, rest);
  return true;
}

async function readKeys(folders: Folders): Promise<Readonly<Record<string, string>>> {
  const json = parseJson(await readFile(loginPath(folders), 'utf8').catch(() => ''));
  const entries = typeof json === 'object' && json !== null ? Object.entries(json) : [];
  return Object.fromEntries(entries.flatMap(([host, key]) => (typeof key === 'string' ? [[host, key]] : [])));
}

async function writeKeys(folders: Folders, keys: Readonly<Record<string, string>>): Promise<string> {
  const path = loginPath(folders);
  await writeAtomic(path, `${JSON.stringify(keys, undefined, 2)}\n`, 0o600);
  return path;
}
