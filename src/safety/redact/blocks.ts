import type { Span } from './span.ts';
import { isPlaceholder, isReference, isSecret } from './value.ts';

const longestBlock = 40_000;

/** Secrets that stand on lines of their own: key blocks, sealed text, PuTTY files, Kubernetes secrets, password files. */
export function blockSpans(text: string, path = ''): Span[] {
  return [
    ...pemSpans(text),
    ...derSpans(text),
    ...sealedSpans(text),
    ...puttySpans(text),
    ...kubernetesSpans(text),
    ...passwordFileSpans(text, path),
  ];
}

/** Every PEM block whose label says private, with its first and last line: escaped, indented, quoted or cut off. */
function pemSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const match of text.matchAll(
    /(?:-{4,5}[- ]?)BEGIN (?:[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?|OpenVPN Static key V1)(?:[- ]?-{4,5})/g,
  )) {
    if (match.index < (spans.at(-1)?.end ?? 0)) continue;
    const from = match.index + match[0].length;
    const mark = text.indexOf('----', from);
    const limit = mark >= 0 && mark - from < longestBlock ? mark : Math.min(text.length, from + longestBlock);
    const last = /^-{4,5}[- ]?END [A-Za-z0-9 ]{1,60}[- ]?-{4,5}/.exec(text.slice(mark, mark + 90))?.[0];
    const end = last && mark === limit ? mark + last.length : from + openEnd(text.slice(from, limit));
    spans.push(...blockParts(text, { start: match.index, end, kind: 'PRIVATE_KEY' }));
  }
  return spans;
}

