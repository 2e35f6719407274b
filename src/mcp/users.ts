import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { GlmError } from '../errors.ts';
import { hashToken, isSame } from './gate.ts';

/** Somebody who may call, by a token of their own: for which folders, and for how much a day. */
export type User = {
  /** Empty where all share one token. */
  readonly name: string;
  readonly roots: readonly string[];
  /** USD a day (UTC) that their calls may cost. */
  readonly dailyUsd?: number | undefined;
  /** How many of their jobs may be under way at once. */
  readonly jobs?: number | undefined;
};

export type Users = {
  /** Who is known by a token; undefined: nobody. */
  readonly byToken: (token: string) => Promise<User | undefined>;
  readonly all: () => readonly User[];
};

const File = z.strictObject({
  users: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w.@-]{1,64}$/),
        /** Of the token as it is sent: `printf %s "$TOKEN" | sha256sum`. */
        token_sha256: z.string().regex(/^[0-9a-f]{64}$/i),
        roots: z.array(z.string().min(1)).min(1),
        daily_usd: z.number().min(0).optional(),
        jobs: z.number().int().min(1).optional(),
      }),
    )
    .min(1)
    .refine((users) => new Set(users.map(({ name }) => name)).size === users.length, 'two users have one name'),
});

/** All who know the one token may do the same. */
export function oneUser(token: string, roots: readonly string[]): Users {
  const hash = hashToken(token);
  const user = { name: '', roots };
  return { byToken: async (given) => (isSame(hashToken(given), hash) ? user : undefined), all: () => [user] };
}

/**
 * Users from a file, which is read again when it has changed: a token is taken away without a restart. A file that cannot be read any
 * more lets nobody in. Throws `bad_input` for one that is wrong from the start.
 */
export async function usersOf(path: string): Promise<Users> {
  let { read, known } = { read: await changed(path), known: await load(path) };
  const byToken: Users['byToken'] = async (given) => {
    const now = await changed(path);
    if (now !== read) {
      read = now;
      known = await load(path).catch((error: unknown) => {
        process.stderr.write(`http: ${error instanceof Error ? error.message : error} Nobody is let in.\n`);
        return [];
      });
    }
    const hash = hashToken(given);
    return known.find((one) => isSame(one.hash, hash))?.user;
  };
  return { byToken, all: () => known.map(({ user }) => user) };
}

async function changed(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${found.mtimeMs} ${found.size} ${found.ino}` : 'gone';
}

async function load(path: string): Promise<readonly { readonly hash: Buffer; readonly user: User }[]> {
  const wrong = (why: string) =>
    new GlmError('bad_input', `The file of users ${path} ${why}.`, {
      hint: '{"users": [{"name": "ann", "token_sha256": "…", "roots": ["/srv/app"], "daily_usd": 5}]}; see docs/server.md.',
    });
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) throw wrong('cannot be read');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
  const { data, error } = File.safeParse(json);
  if (!data) throw wrong(`is not as expected: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}`);
  return data.users.map(({ name, token_sha256, roots, daily_usd, jobs }) => ({
    hash: Buffer.from(token_sha256, 'hex'),
    user: { name, roots: roots.map((root) => resolve(root)), dailyUsd: daily_usd, jobs },
  }));
}
