import { createHmac } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
const idLength = 8;
const checkLength = 2;

/** Anything a reader would take for one of our placeholders: a whole one, whatever stands right behind it, else a cut or mangled one. */
export const placeholderLike =
  /__SECRET_(?:(?!__SECRET_)[A-Z0-9_]){1,60}_[a-z2-7]{10}__|__SECRET_(?:(?!__SECRET_)[A-Z0-9_]){0,60}[a-z2-7]{3,40}\w{0,60}/g;

const wholeForm = /__SECRET_[A-Z0-9_]{1,60}_[a-z2-7]{10}__/g;

/** The whole placeholders in a text, in order, each as often as it stands there. */
export function placeholdersIn(text: string): string[] {
  return text.includes('__SECRET_') ? (text.match(wholeForm) ?? []) : [];
}

/** What reads like one of our placeholders, in any case and cut anywhere, and is in a new text but not in the old one. */
export function foreignPlaceholders(text: string, old: string): string[] {
  return (text.match(/_{0,2}SECRET_[A-Z0-9]{2,20}_[A-Z0-9_]{4,60}__|__SECRET_\w{3,80}/gi) ?? []).filter((one) => !old.includes(one));
}

const exactForm = new RegExp(`^__SECRET_[A-Z0-9]+(?:_[A-Z0-9]+)*_([a-z2-7]{${idLength}})([a-z2-7]{${checkLength}})__$`);

/**
 * `__SECRET_<KIND>_<keyed hash>__`: the same secret gives the same placeholder in every file. Keyed, so that the receiver cannot
 * find a weak password by trying; the last two characters are a checksum, so that a placeholder of this workspace is known as one.
 */
export function placeholder(key: Uint8Array, kind: string, secret: string): string {
  const id = base32(createHmac('sha256', key).update(`secret\0${secret}`).digest(), idLength);
  return `__SECRET_${kind}_${id}${checksum(key, id)}__`;
}

/** True for a placeholder that was made with this key, whoever holds the secret behind it. */
export function isOurs(key: Uint8Array, text: string): boolean {
  const found = exactForm.exec(text);
  return found?.[1] !== undefined && checksum(key, found[1]) === found[2];
}

function checksum(key: Uint8Array, id: string): string {
  return base32(createHmac('sha256', key).update(`check\0${id}`).digest(), checkLength);
}

function base32(bytes: Buffer, length: number): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5 && text.length < length; bits -= 5) text += alphabet.charAt((held >> (bits - 5)) & 31);
    if (text.length === length) break;
  }
  return text;
}
