import type { Grade } from './names.ts';
import { noise } from './randomness.ts';

/** How a value stands: between quotes, as the rest of a line, or as a run of characters whose end is guessed. */
export type Form = 'literal' | 'line' | 'word';

/** What people write where a secret would stand. Compared without digits, signs and case. */
const dummies = new Set(
  'password passwd pass passw pwd passphrase secret token key apikey user username admin administrator root guest test tests testing tester example sample demo dummy fake mock mocked foo bar baz foobar qux changeme changethis replaceme placeholder redacted hidden masked removed none null nil undefined true false empty default unknown todo tbd fixme insert postgres postgresql mysql mariadb mongo mongodb redis rabbitmq rabbit minio localhost string value hello helloworld letmein qwerty welcome abc abcd abcdef xyz asdf asdfgh mypassword mysecret mytoken mykey yourpassword yoursecret yourtoken yourkey yourapikey secretkey supersecret topsecret verysecret notsecret somesecret sometoken testkey testtoken testpassword testsecret testing accesstoken authtoken development production staging required optional enabled disabled anonymous public private basic bearer'.split(
    ' ',
  ),
);
const longestDummy = Math.max(...[...dummies].map(({ length }) => length));
const sixAlike = /(.)\1{5}/;
const dummyInside =
  /example|sample|dummy|placeholder|change[-_ ]?(?:me|this|it)|replace|redact|your[-_ ]|[-_ ]here$|insert[-_]|^my[-_ ]|fake|mock|xxxx|\*\*\*|\.\.\.|…|<[a-z][a-z0-9 _-]{0,80}>|todo|fixme|lorem|deadbeef|(?:not|super|very|top)[-_ ]?(?:a[-_ ]?)?(?:real|secret)|1234567|abcdefg|qwerty|^(?:test|demo|foo|bar)[-_]/i;
