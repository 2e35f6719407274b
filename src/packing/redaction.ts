import { createHash } from 'node:crypto';
import type { Memo } from '../cache/memo.ts';
import type { Redactor } from '../schema/redactor.ts';

/** `hidden`: the paths of the texts that did hold one. */
export type Remembered = { readonly redactor: Redactor; readonly hidden: () => readonly string[] };

/**
 * A redactor that remembers which texts held no secret, so that a repeated pack does not search them again. `scope` are the secrets, the
 * key and the rules that the redactor works with: another scope remembers nothing of this one. Only that a text was clean is noted, by
 * its digest; a text with a secret is always redacted anew, so that its placeholders can be put back and it never lies on the disk.
 */
export function rememberClean(redactor: Redactor, memo: Memo, scope: readonly (string | Uint8Array)[]): Remembered {
  const digest = createHash('sha256');
  for (const part of scope) digest.update('\0').update(part);
  const prefix = `clean ${digest.digest('hex')}`;
  const done = new Map<string, ReturnType<Redactor['redact']>>();
  const hidden = new Set<string>();
  const redact: Redactor['redact'] = (text, path) => {
    const key = `${prefix} ${path ?? ''}\0${text}`;
    // What has no path is searched for what the files gave away as well, which no digest knows.
    const known = path === undefined ? undefined : (done.get(key) ?? (memo.get(key) === undefined ? undefined : { text, count: 0 }));
    if (known) return known;
    const result = redactor.redact(text, path);
    done.set(key, result);
    if (path !== undefined && result.text !== text) hidden.add(path);
    if (path !== undefined && result.count === 0 && result.text === text && !text.includes('__SECRET_')) memo.set(key, '');
    return result;
  };
  return { redactor: { ...redactor, redact }, hidden: () => [...hidden] };
}
