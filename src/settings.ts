import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import type { Environment, Folders } from './config.ts';
import { GlmError } from './errors.ts';
import { defaults } from './schema/input.ts';
import { UserSettings, WorkspaceSettings } from './schema/settings.ts';

export const workspaceFile = 'glm-skill.config.json';

/** One setting that holds, and who set it. */
export type Setting = { readonly name: string; readonly value: unknown; readonly from: string };

/** Every setting that is set, flags aside: environment over workspace file over user file over default. Throws `config_invalid`. */
export function readSettings(root: string | undefined, env: Environment, folders: Folders): ReadonlyMap<string, Setting> {
  const layers = [
    layer('default', {
      variant: defaults.variant,
      budget: defaults.budgetTokens,
      attempts: defaults.attempts,
      timeout: defaults.timeoutSeconds,
    }),
    fileLayer(userFile(folders), UserSettings),
    ...(root === undefined ? [] : [fileLayer(join(root, workspaceFile), WorkspaceSettings)]),
    environmentLayer(env),
  ];
  return new Map(layers.flat().map((setting) => [setting.name, setting]));
}

/** Patterns of files that are never read into a context. Throws `config_invalid`. */
export function ignoredPatterns(root: string, env: Environment, folders: Folders): readonly string[] {
  const value = readSettings(root, env, folders).get('ignore')?.value;
  return Array.isArray(value) ? value.map(String) : [];
}

export function userFile(folders: Folders): string {
  return join(folders.config, 'config.json');
}

/** The environment with what the user's file sets for the gateway, where no variable says otherwise. */
export function gatewayEnvironment(env: Environment, folders: Folders): Environment {
  const filled: Record<string, string> = { ...env };
  for (const { name, value } of fileLayer(userFile(folders), UserSettings)) {
    const variable = variableOf(name);
    if (env[variable] === undefined) filled[variable] = String(value);
  }
  return filled;
}

/** The variable that sets the same as a name in the user's file. */
export function variableOf(name: string): string {
  return name === 'base_url' ? 'RUNAPI_BASE_URL' : `GLM_SKILL_${name.toUpperCase()}`;
}

function layer(from: string, values: object): Setting[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined || name === '$schema' ? [] : [{ name, value, from }]));
}

function fileLayer(path: string, schema: z.ZodObject): Setting[] {
  const text = readOptional(path);
  if (text === undefined) return [];
  const errors: ParseError[] = [];
  const parsed: unknown = parse(text.replace(/^\uFEFF/, ''), errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (broken) {
    const before = text.slice(0, broken.offset).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new GlmError('config_invalid', `${path} is not JSON: ${printParseErrorCode(broken.error)} at ${place}.`, {
      hint: 'Mend it or remove it.',
    });
  }
  const checked = schema.safeParse(parsed);
  if (checked.success) return layer(path, checked.data);
  throw new GlmError('config_invalid', `${path}: ${explain(checked.error)}.`, {
    hint: `It may set: ${Object.keys(schema.shape).join(', ')}.`,
  });
}

function explain(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code === 'unrecognized_keys') return `${issue.keys.map((key) => `"${key}"`).join(', ')} may not be set here`;
  return `${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message ?? 'not of the right form'}`;
}

function environmentLayer(env: Environment): Setting[] {
  return Object.entries(UserSettings.shape).flatMap(([name, field]) => {
    const variable = variableOf(name);
    const text = env[variable];
    if (text === undefined || text === '' || name === 'ignore') return [];
    const number = Number(text);
    const checked = [text, ...(Number.isNaN(number) ? [] : [number]), ...(/^(?:true|false)$/.test(text) ? [text === 'true'] : [])]
      .map((value) => field.safeParse(value))
      .find((one) => one.success);
    if (!checked)
      throw new GlmError('config_invalid', `${variable} is "${text}".`, {
        hint: `It sets ${name}: ${'description' in field ? field.description : ''}`,
      });
    return [{ name, value: checked.data, from: `environment variable ${variable}` }];
  });
}

function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
    throw new GlmError('config_invalid', `${path} cannot be read.`, { cause: error });
  }
}
