type Rule = { readonly pattern: RegExp; readonly reason: string };

/** Folders whose content is never read, by the name of any part of a path. */
const folders: readonly Rule[] = [
  { pattern: /^(?:\.git|git~\d)$/, reason: 'git internals' },
  { pattern: /^\.(?:ssh|aws|gnupg|kube|docker|azure|password-store|vault)$/, reason: 'credentials of a tool' },
  { pattern: /^\.(?:mozilla|thunderbird)$/, reason: 'browser profile' },
];

/** Folders by two parts of a path. */
const nested = /(?:^|\/)\.config\/(?:gh|gcloud|rclone|op|hub|glab-cli|doctl|chromium|google-chrome)(?:\/|$)/;

/** Files that look like a denied one and hold no secrets. They are still redacted. */
const allowed: readonly Rule[] = [
  { pattern: /^(?:.*\.)?env\.(?:example|sample|template|dist|schema|defaults?)$/, reason: 'a template without values' },
  { pattern: /\.pub$/, reason: 'a public key' },
];

const files: readonly Rule[] = [
  {
    pattern:
      /^\.env(?:[._-].*)?$|\.env$|^\.envrc$|^env\.local$|^\.dev\.vars(?:\..*)?$|\.env\.(?:local|production|development|test|staging)$/,
    reason: 'environment file',
  },
  {
    pattern: /\.(?:pem|key|p12|pfx|jks|bks|keystore|ppk|asc|gpg|kdbx?|ovpn|p8|pkcs12|mobileprovision|keychain(?:-db)?|agekey)$/,
    reason: 'key material',
  },
  { pattern: /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?(?:[._-].*)?$|^ssh_host_.*_key$/, reason: 'key material' },
  {
    pattern:
      /^(?:\.npmrc|\.yarnrc|\.yarnrc\.yml|\.pypirc|\.netrc|_netrc|\.pgpass|\.git-credentials|\.htpasswd|\.dockercfg|\.dockerconfigjson|\.my\.cnf|\.mylogin\.cnf|\.s3cfg|\.boto|\.vault-token|\.terraformrc|terraform\.rc|\.gem_credentials|\.cargo_credentials|\.msmtprc|\.esmtprc|\.fetchmailrc|\.ngrok|\.rclone\.conf|rclone\.conf|\.databrickscfg|\.snowsql|\.sentryclirc|\.tokens?|\.passwd|passwd|shadow|auth\.json)$/,
    reason: 'credentials of a tool',
  },
  { pattern: /\.tfstate(?:\..*)?$|\.tfvars(?:\.json)?$/, reason: 'terraform state or variables' },
  { pattern: /^kubeconfig.*|\.kubeconfig$/, reason: 'credentials of a tool' },
  {
    pattern:
      /^(?:credentials|secrets?)(?:[._-][\w.-]*)?\.(?:json|jsonc|ya?ml|toml|ini|cfg|conf|csv|txt|xml|properties|enc|db|env|plist)$|^(?:credentials|secrets?)(?:\.enc)?$|^credentials\.yml\.enc$|^master\.key$/,
    reason: 'credentials',
  },
  {
    pattern: /service[-_]?account.*\.json$|^client_secret.*\.json$|^gha-creds-.*\.json$|^application_default_credentials\.json$/,
    reason: 'credentials',
  },
  { pattern: /^wg[\w-]*\.conf$/, reason: 'key material' },
  { pattern: /^(?:.*[._-])?cookies?(?:[._-]?jar)?\.(?:txt|json|sqlite|db)$|\.cookies$|^cookie-?jar$|^\.cookies?$/, reason: 'cookie jar' },
  { pattern: /\.(?:sqlite3?|db3?|sql\.(?:gz|bz2|xz|zst)|dump|rdb|mdb|bak\.sql)$/, reason: 'database' },
  {
    pattern: /^\.(?:bash|zsh|sh|python|node_repl|psql|mysql|rediscli|sqlite|irb|lesshs)_?history$|^\.lesshst$|^\.viminfo$/,
    reason: 'shell history',
  },
  { pattern: /^core(?:\.\d+)?$|\.(?:core|heapsnapshot|dmp|hprof)$|^heapdump\./, reason: 'memory dump' },
  { pattern: /^(?:login data|key[34]\.db|logins\.json|web data)$/, reason: 'browser profile' },
  { pattern: /\.har$/, reason: 'recorded traffic' },
];

/** Asked of every file of a repository, so most are let through at once: names that are spelt as they are read and that no rule means, ... */
const usualName = /^[\w-][\w.-]*[\w-]$|^[\w-]$/;
const anyFile = new RegExp(files.map(({ pattern }) => `(?:${pattern.source})`).join('|'));
/** ... in folders spelt as they are read and that no rule could mean: those begin with a dot, or hold a tilde. */
const usualFolder = /^(?:[\w-]+(?:\.[\w-]+)*\/)*$/;
const mostFolders = 50_000;
const usualFolders = new Map<string, boolean>();

function isUsualFolder(folder: string): boolean {
  const known = usualFolders.get(folder);
  if (known !== undefined) return known;
  const usual = usualFolder.test(folder);
  if (usualFolders.size > mostFolders) usualFolders.clear();
  usualFolders.set(folder, usual);
  return usual;
}

/** Files beside .gitignore that say what no tool may read, and whose they are. */
export const ignoreFiles = ['.glmignore', '.cursorignore', '.aiexclude', '.geminiignore', '.aiignore'] as const;

/** Why the content of a repo-relative POSIX path never enters a context, or undefined. Spelling tricks of file systems do not help. */
export function deniedPath(path: string): string | undefined {
  const nameAt = path.lastIndexOf('/') + 1;
  const usual = path.slice(nameAt);
  if (usualName.test(usual) && !anyFile.test(usual.toLowerCase()) && isUsualFolder(path.slice(0, nameAt))) return undefined;
  const plain = plainPath(path);
  const name = plain.slice(plain.lastIndexOf('/') + 1);
  const parts = plain.split('/');
  for (const part of parts) for (const rule of folders) if (rule.pattern.test(part)) return rule.reason;
  if (nested.test(plain)) return 'credentials of a tool';
  if (allowed.some(({ pattern }) => pattern.test(name))) return undefined;
  return files.find(({ pattern }) => pattern.test(name))?.reason;
}

/** A path as a forgiving file system reads it: no case, no invisible characters, no trailing dots and blanks, no alternate streams. */
export function plainPath(path: string): string {
  return path
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => part.replace(/(?<=.):.*$/, '').replace(/(?<=[^.\s])[.\s]+$/, ''))
    .join('/')
    .toLowerCase();
}
