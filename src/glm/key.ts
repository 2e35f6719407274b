import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, Folders } from '../config.ts';
import { parseJson, textAt } from './json.ts';
import { findProfile, profiles, runapi } from './profiles.ts';

/** A key and where it came from, in words that never hold the value. */
export type Key = { readonly key: string; readonly source: string };

/** Where requests go: the flag, the named profile, `RUNAPI_BASE_URL`, RunAPI's own file, RunAPI. */
export function findBaseUrl(env: Environment, folders: Folders, flag?: string, profileName = env.GLM_SKILL_PROFILE || undefined): string {
  const named = profiles.find(({ name }) => name === profileName && name !== runapi.name)?.baseUrl;
  const file = readRunapiFile(folders);
  return flag || named || env.RUNAPI_BASE_URL?.trim() || textAt(file, 'baseUrl') || textAt(file, 'base_url') || runapi.baseUrl;
}

/**
 * The key for a place: variables of its profile first, then what `login` stored for the host, then RunAPI's own file. A key is only ever
 * given for a host that it was meant for. Empty where none is needed and none was found; undefined where one is missing.
 */
export function findKey(
  env: Environment,
  folders: Folders,
  baseUrl?: string,
  profileName = env.GLM_SKILL_PROFILE || undefined,
): Key | undefined {
  const target = findBaseUrl(env, folders, baseUrl, profileName);
  const profile = findProfile(target, profileName);
  const host = new URL(target).host;
  for (const name of [...profile.keyNames, ...borrowedNames(env, target, profile.name)]) {
    const key = cleanKey(env[name]);
    if (key) return { key, source: `the variable ${name}` };
  }
  const login = cleanKey(textAt(readJson(loginPath(folders)), host));
  if (login) return { key: login, source: `glm-skill login (${loginPath(folders)})` };
  const file = readRunapiFile(folders);
  const meant = hostOf(textAt(file, 'baseUrl') ?? textAt(file, 'base_url') ?? runapi.baseUrl);
  const own = cleanKey(textAt(file, 'api_key') ?? textAt(file, 'apiKey'));
  if (own && meant === host) return { key: own, source: `RunAPI's file ${runapiPath(folders)}` };
  return profile.keyNeeded ? undefined : { key: '', source: `no key: ${host} may need none` };
}

/** Variables that may serve this place only because the user paired them with it. */
function borrowedNames(env: Environment, target: string, profile: string): readonly string[] {
  const host = new URL(target).host;
  const names: string[] = [];
  if (profile === 'other' && hostOf(env.RUNAPI_BASE_URL) === host) names.push(...runapi.keyNames);
  if (profile === 'runapi' && hostOf(env.OPENAI_BASE_URL) === host) names.push('OPENAI_API_KEY');
  return names;
}

/** The value without blanks and quotes, or undefined for what only looks like a key: empty, `${X}`, `$X`, `<…>`, "your-key". */
export function cleanKey(value: string | undefined): string | undefined {
  const key = value
    ?.trim()
    .replace(/^(["'])(.*)\1$/, '$2')
    .trim();
  if (!key || /^[$<%{]/.test(key) || /^(your|my|the)?[-_ ]?(runapi|api)?[-_ ]?(api)?[-_ ]?(key|token)([-_ ]?here)?$/i.test(key))
    return undefined;
  if (/^(x+|\*+|\.+|none|null|undefined|changeme|todo|placeholder|sk-\.+|sk-x+)$/i.test(key)) return undefined;
  return /^[\x21-\x7e]+$/.test(key) ? key : undefined;
}

export function loginPath(folders: Folders): string {
  return join(folders.config, 'keys.json');
}

function runapiPath(folders: Folders): string {
  return join(folders.home, '.config', 'runapi', 'config.json');
}

function readRunapiFile(folders: Folders): unknown {
  return readJson(runapiPath(folders));
}

/** A missing or broken file is an empty one, as RunAPI's own tools have it. */
function readJson(path: string): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function hostOf(url: string | undefined): string | undefined {
  return url && URL.canParse(url) ? new URL(url).host : undefined;
}
