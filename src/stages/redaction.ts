import { createHash } from 'node:crypto';
import type { Redactor } from '../safety/redact.ts';
import type { Cache } from '../schema/context.ts';
import { version } from '../version.ts';

const hashLength = 24;
const mostKept = 20_000;

/** A redactor that remembers which texts held no secret, so that a repeated pack does not search them again. */
export type RememberedRedactor = { readonly redact: Redactor['redact']; readonly save: () => void };

/**
 * `scope` are the secrets and the key that the redactor works with: another scope remembers nothing of this one. Only that a text was clean is
 * stored, as a hash; a text with a secret is always redacted anew, so that its placeholders can be put back.
 */
export function rememberClean(redactor: Redactor, cache: Cache, scope: readonly (string | Uint8Array)[]): RememberedRedactor {
  const digest = createHash('sha256').update(version);
  for (const part of scope) digest.update('\0').update(part);
  const key = `clean texts ${digest.digest('hex')}`;
  const clean = new Set(
    Buffer.from(cache.get(key) ?? [])
      .toString()
      .split('\n'),
  );
  const done = new Map<string, ReturnType<Redactor['redact']>>();
  let added = false;
  return {
    redact: (text, path) => {
      const id = createHash('sha256')
        .update(`${path ?? ''}\0${text}`)
        .digest('hex')
        .slice(0, hashLength);
      if (clean.has(id)) return { text, count: 0 };
      const known = done.get(id);
      if (known) return known;
      const result = redactor.redact(text, path);
      done.set(id, result);
      if (result.count === 0 && result.text === text) {
        clean.add(id);
        added = true;
      }
      return result;
    },
    save: () => {
      if (added) cache.set(key, Buffer.from([...clean].slice(-mostKept).join('\n')));
    },
  };
}
