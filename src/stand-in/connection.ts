import { page } from './refusals.ts';
import { type Fault, open } from './wire.ts';

/** Faults below the words: what a connection itself can do wrong. */
export const connectionFaults: Readonly<Record<string, Fault>> = {
  reset: { about: 'the connection is cut before any answer', send: ({ response }) => void response.socket?.destroy() },
  'cut-head': {
    about: 'the connection is cut within the first line of the answer',
    send: ({ response }) => void response.socket?.end('HTTP/1.1 200 O'),
  },
  'not-http': { about: 'an answer that is not HTTP', send: ({ response }) => void response.socket?.end('SSH-2.0-OpenSSH_9.9\r\n') },
  'big-headers': {
    about: 'more headers than a client takes',
    send: ({ response }) => void response.writeHead(200, { 'x-big': 'a'.repeat(200_000) }).end(),
  },
  'error-hangs': {
    about: 'a refusal whose body never ends',
    send: ({ response }) => void response.writeHead(401, { 'content-type': 'application/json' }).write('{"error":{"message":"wrong'),
  },
  'html-hangs': { about: 'a web page that never ends, with status 200', send: (wire) => void open(wire).write(page.slice(0, 30)) },
};
