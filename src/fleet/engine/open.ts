import type { Environment } from '../../config.ts';
import { GlmError, messageOf } from '../../errors.ts';
import { openFolderQueue, openFolderShelf } from '../../jobs/folders.ts';
import { mostAttempts } from '../../jobs/queue.ts';
import type { Opened } from './store.ts';

const packages = { redis: 'npm install bullmq@6 ioredis@5', postgres: 'npm install bullmq@6 pg@8' } as const;

/** The parts of a queue's URL. Throws `bad_input`; a password in it would be seen by every process of the user, tests too. */
export function readQueueUrl(url: string): { readonly kind: 'redis' | 'postgres' | 'folder'; readonly url: string } {
  if (url.startsWith('/') || url.startsWith('./') || url.startsWith('../')) return { kind: 'folder', url };
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const hint = 'redis://HOST:6379, rediss://, valkey://, postgres://USER@HOST/DATABASE, or a folder.';
  if (parsed?.password)
    throw new GlmError('bad_input', 'The URL of the queue holds a password.', {
      hint: 'Put it into the variable GLM_SKILL_QUEUE_PASSWORD.',
    });
  switch (parsed?.protocol) {
    case 'redis:':
    case 'rediss:':
      return { kind: 'redis', url };
    case 'valkey:':
      return { kind: 'redis', url: url.replace('valkey:', 'redis:') };
    case 'postgres:':
    case 'postgresql:':
      return { kind: 'postgres', url };
    case 'file:':
      return { kind: 'folder', url: parsed.pathname };
    default:
      throw new GlmError('bad_input', `${JSON.stringify(url.slice(0, 80))} is no queue.`, { hint });
  }
}

/** Opens a queue. Its packages are loaded now, and named where they are missing. Throws `unreachable` where the server does not answer. */
export async function openQueue(given: string, env: Environment): Promise<Opened> {
  const { kind, url } = readQueueUrl(given);
  if (kind === 'folder') {
    const queue = openFolderQueue(url);
    return { queue, shelf: openFolderShelf(`${url}/shelf`), store: undefined, close: queue.close };
  }
  const password = env.GLM_SKILL_QUEUE_PASSWORD || undefined;
  try {
    const { openOn } = kind === 'redis' ? await import('./on-redis.ts') : await import('./on-postgres.ts');
    return await openOn(url, password, { maxStalledCount: mostAttempts - 1 });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')
      throw new GlmError('config_invalid', `The queue ${given} needs packages that are not installed.`, {
        hint: packages[kind],
        cause: error,
      });
    if (error instanceof GlmError) throw error;
    throw new GlmError('unreachable', `The queue ${given} does not answer: ${messageOf(error) || 'no connection'}.`, {
      hint: 'Look whether the server runs and GLM_SKILL_QUEUE_PASSWORD is right.',
      cause: error,
    });
  }
}