/** What a program fills in later, whole and with a name or a call inside. */
const filled =
  /\$\{\{?[^{}]{0,200}\}?\}|\{\{[^{}]{0,200}\}\}|\$\([\w ./:"'|-]{1,200}\)|%\([\w.]{1,80}\)[a-z]|#\{[^{}]{1,200}\}|<%.{0,200}?%>/g;
const template =
  /^%[A-Z_]+%$|^%\w+\([^)]{0,80}\)%$|^\$[A-Za-z_]\w*$|^%\w+%$|^@\w+@$|^\{\w*\}$|^__[A-Z_]+__$|^env[:(]|^(?:vault|op|file|ssm|secret|gcp-sm|azurekv):|^(?:\w+\.)?secrets?\.[A-Za-z]/;
const location =
  /^(?:[a-z][a-z0-9+.-]{1,12}:\/\/|\.{0,2}\/[\w.@-]+(?:\/|$)|~\/|[A-Za-z]:\\|arn:|urn:|data:|projects\/|ENC\[|AgB[A-Za-z0-9]|\$ANSIBLE_VAULT)/;
const sealed = /^(?:ENC[[(]|\{cipher\}|AgB\w|\$ANSIBLE_VAULT|AQICAH)/;
const pattern = /\[\^?\w-\w|\(\?[:=!<]/;
/** A class of characters with a number or a range: part of a regular expression. */
const classInside = /\[[^\]\s]{0,40}\w-\w[^\]\s]{0,40}\](?:[+*?]|\{\d)/;
/** Addresses, accounts and files that people call token or key. */
const plainId = /^0x[0-9a-f]{40}$|^AC[0-9a-f]{32}$|^\.{1,2}\/[\w./-]+$/i;
/** One class of characters, as often as it likes: what a secret looks like, not one. */
const classOnly = /^\^?(?:\[[^\]]{1,40}\](?:[+*]|\{[\d,]{1,9}\}))+\$?$/;
/** `@scope/name@1.2.3` and `name@^1.2.3`, as lock files write packages. */
const packageAt = /^(?:@[\w.-]+\/)?[a-z][\w.-]*@(?:npm:)?[\^~]?\d+(?:\.[\w-]+){2,}$/;
/** `X-CSRF-Token`: the name of a header. */
const headerName = /^X(?:-[A-Z][A-Za-z]*)+$/;
/** `aes-256-gcm`: how a secret is used. */
const algorithm = /^(?:aes|sha|rsa|hmac|ecdsa|x?chacha20)[-_]?\d{0,4}(?:[-_][a-z0-9]{2,9}){0,3}$/i;
const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const hash = /^(?:0x)?(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;

/** `npm-cache-<hash>`: what a cache keeps under it. */
const namedHash = /^(?:[a-z]+[-_.])+(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$/;

/** True for text that only holds the place of a secret: example values, templates, masks. */
export function isPlaceholder(value: string): boolean {
  if (value.length <= 3 || classOnly.test(value) || isCutShort(value) || template.test(value) || isFilled(value) || isRepeated(value))
    return true;
  if (isDummy(value)) return true;
  if (dummyInside.test(value) || hasSixAlike(value))
    return noise(value) < 1.2 || /example|x{6}|\*\*\*|(.)\1{7}|abcdefgh|12345678|xxxx-xxxx/i.test(value);
  return /^\d{1,7}$/.test(value) || hasFewSigns(value);
}

/** The same sign six times: every third one has its like on both sides then, which most values show at once not to be so. */
function hasSixAlike(value: string): boolean {
  for (let at = 3; at < value.length - 1; at += 3) {
    const code = value.charCodeAt(at);
    if (code === value.charCodeAt(at - 1) && code === value.charCodeAt(at + 1)) return sixAlike.test(value);
  }
  return false;
}

/** A value that somebody has cut: `eyJhbGciOi...`. */
function isCutShort(value: string): boolean {
  return value.length <= 43 && (value.endsWith('...') || value.endsWith('…')) && !/[\n\r\u2028\u2029]/.test(value);
}

function hasMoreLetters(value: string, most: number): boolean {
  let count = 0;
  for (let at = 0; at < value.length; at++) {
    const lower = value.charCodeAt(at) | 32;
    if (lower >= 97 && lower <= 122 && ++count > most) return true;
  }
  return false;
}

/** Letters of which half of the value is made, and that are one of the usual words. */
function isDummy(value: string): boolean {
  if (value.length > 2 * longestDummy || hasMoreLetters(value, longestDummy)) return false;
  const bare = value.toLowerCase().replace(/[^a-z]+/g, '');
  return bare.length >= 3 && bare.length >= value.length / 2 && dummies.has(bare);
}

/** Made of three different characters at most. Looks no further than the fourth. */
function hasFewSigns(value: string): boolean {
  let seen = '';
  for (const char of value) {
    if (seen.includes(char)) continue;
    seen += char;
    if (seen.length > 3) return false;
  }
  return true;
}

/** True for a value that is put together later. What stands beside the gaps may be the secret all the same. */
function isFilled(value: string): boolean {
  if (!/[$%#{<]/.test(value)) return false;
  const rest = value.replace(filled, '');
  return rest !== value ? rest.length < 12 || noise(rest) < 0.5 : /^(?:\$\{|\{\{|<%|#\{)/.test(value) && noise(value) < 0.8;
}

/** The test vectors of wallets: twelve words, hardly any different. */
function isRepeated(value: string): boolean {
  if (value.length < 23 || !/\s/.test(value)) return false;
  const words = value.split(/\s+/);
  return words.length >= 12 && new Set(words).size <= 4;
}

/** True for a value that names where something is instead of being it: URL, path, ARN, member access, call, encrypted text. */
export function isReference(value: string): boolean {
  if (
    sealed.test(value) ||
    packageAt.test(value) ||
    headerName.test(value) ||
    algorithm.test(value) ||
    classInside.test(value) ||
    plainId.test(value)
  )
    return true;
  if (location.test(value)) return noise(value) < 1.2 || /^[a-z]{2,12}:/.test(value);
  return /^[A-Za-z_$][\w$]*(?:(?:\.#?|::|->)[A-Za-z_$][\w$]*)+(?:\(|\[|$)/.test(value) && noise(value) < 0.3;
}

/** Whether a value under a name of that grade is taken for a secret. */
export function isSecret(value: string, grade: Grade, form: Form = 'literal'): boolean {
  if (value.length < 6 || !isLikely(value, grade, form)) return false;
  return !isPlaceholder(value) && !isReference(value);
}

function isLikely(value: string, grade: Grade, form: Form): boolean {
  const chance = noise(value);
  if (/[\s\p{Cc}]/u.test(value)) return isPhrase(value, grade, form);
  if (grade === 'chosen' && (isPersonal(value) || (value.length < 8 && chance > 0.4 && hasKinds(value, 3)))) return true;
  if (grade === 'password') {
    if (form !== 'literal' && /[()[\]{}<>]/.test(value))
      return (chance > 0.6 && /\d/.test(value)) || isMixed(value) || (form === 'line' && chance > 1);
    return chance > 0.4 || (value.length >= 8 && /\d/.test(value) && chance > -0.4) || isPersonal(value);
  }
  if (grade === 'secret' || grade === 'chosen') {
    if (value.length < 8 || /^[a-z]+$/i.test(value)) return value.length >= 12 && chance > 1;
    if (/^[\d.:-]+$/.test(value)) return false;
    // Signs that code is made of: where the value ends is only known from its place.
    if (/[^\w+/=.~:!@#$%^&*?-]/.test(value)) return form !== 'word' && (isMixed(value) || chance > (/\d/.test(value) ? 0.8 : 1.2));
    return chance > 0.35 || (value.length >= 40 && chance > 0 && /\d/.test(value) && !/[,;(){}]/.test(value));
  }
  if (grade === 'random' && /^[0-9a-f]{20,}$/i.test(value) && !hash.test(value)) return /\d/.test(value) && /[a-f]/i.test(value);
  return (
    value.length >= 16 &&
    chance > 0.9 &&
    !pattern.test(value) &&
    /^(?=(?:[^A-Za-z]*[A-Za-z]){4})[\x21-\x7e]*\d[\x21-\x7e]*$/.test(value) &&
    !uuid.test(value) &&
    !(grade === 'perhaps' && namedHash.test(value)) &&
    (!hash.test(value) || (grade === 'random' && !/^0x/i.test(value)))
  );
}

/** Made by a machine of all characters: letters, digits and signs change all the time. */
function isMixed(value: string): boolean {
  if (value.length < 12 || !/[a-z]/i.test(value)) return false;
  let changes = 0;
  for (let at = 1; at < value.length; at++) if (kindAt(value, at) !== kindAt(value, at - 1)) changes++;
  return changes / (value.length - 1) > 0.4 && (value.length >= 24 || noise(value) > (/\d/.test(value) ? -0.4 : 0.8));
}

function kindAt(value: string, at: number): number {
  const char = value.charAt(at);
  return ['a' <= char && char <= 'z', 'A' <= char && char <= 'Z', '0' <= char && char <= '9'].indexOf(true);
}

/** A password as people make them: of several kinds of characters, or of words and a number. */
export function isPersonal(value: string): boolean {
  if (value.length < 8 || value.length > 128 || /^(?:https?|sha\d|base64|utf|oauth|md5)|hash/i.test(value)) return false;
  return hasKinds(value, 3) || isJoined(value) || isForeign(value);
}

/** At least so many kinds of characters; separators that a name would have are none. */
function hasKinds(value: string, least: number): boolean {
  return [/\p{Ll}/u, /\p{Lu}/u, /\d/, /[!@#$%^&*+=?~§]|["'\\`].*["'\\`]/].filter((kind) => kind.test(value)).length >= least;
}

/** Words and a number, joined or not: "river-stone-42", "riverstone42". Words that speak of passwords are part of a name. */
function isJoined(value: string): boolean {
  return (
    /^(?:[a-z]{3,12}(?:[-_.][a-z]{3,12}){1,5}[-_.]?|[a-z]{8,24})\d{2,4}$/i.test(value) &&
    !/pass|pwd|secret|token|key|auth|user|test|field|version|hash|sha/i.test(value)
  );
}

/** Letters beyond ASCII beside what no word has: a number, a sign, capitals inside, a second script. */
function isForeign(value: string): boolean {
  if (!/\P{ASCII}/u.test(value) || !/\p{L}{2}/u.test(value)) return false;
  if (/^[^-_.]+(?:[-_.][^-_.]+){2,}$/.test(value) && /\p{Ll}/u.test(value) && /[A-Z]/.test(value)) return true;
  const mixed = /[a-z]/i.test(value) && /(?!\p{Script=Latin})\p{L}/u.test(value);
  return /[\d!@#$%^&*+=?~§]|\p{Ll}\p{Lu}|[\p{Ll}-]\p{Lu}{2}/u.test(value) || mixed;
}

const prose =
  /pass|pwd|passwort|kennwort|contrase|senha|secret|token|key|code|login|user|char|zeichen|caract|letter|digit|number|zahl|symbol|minut|hour|day|second|stunde|tage|required|must|least|most|between|length|minimum|maximum|mindestens|error|invalid|field|please|bitte/i;
const small = new Set(
  'a an the is are was be been not no or and of to in on at for with from by as if it its this that your you we our can will has have use used using see set new old only may should than then when der die das ein eine und oder nicht ist mit von zu im le la les un une et ou de du des pour par el los las y o en con por para e do da um uma'.split(
    ' ',
  ),
);

/** "abcd efgh ijkl mnop", word lists of wallets, and words with a number among them that make no sentence. */
function isPhrase(value: string, grade: Grade, form: Form): boolean {
  if (grade === 'perhaps' || grade === 'random') return false;
  if (/^[a-z]{4}(?: [a-z]{4}){3}$/.test(value) && noise(value) > 0.4) return true;
  const words = value.split(' ');
  if (grade !== 'password' && /^[a-z]{3,8}(?: [a-z]{3,8}){11,23}$/.test(value)) return words.length % 3 === 0 && new Set(words).size > 4;
  if (grade === 'secret' || form === 'word' || words.length < 3 || words.length > 10 || value.length < 16 || prose.test(value))
    return false;
  if (words.some((word) => !/^[\p{L}\d!@#$%&*?-]{2,20}$/u.test(word) || small.has(word.toLowerCase()))) return false;
  return (
    words.some((word) => /\d{2}/.test(word)) || (form === 'literal' && words.length > 4 && words.every((word) => /^[a-z]{3,9}$/.test(word)))
  );
}

/** True for one word or several joined ones, as people write them. */
export function isWord(value: string): boolean {
  return /^[a-z]+(?:[-_. ][a-z]+){0,5}$/i.test(value) && noise(value) < 0.6;
}
