import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** `perhaps`: whether it has arrived cannot be known. */
type Then = (perhaps: boolean) => Promise<void>;

/** What is to be done once the answer to the current request has been sent. */
const current = new AsyncLocalStorage<Then[]>();
const written: Then[] = [];

/**
 * Does something once the answer that is being made has been sent: over stdio the client has it then; over HTTP it may be lost on the way,
 * behind a proxy without anybody seeing it. Nothing is done for one whose connection broke before.
 */
export function onceSent(then: Then): void {
  (current.getStore() ?? written).push(then);
}

/** For stdio: something has been written to the client. */
export function wroteToClient(): void {
  for (const then of written.splice(0)) then(false).catch(() => {});
}

/** For HTTP: handles a request. */
export async function delivering<Result>(
  { socket }: IncomingMessage,
  response: ServerResponse,
  handle: () => Promise<Result>,
): Promise<Result> {
  const mine: Then[] = [];
  response.once('finish', () => {
    if (!socket.destroyed) for (const then of mine) then(true).catch(() => {});
  });
  return current.run(mine, handle);
}
