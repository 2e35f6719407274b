type Rule = { readonly pattern: RegExp; readonly reason: string };

const folders: readonly Rule[] = [
  { pattern: /^\.git$/, reason: 'git internals' },
  { pattern: /^\.(?:ssh|aws|gnupg|kube|docker|azure)$/, reason: 'credentials of a tool' },
];

const files: readonly Rule[] = [
  { pattern: /^\.env\.(?:example|sample|template|dist|schema)$/, reason: '' },
  { pattern: /^\.env(?:\..*)?$|\.env$|^\.envrc$/, reason: 'environment file' },
  { pattern: /\.(?:pem|key|p12|pfx|jks|keystore|ppk|asc|gpg|kdbx|ovpn)$/, reason: 'key material' },
  { pattern: /^id_(?:rsa|dsa|ecdsa|ed25519)/, reason: 'key material' },
  {
    pattern: /^(?:\.npmrc|\.yarnrc|\.yarnrc\.yml|\.pypirc|\.netrc|_netrc|\.pgpass|\.git-credentials|\.htpasswd|\.dockercfg)$/,
    reason: 'credentials of a tool',
  },
  { pattern: /\.tfstate|\.tfvars/, reason: 'terraform state' },
  { pattern: /^kubeconfig/, reason: 'credentials of a tool' },
  { pattern: /^(?:credentials\..*|secrets?\.(?:json|ya?ml|toml|ini))$/, reason: 'credentials' },
];

/** Why the content of a repo-relative POSIX path never enters a context, or undefined. */
export function deniedPath(path: string): string | undefined {
  const parts = path.toLowerCase().split('/');
  const name = parts.pop() ?? '';
  for (const part of parts) for (const rule of folders) if (rule.pattern.test(part)) return rule.reason;
  for (const rule of [...files, ...folders]) if (rule.pattern.test(name)) return rule.reason || undefined;
  return undefined;
}
