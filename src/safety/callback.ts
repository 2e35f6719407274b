import { createHmac, timingSafeEqual } from 'node:crypto';

const toleranceS = 300;

/** Ids of callbacks already taken, with the time at which each may be forgotten, in seconds since the epoch. */
export type Seen = Map<string, number>;

export type Callback = {
  /** The body as it came, byte for byte. */
  readonly body: Uint8Array;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Secrets in base64: the current one, and while rotating the one before. */
  readonly secrets: readonly string[];
  readonly nowMs: number;
  readonly seen: Seen;
};

/**
 * True for a callback that RunAPI signed (`X-Callback-Signature` over `id.timestamp.body`), within 300 s, the first time its id comes.
 * The answer to anything else is a bare 401.
 */
export function isGenuine({ body, headers, secrets, nowMs, seen }: Callback): boolean {
  const id = one(headers['x-callback-id']);
  const time = one(headers['x-callback-timestamp']);
  const signature = one(headers['x-callback-signature']);
  if (!id || id.length > 200 || !time || !/^\d{1,12}$/.test(time) || !signature) return false;
  const nowS = Math.floor(nowMs / 1000);
  if (Math.abs(nowS - Number(time)) > toleranceS) return false;

  const given = Buffer.from(signature, 'base64');
  const matches = secrets
    .filter((secret) => secret !== '')
    .map((secret) => createHmac('sha256', Buffer.from(secret, 'base64')).update(`${id}.${time}.`).update(body).digest())
    .map((expected) => given.length === expected.length && timingSafeEqual(given, expected));
  if (!matches.includes(true)) return false;

  for (const [known, until] of seen) if (until < nowS) seen.delete(known);
  if (seen.has(id)) return false;
  seen.set(id, nowS + 2 * toleranceS);
  return true;
}

function one(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}
