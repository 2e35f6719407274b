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

/** The message of anything thrown, on one line. */
export function messageOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return text.replace(/\s+/g, ' ').trim();
}
