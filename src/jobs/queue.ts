import { z } from 'zod';

/**
 * A piece of work that any worker may take. `data` says what to do by reference: paths, commits, names on the shelf; no key and no text
 * that was not redacted. An id is chosen by whoever adds it, so that adding it again is no second piece of work.
 */
export type Task = { readonly id: string; readonly kind: string; readonly data: Readonly<Record<string, unknown>> };

/** A task that was taken. `attempt` fences: once a later attempt has begun, this one's heartbeats and results are refused. */
export type Ticket = Task & { readonly attempt: number };

export const taskStates = ['waiting', 'running', 'done', 'failed', 'cancelled'] as const;

export const TaskState = z.object({
  state: z.enum(taskStates),
  attempt: z.number().int().describe('how often it was begun'),
  message: z.string().optional().describe('what it is doing'),
  worker: z.string().optional(),
  result: z.unknown().optional(),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }).optional(),
});
export type TaskState = z.infer<typeof TaskState>;

export type Counts = Readonly<Record<(typeof taskStates)[number], number>>;

/** How a task ended. */
export type Ending =
  | { readonly state: 'done'; readonly result: unknown }
  | { readonly state: 'failed'; readonly error: { readonly code: string; readonly message: string; readonly hint?: string | undefined } }
  | { readonly state: 'cancelled' };

/**
 * Work for many hands, at least once: a task whose worker dies is given to another. All state lies in the task itself; nobody has to
 * have listened. The folders on disk are the embedded default, an engine on a server is for many machines.
 */
export type Queue = {
  /** Adds what is not there yet. */
  readonly add: (tasks: readonly Task[]) => Promise<void>;
  /** Waits for a task that nobody has. Rejects once the signal is aborted. */
  readonly take: (signal: AbortSignal) => Promise<Ticket>;
  /** Says that the attempt lives, at least every `beatMs`. `lost`: another has it; `cancelled`: nobody wants it any more. */
  readonly heartbeat: (ticket: Ticket) => Promise<'ours' | 'lost' | 'cancelled'>;
  readonly progress: (ticket: Ticket, message: string) => Promise<void>;
  /** False where a later attempt has begun: then this ending counts for nothing. */
  readonly finish: (ticket: Ticket, ending: Ending) => Promise<boolean>;
  /** Puts a task back for others, as if it had never been taken. */
  readonly release: (ticket: Ticket) => Promise<void>;
  /** From anywhere; whoever runs it hears of it at the next heartbeat. False where it is unknown or has ended. */
  readonly cancel: (id: string) => Promise<boolean>;
  readonly look: (id: string) => Promise<TaskState | undefined>;
  /** Resolves once the task has ended, or with `undefined` where it is unknown. */
  readonly wait: (
    id: string,
    options: { readonly signal: AbortSignal; readonly tell?: (state: TaskState) => void },
  ) => Promise<TaskState | undefined>;
  readonly counts: () => Promise<Counts>;
  /** Forgets tasks that have ended. */
  readonly forget: (ids: readonly string[]) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Texts that every worker can read, by name: reports, logs, paid replies. Kept for days, not for ever. */
export type Shelf = {
  readonly keep: (name: string, text: string) => Promise<void>;
  readonly read: (name: string) => Promise<string | undefined>;
};

/** How often a worker says that it lives. */
export const beatMs = 1_000;
/** A task that was begun so often and never ended ends its workers: it is not given to another. */
export const mostAttempts = 5;

const idPattern = /^[a-z0-9][a-z0-9_-]{0,119}$/;

/** Ids become names of files and keys of engines. */
export function checkId(id: string): string {
  if (!idPattern.test(id)) throw new Error(`not a task id: ${id}`);
  return id;
}
