import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The only reader of process.env. `Environment` is a copy, so that what a caller decides cannot change under way. */
export type Environment = Readonly<Record<string, string>>;

export function readEnvironment(): Environment {
  const copy: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) copy[name] = value;
  return copy;
}

/** Where we keep things: `cache` may be lost at any time, `state` holds jobs, replies and the ledger, `config` the user's settings. */
export type Folders = {
  readonly home: string;
  readonly cache: string;
  readonly state: string;
  readonly config: string;
  readonly temp: string;
};

/** Folders by the XDG rules; `GLM_SKILL_HOME` puts all three below one folder. Nothing is created here. */
export function folders(env: Environment): Folders {
  const home = env.HOME || env.USERPROFILE || homedir();
  const own = env.GLM_SKILL_HOME;
  const place = (kind: string, xdg: string | undefined, ...fallback: string[]) =>
    own ? join(own, kind) : join(xdg || join(home, ...fallback), 'glm-skill');
  return {
    home,
    cache: place('cache', env.XDG_CACHE_HOME, '.cache'),
    state: place('state', env.XDG_STATE_HOME, '.local', 'state'),
    config: place('config', env.XDG_CONFIG_HOME, '.config'),
    temp: env.TMPDIR || tmpdir(),
  };
}
