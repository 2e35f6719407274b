import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Then = () => Promise<void>;

/** What is to be done once the client of the current request has its answer. */
const current = new AsyncLocalStorage<Then[]>();
const written: Then[] = [];

/**
 * Does something once a client has the answer that is being made: over HTTP when it sends a further request on the same connection, which
 * it can only after it has read the answer to its end; over stdio when the answer has been written. A client that never does has perhaps
 * not got it.
 */
export function onceDelivered(then: Then): void {
  (current.getStore() ?? written).push(then);
}

/** For stdio: something has been written to the client. */
export function wroteToClient(): void {
  for (const then of written.splice(0)) then().catch(() => {});
}

const owed = new WeakMap<object, Then[]>();

/** For HTTP: handles a request within what its connection says of the answer before. */
export async function delivering<Result>(
  request: IncomingMessage,
  response: ServerResponse,
  handle: () => Promise<Result>,
): Promise<Result> {
  const { socket } = request;
  for (const then of owed.get(socket)?.splice(0) ?? []) then().catch(() => {});
  const mine: Then[] = [];
  response.once('finish', () => owed.set(socket, mine));
  return current.run(mine, handle);
}
