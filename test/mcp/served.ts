import { request } from 'node:http';
import { type HttpOptions, serveHttp } from '../../src/mcp/http.ts';

export type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: string };
export type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; text: string };

export const hello = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
});

/** A server of this process on a free port. What it says on stderr is kept. */
export async function serving(options: Partial<HttpOptions>) {
  const control = new AbortController();
  const said: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  let found: (port: number) => void = () => {};
  const printed = new Promise<number>((resolve) => {
    found = resolve;
  });
  process.stderr.write = (text: string | Uint8Array) => {
    said.push(String(text));
    const at = /:(\d+)\/mcp/.exec(String(text));
    if (at) found(Number(at[1]));
    return true;
  };
  const served = serveHttp({
    baseUrl: undefined,
    port: 0,
    host: '127.0.0.1',
    roots: [],
    origins: [],
    token: undefined,
    signal: control.signal,
    ...options,
  });
  const port = await printed;
  return {
    port,
    said,
    send: (sent: Sent) => send(port, sent),
    close: async () => {
      control.abort();
      await served;
      process.stderr.write = write;
    },
  };
}

export function send(port: number, { method = 'POST', path = '/mcp', headers = {}, body = '' }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
