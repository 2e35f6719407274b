import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { MakeServer } from './sdk.ts';

/** One client over HTTP, with a server of its own, so that answers of two clients never meet. */
export type Session = {
  readonly handle: (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
};

type SessionEvents = { readonly opened: (id: string, session: Session) => void; readonly closed: (id: string) => void };

/** Starts a session for a client that says `initialize`. Its id is told once the answer is on its way. */
export async function startSession(make: MakeServer, events: SessionEvents): Promise<Session> {
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => events.opened(id, session),
    onsessionclosed: (id) => events.closed(id),
  });
  const server = make();
  const session: Session = {
    handle: (request, response, body) => transport.handleRequest(request, response, body),
    close: async () => {
      if (transport.sessionId) events.closed(transport.sessionId);
      await server.close();
    },
  };
  await server.connect(transport);
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
