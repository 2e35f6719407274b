import { commandForms } from './commands.ts';
import { noise } from './randomness.ts';
import { serviceForms } from './service-forms.ts';
import type { Form, Span } from './span.ts';
import { urlDummies, urlSpans } from './urls.ts';
import { isPlaceholder, isReference } from './value.ts';

const forms: readonly Form[] = [
  {
    kind: 'PASSWORD',
    needs: ['auth', 'credential'],
    form: /\b(?:\w{0,20}BasicAuth|basic_auth|Credentials\.basic|NetworkCredential|\w{0,20}PasswordCredentials?|Basic\w{0,10}Credentials|HTTP(?:Digest|Proxy)Auth|OAuth\d?Handler|auth[ \t]*=[ \t]*)(?:\([ \t]*|[ \t]+)["'][^"'\n]{0,80}["'],[ \t]*(?:Some\()?(?:"((?:[^"\\\n]|\\.){4,200})"|'((?:[^'\\\n]|\\.){4,200})')/dgi,
  },
  {
    kind: 'PASSWORD',
    needs: ['connect(', 'mysqli', 'pdo('],
    form: /\b(?:mysqli?_p?connect|new[ \t]+(?:mysqli|PDO))\([ \t]*(?:["'][^"'\n]{0,200}["']|\$[\w>[\]'-]{1,80}),[ \t]*["'][^"'\n]{0,80}["'],[ \t]*["']([^"'\n]{4,200})["']/dgi,
  },
  {
    kind: 'PASSWORD',
    needs: ['login(', 'signin(', 'authenticate('],
    form: /\b(?:log_?in|sign_?in|authenticate)\([ \t]*(?:["'][^"'\n]{0,80}["']|[\w.]{1,40}),[ \t]*["']([^"'\n]{8,200})["']/dgi,
    chance: 0.3,
  },
  {
    kind: 'AUTHORIZATION',
    needs: ['bearer_auth(', 'bearerauth(', 'bearertoken('],
    form: /\b(?:with_?|set_?)?bearer_?(?:auth|token)\([ \t]*["']([^"'\s]{8,4096})["']/dgi,
  },
  { kind: 'PASSWORD', needs: ['random_'], form: /"random_(?:password|string)"[^<>]{0,600}?"result"\s{0,4}:\s{0,4}"([^"\n]{4,200})"/dg },
  { kind: 'PASSWORD', needs: ['password'], form: /\bSET[ \t]+PASSWORD[^\n=;]{0,80}=[ \t]*(?:PASSWORD\()?'([^'\n]{4,200})'/dgi },
  {
    kind: 'PASSWORD',
    needs: ['bundle_'],
    form: /\bBUNDLE_[A-Z0-9_]{3,60}["']?[ \t]*[:=][ \t]*["']?([\w.@-]{1,80}:[\w.-]{4,80})/dg,
    chance: 0.3,
  },
  {
    kind: 'PRIVATE_KEY',
    needs: ['<d>', '<p>', '<q>', '<dp>', '<dq>', '<inverseq>'],
    form: /<(?:D|P|Q|DP|DQ|InverseQ)>\s{0,80}([A-Za-z0-9+/=]{40,2048})\s{0,80}</dg,
    chance: 0.5,
  },
  {
    kind: 'PRIVATE_KEY',
    needs: ['"d"', '"p"', '"q"', '"dp"', '"dq"', '"qi"', '"k"'],
    form: /"(?:d|p|q|dp|dq|qi|k)"[ \t]{0,8}:\s{0,8}"([\w-]{32,2048})"/dg,
    chance: 0.8,
  },
  { kind: 'AUTHORIZATION', needs: ['bearer'], form: /\b(?:Bearer|bearer|BEARER)(?:[ \t]+|%20)([\w.~+/=-]{12,4096})/dg, chance: 0.3 },
  { kind: 'AUTHORIZATION', needs: ['token='], form: /\b[Tt]oken[ \t]+token=["'\\]{0,2}([\w.~+/=-]{12,512})/dg, chance: 0.3 },
  {
    kind: 'AUTHORIZATION',
    needs: ['authorization'],
    form: /\bauthorization["'\]]{0,2}[ \t]*[:=,][ \t]*["'`]?(?!Basic\b)(?:[A-Za-z]{3,10}[ \t]+)?([\w.~+/=:-]{16,4096})/dgi,
    chance: 0.5,
  },
  {
    kind: 'QUERY',
    needs: ['key=', 'appid=', 'sig=', 'signature=', 'code=', 'auth=', 'hash='],
    form: /[?&;](?:amp;)?(?:key|appid|sig|signature|code|auth|hash|x-amz-signature|x-goog-signature)=([\w%.~+/=-]{16,512})/dgi,
    chance: 0.8,
  },
  {
    kind: 'CONNECTION',
    needs: ['password', 'pwd', 'accountkey', 'sharedaccess', 'sharedsecret'],
    form: /\b(?:password|pwd|accountkey|sharedaccesskey|sharedsecret|sharedaccesssignature)[ \t]*=[ \t]*([^;"'\s&<>,(){}[\]]{4,256})(?=[;"'&\s<]|$)/dgi,
    least: 6,
  },
  { kind: 'CONNECTION', needs: ['jdbc:oracle'], form: /\bjdbc:oracle:\w{1,10}:[^/\s"'@]{1,60}\/([^@\s"']{3,100})@/dg },
  { kind: 'CONNECTION', needs: ['@tcp(', '@unix('], form: /["'`][\w.-]{1,60}:([^\s:"'`]{3,100})@(?:tcp|unix)\(/dg },
  {
    kind: 'CONNECTION',
    needs: ['getconnection('],
    form: /getConnection\([^()\n]{1,200},[ \t]*"[^"\n]{0,100}",[ \t]*"((?:[^"\\\n]|\\.){4,200})"\)/dg,
  },
  {
    kind: 'PASSWORD',
    needs: ['identified'],
    form: /\bIDENTIFIED[ \t]+(?:WITH[ \t]+["'`]?\w{1,40}["'`]?[ \t]+)?(?:BY|AS)[ \t]+'([^'\n]{4,200})'/dgi,
  },
  {
    kind: 'VALUE',
    needs: ['where'],
    form: /\bSET[ \t]+[\w"`]{1,40}[ \t]*=[ \t]*'([^'\n]{8,400})'[ \t]+WHERE[ \t]+[\w"`]{1,40}[ \t]*=[ \t]*'[\w.-]{0,60}(?:password|passwd|secret|token|key)'/dgi,
  },
  { kind: 'PASSWORD', needs: ['password'], form: /\bPASSWORD[ \t]+'([^'\n]{4,200})'/dgi },
  { kind: 'PASSWORD', needs: ['machine'], form: /\bmachine\s+\S{1,200}\s+login\s+\S{1,200}\s+password\s+(\S{3,400})/dg },
  {
    kind: 'VALUE',
    needs: ['jwt.'],
    form: /\bjwt\.(?:sign|verify|encode|decode)\([^()\n]{1,200}?,[ \t]*["'`]([^"'`\n]{8,400})["'`]/dg,
    chance: -0.3,
  },
  {
    kind: 'VALUE',
    needs: ['mnemonic', 'phrase'],
    form: /\b(?:mnemonic|seed[ _-]?phrase|recovery[ _-]?phrase)["']?[ \t]*[:=][ \t]*["'`]?([a-z]{3,8}(?:[ \t]+[a-z]{3,8}){11,23})/dgi,
    chance: -9,
  },
  {
    kind: 'VALUE',
    needs: ['validationkey', 'decryptionkey'],
    form: /\b(?:validationKey|decryptionKey)[ \t]*=[ \t]*["']([0-9A-Fa-f]{32,256})/dg,
  },
  { kind: 'COOKIE', needs: ['cookie'], list: true, form: /(?:^|["'\s])(?:set-)?cookie["']?[ \t]*[:=,][ \t]*["']?([^"'\n]{8,4096})/dgi },
];
const cookie = /([\w.-]{1,80})=([^;\s,]{16,2048})/dg;
const cookieName = /sess|sid|auth|token|jwt|remember|login|identity|xs\b|csrf|_id$/i;

const all = [...forms, ...commandForms, ...serviceForms];
const parts = [...new Set(all.flatMap(({ needs }) => needs))].sort((a, b) => b.length - a.length);
/** What is found where the longest part is: the parts that it holds. */
const within = new Map(parts.map((part) => [part, parts.filter((other) => part.includes(other))]));
const anyPart = new RegExp(parts.map((part) => part.replace(/[()?+.]/g, '\\$&')).join('|'), 'g');

/** The parts that forms need and the text holds, in one walk. At each place the longest is found, and after it those that begin inside. */
function heldParts(lower: string): ReadonlySet<string> {
  const held = new Set<string>();
  anyPart.lastIndex = 0;
  for (let match = anyPart.exec(lower); match; match = anyPart.exec(lower)) {
    if (!held.has(match[0])) for (const part of within.get(match[0]) ?? []) held.add(part);
    anyPart.lastIndex = match.index + 1;
  }
  return held;
}

/** Secrets known by the form around them, whatever they look like themselves. */
export function structureSpans(text: string): Span[] {
  const spans: Span[] = [];
  const held = heldParts(text.toLowerCase());
  for (const { kind, form, needs, least = 3, chance, list } of all) {
    if (!needs.some((part) => held.has(part))) continue;
    for (const match of text.matchAll(form)) {
      const [, a, b, c] = match.indices ?? [];
      const at = a ?? b ?? c;
      if (!at) continue;
      if (list) {
        for (const span of cookieSpans(text, at)) spans.push(span);
        continue;
      }
      const value = text.slice(at[0], at[1]);
      if (value.length < least || isPlaceholder(value) || isReference(value)) continue;
      if (chance === undefined ? isWord(value) : noise(value) <= chance) continue;
      spans.push({ start: at[0], end: at[1], kind });
    }
  }
  return [...spans, ...basicSpans(text), ...urlSpans(text)];
}

/** A plain word or a member access is code or prose, not a password. */
function isWord(value: string): boolean {
  return /^[A-Za-z_]+(?:[.-][A-Za-z_]+)*$/.test(value) && noise(value) < 0.2;
}

function cookieSpans(text: string, [from, to]: readonly [number, number]): Span[] {
  return [...text.slice(from, to).matchAll(cookie)].flatMap((match) => {
    const at = match.indices?.[2];
    const value = match[2] ?? '';
    if (!at || !cookieName.test(match[1] ?? '') || noise(value) < 0.5 || isPlaceholder(value)) return [];
    return [{ start: from + at[0], end: from + at[1], kind: 'COOKIE' }];
  });
}

/** `Basic …` and `"auth": "…"` whose base64 holds `user:password`. */
function basicSpans(text: string): Span[] {
  return [...text.matchAll(/\b(?:Basic(?:[ \t]+|%20)|_?auth["']?[ \t]*[:=][ \t]*["']?)([A-Za-z0-9+/_-]{8,2048}={0,2})/dgi)].flatMap(
    (match) => {
      const at = match.indices?.[1];
      const value = match[1] ?? '';
      if (!at || noise(value) < 0.2) return [];
      const decoded = Buffer.from(value, 'base64').toString('latin1');
      const pair = /^[\x20-\x7e]{1,200}?:([\x20-\x7e]{1,400})$/.exec(decoded);
      if (pair ? urlDummies.test(pair[1] ?? '') || isPlaceholder(pair[1] ?? '') : value.length < 24 || noise(value) < 0.8) return [];
      return [{ start: at[0], end: at[1], kind: 'AUTHORIZATION' }];
    },
  );
}
