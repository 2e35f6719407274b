import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingMessage, ServerResponse } from 'node:http';

type Then = () => Promise<void>;

/** What is to be done once the client of the current request has its answer. */
const current = new AsyncLocalStorage<Then[]>();
const written: Then[] = [];

/**
 * Does something once a client has the answer that is being made: over stdio when it has been written; over HTTP when a further request
 * comes on the same connection, which a client sends only after it has read the answer to its end. A proxy shares its connections, so
 * for what was paid for that is no sign: such an answer is kept until it is asked for once more.
 */
export function onceDelivered(then: Then, isPaid: boolean): void {
  const http = current.getStore();
  if (!http) written.push(then);
  else if (!isPaid) http.push(then);
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
