import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { openEvents } from './events.ts';
import type { MakeServer } from './sdk.ts';

/** One client over HTTP, with a server of its own, so that answers of two clients never meet. */
export type Session = {
  readonly handle: (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
};

type SessionEvents = {
  readonly opened: (id: string) => void;
  readonly closed: (id: string) => void;
  /** Where what was sent is kept until the session ends. */
  readonly folder: string;
};

/** How soon a client whose stream broke asks again for what it missed. */
const retryMs = 500;

/** Starts a session for a client that says `initialize`. Its id is told once the answer is on its way. */
export async function startSession(make: MakeServer, { opened, closed, folder }: SessionEvents): Promise<Session> {
  const events = openEvents(join(folder, randomUUID()));
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: opened,
    onsessionclosed: closed,
    eventStore: events,
    retryInterval: retryMs,
  });
  const server = make();
  const session: Session = {
    handle: (request, response, body) => transport.handleRequest(request, response, body),
    close: async () => {
      if (transport.sessionId) closed(transport.sessionId);
      await server.close();
    },
  };
  await server.connect(transport);
  const { onclose } = transport;
  transport.onclose = () => {
    onclose?.();
    void events.close();
  };
  return session;
}

/** Answers calls of 2026-07-28, which need no session. */
export function openStateless(make: MakeServer): Session {
  const handler = createMcpHandler(make, { legacy: 'reject' });
  const serve = toNodeHandler(handler);
  return {
    handle: (request, response, body) =>
      serve(Object.assign(request, { method: request.method ?? '', url: request.url ?? '' }), response, body),
    close: handler.close,
  };
}
