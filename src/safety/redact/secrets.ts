import { lstatSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, type Folders, isSecretName } from '../../config.ts';
import { deniedPath } from '../paths.ts';
import { shapeSpans } from './shapes.ts';
import { isSecret, isWord } from './value.ts';

const dull = new Set(['development', 'production', 'localhost', 'password', 'disabled', 'undefined', 'anonymous', 'postgres', 'changeme']);
const commonUsers = new Set(
  'root user users admin test tests node runner ubuntu debian vscode codespace builder build docker deploy developer jenkins guest default nobody www-data ec2-user vagrant home main mark page data code work host local public'.split(
    ' ',
  ),
);

const passwordInUrl = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:[^\s/@]{3,}@([^\s/:?#]+)/i;
const ownHost = /^(?:localhost|127(?:\.\d+){3}|\[::1\]|[\w-]+)$/i;

/** True for a value that is a secret whatever its name: a token by its shape, a URL with a password for another machine. */
export function isSecretValue(value: string): boolean {
  const host = passwordInUrl.exec(value)?.[1];
  return (host !== undefined && !ownHost.test(host)) || shapeSpans(value).length > 0;
}

/**
 * Values that are hidden wherever they stand: keys, values of secret-named variables of the environment and of the `.env` files at `root`, the
 * home path and the user's name.
 */
export function exactSecrets(env: Environment, keys: readonly string[], folders: Folders, root?: string): string[] {
  const values = new Set(keys.filter((key) => key.length >= 6 && !isWord(key)));
  for (const [name, value] of [...Object.entries(env), ...(root === undefined ? [] : fileVariables(root))]) {
    if (isSecretName(name) && value.length >= 8 && !dull.has(value.toLowerCase()) && !value.startsWith('/') && !isWord(value))
      values.add(value);
    const password = /:\/\/[^\s/:@]*:([^\s/@]{8,})@/.exec(value)?.[1];
    if (password && !dull.has(password.toLowerCase())) values.add(password);
  }
  for (const home of [folders.home, realPathOf(folders.home)]) if (home.length > 3) values.add(home);
  for (const user of [env.USER, env.LOGNAME, env.USERNAME]) {
    if (user && user.length >= 4 && !commonUsers.has(user.toLowerCase())) values.add(user);
  }
  return [...values];
}

/** Keys and secret variables that are words: to hide them everywhere would blank the word, and tell it to who knows the text. */
export function wordSecrets(env: Environment, keys: readonly string[]): string[] {
  const named = Object.entries(env).flatMap(([name, value]) => (isSecretName(name) && value.length >= 8 ? [value] : []));
  return [...new Set([...keys.filter((key) => key.length >= 4), ...named])].filter(
    (value) => isWord(value) && !dull.has(value.toLowerCase()),
  );
}

const longestFile = 64_000;

/** What the environment files of a folder set, as far as it may be secret: tests load them, and may print them under any name. */
function fileVariables(root: string): [string, string][] {
  const names = orElse(() => readdirSync(root), []);
  return names.flatMap((name) => {
    if (deniedPath(name) !== 'environment file') return [];
    const stat = lstatSync(join(root, name), { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > longestFile) return [];
    // What we may not read, the user's tests may not read either.
    const text = orElse(() => readFileSync(join(root, name), 'utf8'), '');
    const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*=[ \t]*(["']?)(.*?)\2[ \t\r]*$/gm);
    return [...lines].map(([, name = '', , value = '']): [string, string] => [isSecret(value, 'perhaps') ? 'SECRET' : name, value]);
  });
}

function realPathOf(path: string): string {
  return orElse(() => realpathSync(path), path);
}

function orElse<Value>(read: () => Value, instead: Value): Value {
  try {
    return read();
  } catch {
    return instead;
  }
}
