import type { Environment } from '../config.ts';
import { GlmError } from '../errors.ts';
import type { Prices } from '../schema/model.ts';
import { readPrice } from './money/caps.ts';
import type { Surface } from './wire/surface.ts';

/** How requests are sent. Money in USD. */
export type Settings = {
  readonly profile: string | undefined;
  readonly surface: Surface['name'];
  /** Silence after which a reply counts as cut. Comments and keep-alives are silence too. */
  readonly idleMs: number;
  /** One request with all its waits. */
  readonly deadlineMs: number;
  /** Requests at a time per key, over all processes of the user. */
  readonly concurrency: number;
  readonly dailyCapUsd: number | undefined;
  /** A price that outranks every table. */
  readonly price: Prices | undefined;
};

/** Settings from the environment, each with its default. Throws `config_invalid` naming the variable. */
export function readGatewaySettings(env: Environment): Settings {
  const surface = env.GLM_SKILL_SURFACE || 'chat';
  if (surface !== 'chat' && surface !== 'responses' && surface !== 'messages') {
    throw invalid('GLM_SKILL_SURFACE', surface, 'chat, responses or messages');
  }
  return {
    profile: env.GLM_SKILL_PROFILE || undefined,
    surface,
    // A model may think for minutes before its first word.
    idleMs: (number(env, 'GLM_SKILL_IDLE_SECONDS') ?? 600) * 1000,
    deadlineMs: (number(env, 'GLM_SKILL_DEADLINE_SECONDS') ?? 1800) * 1000,
    concurrency: Math.max(1, Math.round(number(env, 'GLM_SKILL_CONCURRENCY') ?? 2)),
    dailyCapUsd: number(env, 'GLM_SKILL_DAILY_CAP'),
    price: env.GLM_SKILL_PRICE ? readPrice(env.GLM_SKILL_PRICE) : undefined,
  };
}

function number(env: Environment, name: string): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0 || value > 86_400) throw invalid(name, text, 'a number that is not negative');
  return value;
}

function invalid(name: string, value: string, wanted: string): GlmError {
  return new GlmError('config_invalid', `${name} is "${value}".`, { hint: `Set it to ${wanted}.` });
}
