import type { ServerResponse } from 'node:http';
import type { Encoded, Scripted } from './encode.ts';

/** What a fault may work on. */
export type Wire = {
  readonly response: ServerResponse;
  readonly key: string;
  readonly encoded: Encoded;
  readonly streamed: boolean;
  readonly askedUsage: boolean;
  /** Errors are said in the shape of Anthropic. */
  readonly anthropic: boolean;
  readonly origin: string;
};

/** One way to go wrong. */
export type Fault = {
  readonly about: string;
  /** Another reply than the scripted one. */
  readonly script?: (reply: Scripted) => Scripted;
  /** Other events than those of the reply. */
  readonly events?: (events: readonly string[]) => readonly string[];
  /** Another way to send, or something else altogether. */
  readonly send?: (wire: Wire) => Promise<void> | void;
};

/** Begins an event stream. */
export function open({ response }: Wire, headers: Readonly<Record<string, string>> = {}): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
}

/** Sends events as a stream, each in its own packet. */
export async function sendEvents(wire: Wire, events: readonly string[]): Promise<void> {
  open(wire);
  for (const event of events) {
    if (wire.response.destroyed) return;
    wire.response.write(event);
    await new Promise(setImmediate);
  }
  wire.response.end();
}

export function json(response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
