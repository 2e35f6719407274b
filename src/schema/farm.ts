/** Other machines that take work, through a queue. */
export type Farm = {
  /** Waits for one piece of work. `data` holds no key and no text that was not redacted. Throws what it ended with; aborted, it is cancelled. */
  readonly run: (kind: string, data: Readonly<Record<string, unknown>>, signal: AbortSignal | undefined) => Promise<unknown>;
};