/** The whole of a block, or where each line of it is a string of its own, what is in the strings. Words about a block are none. */
function blockParts(text: string, span: Span): Span[] {
  const block = text.slice(span.start, span.end);
  if (!/(?:^|[^\w+/=-])[\w+/=-]{16,}/.test(block.replace(/-{4,5}[- ]?(?:BEGIN|END)[A-Za-z0-9 ]+-{4,5}|\\+[nrt]/g, '\n'))) return [];
  if (!/["'`]/.test(block)) return [span];
  return [...block.matchAll(/[\w+/=:\\-](?:[\w+/=:\\ -]*[\w+/=:-])?/g)].flatMap(({ index, 0: run }) =>
    run.length < 3 ? [] : [{ ...span, start: span.start + index, end: span.start + index + run.length }],
  );
}

/** What private keys begin with in base64: RSA, PKCS #8, elliptic curves, Ed25519, OpenSSH. The lines below belong to it. */
const der =
  /(?<![\w+/])(?:MII[A-Za-z0-9+/]{3}IBA[AD]|MI[GH][A-Za-z0-9+/]AgEAMB|MH[cQ]CAQEE|MC4CAQAwBQYDK2V|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/]{16,}={0,2}(?:(?:\r?\n[ \t]{0,80}|\\n)(?:[A-Za-z0-9+/]{40,}|[A-Za-z0-9+/]{1,76}={0,2}(?![\w+/=:.-]))){0,400}/g;

/** Private keys whose first and last lines are left out. */
function derSpans(text: string): Span[] {
  return [...text.matchAll(der)].map((match) => ({ start: match.index, end: match.index + match[0].length, kind: 'PRIVATE_KEY' }));
}

/** The encrypted text of Ansible Vault and of Travis: whoever has the key, or takes it from the service, reads it. */
function sealedSpans(text: string): Span[] {
  const sealed = [
    ...text.matchAll(/(\$ANSIBLE_VAULT;\d[\d.;\w]{0,80}(?:(?:\r?\n[ \t]{0,80}|\\n)[0-9a-f]{20,120}(?![\w])){1,2000})/dg),
    ...text.matchAll(/\bsecure["']?[ \t]{0,8}:[ \t]{0,8}(?:[|>][-+]?\s{1,80})?["']?([A-Za-z0-9+/]{40,4096}={0,2})/dg),
  ];
  return sealed.flatMap(({ indices }) => (indices?.[1] ? [{ start: indices[1][0], end: indices[1][1], kind: 'SEALED' }] : []));
}

/** How far a block without an end goes: as long as the lines hold base64. */
function openEnd(rest: string): number {
  return (
    /^(?:[ \t"'`+,>|*#/-]{0,20}(?:\\+[nrt]|[A-Za-z0-9+/=]{16,}|[\w-]{1,20}: [^\n]{0,80})*[ \t"'`+,\\]{0,10}\r?\n?)*/.exec(rest)?.[0]
      .length ?? 0
  );
}

function puttySpans(text: string): Span[] {
  return [
    ...text.matchAll(
      /^[ \t]*(?:Private-Lines: \d{1,3}\r?\n((?:[A-Za-z0-9+/=]{1,80}(?:\r?\n|$)){1,200})|Private-(?:MAC|Hash): ([0-9a-f]{32,128}))/dgm,
    ),
  ].flatMap((match) => {
    const at = match.indices?.[1] ?? match.indices?.[2];
    return at ? [{ start: at[0], end: at[1], kind: 'PRIVATE_KEY' }] : [];
  });
}

/** Every value under `data` and `stringData` of a Kubernetes secret, in YAML and in JSON. */
function kubernetesSpans(text: string): Span[] {
  if (!/\bkind["']?[ \t]*:[ \t]*["']?Secret\b/.test(text)) return [];
  const spans: Span[] = [];
  const byIndent = new Map<string, RegExp>();
  for (const head of text.matchAll(/^([ \t]{0,80})(?:data|stringData):[ \t]*\r?\n/gm)) {
    const indent = head[1] ?? '';
    const known = byIndent.get(indent);
    const inner =
      known ??
      new RegExp(`${indent}[ \\t]+[\\w.-]+:[ \\t]*(?:[|>][-+]?[ \\t]*\\r?\\n[ \\t]+)?["']?([^\\s"'#][^"'\\n]*)?["']?[ \\t]*\\r?\\n?`, 'dy');
    byIndent.set(indent, inner);
    inner.lastIndex = head.index + head[0].length;
    for (let match = inner.exec(text); match?.[0]; match = inner.exec(text)) spans.push(...held(match[1], match.indices?.[1]));
  }
  for (const head of text.matchAll(/"(?:data|stringData)"\s*:\s*\{([^{}]{1,20000})\}/dg)) {
    const from = head.indices?.[1]?.[0] ?? 0;
    for (const match of (head[1] ?? '').matchAll(/"[\w.-]+"\s*:\s*"([^"\n\\]+)"/dg)) {
      spans.push(...held(match[1], match.indices?.[1]).map((span) => ({ ...span, start: span.start + from, end: span.end + from })));
    }
  }
  return spans;
}

function held(value: string | undefined, at: readonly [number, number] | undefined): Span[] {
  if (!value || !at || value.length < 4 || isPlaceholder(value.trim()) || isReference(value)) return [];
  return [{ start: at[0], end: at[1], kind: 'SECRET_DATA' }];
}

/** Lines of `.pgpass`, `.htpasswd` and `shadow` under any file name. */
function passwordFileSpans(text: string, path: string): Span[] {
  const hashes = [...text.matchAll(/^[\w.@-]{1,64}:(\$(?:apr1|1|2[aby]|5|6|7|y)\$[\w./$=,-]{20,200})/dgm), ...text.matchAll(hashed)];
  for (const [files, line] of passwordLists) if (files.test(path)) hashes.push(...text.matchAll(line));
  if (soleSecret.test(path)) hashes.push(...text.matchAll(/^\s{0,80}(\S{6,400})\s{0,80}$/dg));
  const plain = /\.[a-z]{2,5}$/i.test(path) && !/\.(?:txt|conf|log|md)$/i.test(path) ? [] : [...text.matchAll(pgpass)];
  const wanted = plain.filter((match) => !isPlaceholder(match[1] ?? '') && isSecret(match[1] ?? '', 'password'));
  return [...hashes, ...wanted].flatMap((match) => {
    const at = match.indices?.[1];
    return at ? [{ start: at[0], end: at[1], kind: 'PASSWORD' }] : [];
  });
}

/** Hashes of passwords in their own notation: whoever has one may find the password by trying. */
const hashed =
  /((?<![\w$])\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|(?:1|apr1|5|6)\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|y\$[./A-Za-z0-9]{1,12}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}|argon2(?:id|i|d)\$v=\d{1,3}\$[a-z]=\d{1,9}(?:,[a-z]=\d{1,9}){0,4}\$[A-Za-z0-9+/]{8,88}\$[A-Za-z0-9+/]{16,172}={0,2})|\bpbkdf2_sha\d{1,3}\$\d{1,8}\$[\w./+=-]{1,64}\$[A-Za-z0-9+/]{27,88}={0,2}|\{(?:S?SHA(?:256|384|512)?|S?MD5|PBKDF2-\w{3,8})\}[A-Za-z0-9+/$.]{20,200}={0,2}|\bscrypt:\d{1,8}:\d{1,3}:\d{1,3}\$\w{4,64}\$[0-9a-f]{64,256}|\bSCRAM-SHA-\d{1,3}\$\d{1,8}:[A-Za-z0-9+/]{8,88}={0,2}\$[A-Za-z0-9+/]{20,88}={0,2}:[A-Za-z0-9+/]{20,88}={0,2}|(?<=['"])\*[0-9A-F]{40}(?=['"])|(?<=['"])md5[0-9a-f]{32}(?=['"]))/dg;
/** Files that are one secret and nothing else. */
const soleSecret =
  /(?:^|\/)(?:\.erlang\.cookie|\.?vault[_-]pass(?:word)?(?:\.txt)?|(?:config\/)?master\.key|config\/credentials\/[\w-]+\.key)$/i;

/** Files of servers with one account a line, and where its password stands. */
const passwordLists: readonly (readonly [files: RegExp, line: RegExp])[] = [
  [/(?:^|\/)userlist\.txt$/i, /^"[^"\n]{1,80}"[ \t]+"([^"\n]{4,200})"/dgm],
  [/(?:^|\/)(?:ch|p)ap-secrets$/i, /^[^\s#]{1,80}[ \t]+\S{1,80}[ \t]+"?([^\s"]{4,200})/dgm],
  [/(?:^|\/)ntp\.keys$/i, /^[ \t]*\d{1,5}[ \t]+\w{1,20}[ \t]+(\S{4,200})/dgm],
];

const pgpass = /^[\w.*-]{1,200}:(?:\d{4,5}|\*):[\w.*-]{1,80}:[\w.*-]{1,80}:(\S{4,200})$/dgm;
