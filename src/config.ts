import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** The only reader of process.env. `Environment` is a copy, so that what a caller decides cannot change under way. */
export type Environment = Readonly<Record<string, string>>;

export function readEnvironment(): Environment {
  const copy: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) copy[name] = value;
  return { ...copy, ...taken };
}

const secretName =
  /(?:^|_)(?:KEY|APIKEY|TOKEN|SECRETS?|PASS|PASSWD|PASSWORD|PASSPHRASE|PWD|CREDENTIALS?|AUTH|DSN|COOKIE|WEBHOOK|PAT|BEARER|SIGNATURE)(?:_|$)|(?:KEY|TOKEN|SECRET|PASSWORD)$/i;
const notSecret = /^(?:PWD|OLDPWD|SSH_AUTH_SOCK|XAUTHORITY|GPG_AGENT_INFO|COLORTERM)$/i;

/** True for the name of an environment variable whose value is a secret. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !notSecret.test(name);
}

/** Secrets that are no longer in process.env. */
let taken: Environment = {};

/**
 * Takes the secrets out of our environment, and out of the copy of it that the system shows to every process of the same user: tests that
 * we start look at their ancestors. Costs a millisecond, and nothing where no secret is set. False where that copy still holds one.
 */
export function takeSecrets(): boolean {
  const secrets = Object.entries(readEnvironment()).filter(([name, value]) => isSecretName(name) && value.length >= 6);
  if (secrets.length === 0) return true;
  taken = Object.fromEntries(secrets);
  for (const [name] of secrets) delete process.env[name];
  return process.platform === 'linux' && overwrite(secrets.map(([name, value]) => Buffer.from(`${name}=${value}\0`)));
}

/** Where the block of the environment starts among the fields of /proc/self/stat that follow the name. */
const startField = 47;

/** Linux lets a process write its own memory: the block that it was started with keeps its form, the values become dashes. */
function overwrite(entries: readonly Buffer[]): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'latin1');
    const start = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[startField]);
    const block = readFileSync('/proc/self/environ');
    const memory = openSync('/proc/self/mem', 'r+');
    try {
      for (const entry of entries) {
        for (let at = block.indexOf(entry); at >= 0; at = block.indexOf(entry, at + 1)) {
          const from = at + entry.indexOf('=') + 1;
          const length = at + entry.length - 1 - from;
          writeSync(memory, Buffer.alloc(length, '-'), 0, length, start + from);
        }
      }
    } finally {
      closeSync(memory);
    }
    const left = readFileSync('/proc/self/environ');
    return !entries.some((entry) => left.includes(entry));
  } catch {
    return false;
  }
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
