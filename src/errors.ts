/** Every problem that a user can mend has one of these codes. The doors translate them; nothing else matches on text. */
export const errorCodes = [
  'bad_input',
  'no_root',
  'no_git',
  'no_runner',
  'not_installed',
  'no_report',
  'config_invalid',
  'no_key',
  'auth',
  'credits',
  'rate_limited',
  'unknown_variant',
  'request_rejected',
  'unreachable',
  'gateway_failed',
  'price_unknown',
  'no_job',
  'tree_changed',
  'busy',
  'forbidden_path',
  'exhausted',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

type Detail = { readonly hint?: string | undefined; readonly cause?: unknown };

/** A problem the user can mend: one sentence on what is wrong and where, and a hint on what to do. */
export class GlmError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, detail: Detail = {}) {
    super(message, { cause: detail.cause });
    this.name = 'GlmError';
    this.code = code;
    this.hint = detail.hint;
  }
}

/** The caller asked us to stop (signal, cancel, closed stdin). Not a failure: doors answer 130 or nothing. */
export class Stopped extends Error {
  constructor(cause?: unknown) {
    super('stopped', { cause });
    this.name = 'Stopped';
  }
}

/** Throws `Stopped` once the signal is aborted. Call between steps of long work. */
export function checkStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Stopped(signal.reason);
}

/** What a system says when something of it is used up or locked, in words, with what may help. */
const used: Readonly<Record<string, readonly [code: ErrorCode, words: string, hint: string]>> = {
  ENOSPC: ['exhausted', 'The disk has no room left, for bytes or for further files', 'Make room and run the same again: it resumes.'],
  EDQUOT: ['exhausted', 'The disk quota of this account is used up', 'Make room and run the same again: it resumes.'],
  EMFILE: ['exhausted', 'This process may open no further files', 'Raise the limit (ulimit -n) or do less at a time.'],
  ENFILE: ['exhausted', 'This machine can open no further files', 'Do less at a time.'],
  EAGAIN: ['exhausted', 'No further process can be started', 'Raise the limit (ulimit -u) or do less at a time.'],
  ENOMEM: ['exhausted', 'There is no memory left', 'Do less at a time.'],
  EIO: ['exhausted', 'The disk cannot be read or written', 'Look at the disk.'],
  EROFS: ['config_invalid', 'The file system is read-only', 'What glm-skill keeps for itself goes elsewhere with GLM_SKILL_HOME.'],
  EACCES: ['config_invalid', 'Permission is denied', 'What glm-skill keeps for itself goes elsewhere with GLM_SKILL_HOME.'],
};

/** A problem of the machine as a sentence; everything else as it is. */
export function asProblem(thrown: unknown): unknown {
  for (let here = thrown; here instanceof Error && !(here instanceof GlmError || here instanceof Stopped); here = here.cause) {
    if ('code' in here && here.code === 'ERR_MODULE_NOT_FOUND' && here.message.includes(`imported from ${import.meta.dirname}`))
      return new GlmError('config_invalid', 'A part of glm-skill is gone: it was updated or removed while this was running.', {
        hint: 'Start it again; what was begun goes on from where it stood.',
        cause: thrown,
      });
    const found = 'code' in here && 'syscall' in here ? used[String(here.code)] : undefined;
    if (!found) continue;
    const [code, words, hint] = found;
    const place = 'path' in here && typeof here.path === 'string' ? `: ${here.path}` : '';
    return new GlmError(code, `${words}${place} (${'code' in here ? here.code : ''}).`, { hint, cause: thrown });
  }
  return thrown;
}

/** A problem with its remedy, for where it is a part of an answer. */
export const wordsOf = ({ message, hint }: GlmError): string => [message, hint].filter(Boolean).join(' ');

/** The message of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s+/g, ' ').trim();
}
