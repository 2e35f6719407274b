import type { Environment } from '../../config.ts';
import { GlmError } from '../../errors.ts';
import type { Forge, Place } from './types.ts';

/** Host and path of a remote, in the forms that git takes. */
export function readRemote(remote: string): { readonly host: string; readonly path: string } | undefined {
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(remote);
  const url = short || !URL.canParse(remote) ? undefined : new URL(remote);
  const host = (url ? (/^https?:$/.test(url.protocol) ? url.host : url.hostname) : short?.[1])?.toLowerCase();
  const path = (url?.pathname ?? short?.[2] ?? '').replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  return host && path.includes('/') ? { host, path } : undefined;
}

/** Which forge keeps a repository, by its host. Throws `bad_input` for one that is not known, `auth` where no token is set. */
export async function forgeOf(remote: string, env: Environment): Promise<{ readonly forge: Forge; readonly place: Place }> {
  const found = readRemote(remote);
  const hostOf = (url: string | undefined) => (url && URL.canParse(url) ? new URL(url).host.toLowerCase() : undefined);
  const need = (names: readonly string[]) => {
    const token = names.map((name) => env[name]).find(Boolean);
    if (token) return token;
    throw new GlmError('auth', `No token is set for ${found?.host}.`, { hint: `Set ${names.join(' or ')} where the worker runs.` });
  };
  const github = env.GITHUB_SERVER_URL ?? 'https://github.com';
  if (found && (found.host === 'github.com' || found.host === hostOf(github))) {
    const own = found.host !== 'github.com';
    const api = own ? (env.GITHUB_API_URL ?? `${github.replace(/\/+$/, '')}/api/v3`) : 'https://api.github.com';
    const { github: forge } = await import('./github.ts');
    return { forge, place: { api, project: found.path, token: need(['GITHUB_TOKEN', 'GH_TOKEN']) } };
  }
  const gitlab = env.CI_SERVER_URL ?? env.GITLAB_URL;
  if (found && (found.host === 'gitlab.com' || found.host === hostOf(gitlab))) {
    const api = found.host === 'gitlab.com' ? 'https://gitlab.com' : (gitlab ?? '').replace(/\/+$/, '');
    const { gitlab: forge } = await import('./gitlab.ts');
    return { forge, place: { api, project: found.path, token: need(['GITLAB_TOKEN']) } };
  }
  throw new GlmError('bad_input', `${found?.host ?? remote} is neither GitHub nor GitLab, as far as is known.`, {
    hint: 'For one of your own set GITHUB_SERVER_URL or GITLAB_URL.',
  });
}
