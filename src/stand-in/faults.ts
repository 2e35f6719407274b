import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { parseJson, textAt } from '../glm/json.ts';
import { connectionFaults } from './connection.ts';
import { sse } from './encode.ts';
import { openFaults } from './left-open.ts';
import { page, refusals, status } from './refusals.ts';
import { type Fault, open, sendEvents, type Wire } from './wire.ts';

const half = (events: readonly string[]) => events.slice(0, Math.ceil(events.length / 2));
const withoutDone = (events: readonly string[]) => events.filter((event) => !/^data: \[DONE\]|message_stop/.test(event));
/** An error within a stream, as the surface of the stream says it. */
const errorEvent = ([first = '']: readonly string[], error: { readonly code: string; readonly message: string }) => {
  if (first.startsWith('event: message_')) return sse({ type: 'error', error: { type: 'api_error', ...error } }, 'error');
  return first.startsWith('event: response.') ? sse({ type: 'error', ...error }, 'error') : sse({ error });
};
const body = (wire: Wire) => wire.encoded.events.join('');
const longest = 3_600_000;

/** Writes pieces one by one, each in its own packet, until the client goes away. */
async function trickle(response: ServerResponse, pieces: Iterable<string | Uint8Array>, gapMs: number): Promise<void> {
  for (const piece of pieces) {
    if (response.destroyed) return;
    response.write(piece);
    await sleep(gapMs);
  }
}

/** Every way in which a gateway is known to go wrong, by the name under which a request can choose it. */
export const faults: Readonly<Record<string, Fault>> = {
  ...refusals,
  ...connectionFaults,
  ...openFaults,
  'no-stream-options': {
    about: 'stream_options is rejected by name',
    send: (wire) =>
      wire.askedUsage
        ? status(400, '', { error: { code: '1210', message: 'unknown field: stream_options' } }).send?.(wire)
        : sendEvents(wire, wire.encoded.events),
  },
  'html-200': status(200, 'a web page instead of a reply', page),
  'empty-200': { about: 'an empty body', send: (wire) => void open(wire).end() },
  'error-in-200': status(200, 'an error with status 200', { error: { code: '1302', message: 'Rate limit reached' } }),
  'error-mid-stream': {
    about: 'an error event after half of the text',
    events: (events) => [...half(events), errorEvent(events, { code: '1234', message: 'network error' })],
  },
  'error-first': {
    about: 'an error event before any text',
    events: (events) => [errorEvent(events, { code: '1113', message: 'no balance' })],
  },
  'error-status': {
    about: 'an error event whose code is an HTTP status',
    events: () => [sse({ error: { code: 402, message: 'requires more credits' } })],
  },
  'error-list': status(200, "an error in the words of Google's front", [{ error: { code: 429, message: 'Resource exhausted' } }]),
  'error-event': { about: 'an event named error before any text', events: () => [sse({ message: 'boom', code: '1305' }, 'error')] },
  'bare-error': status(200, "an error in the words of Z.ai's front", { code: 500, msg: '404 NOT_FOUND', success: false }),
  'not-utf8': {
    about: 'bytes that are not UTF-8',
    send: (wire) => {
      const [before = '', ...after] = body(wire).split('cause');
      void open(wire).end(Buffer.concat([Buffer.from(before), Uint8Array.of(0xff), Buffer.from(after.join('cause'))]));
    },
  },
  cut: {
    about: 'the connection is cut in the middle',
    async send(wire) {
      open(wire);
      const bytes = Buffer.from(body(wire));
      wire.response.write(bytes.subarray(0, bytes.length >> 1));
      await sleep(20);
      wire.response.socket?.destroy();
    },
  },
  'cut-clean': { about: 'the stream just ends in the middle', events: half },
  'no-done': { about: 'no end marker', events: withoutDone },
  'no-finish': {
    about: 'no finish_reason',
    events: (events) => events.filter((event) => !/"finish_reason":"|message_delta|"status":"completed"/.test(event)),
  },
  'said-twice': {
    about: 'everything once more at the end, in a delta and in a message',
    events: (events) => {
      const text = events.map((event) => textAt(parseJson(event.slice(6)), 'choices', 0, 'delta', 'content') ?? '').join('');
      const again = { choices: [{ index: 0, delta: { content: text }, finish_reason: 'stop' }] };
      const whole = { choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }] };
      return [...events.filter((event) => !/"finish_reason":"|\[DONE\]/.test(event)), sse(again), sse(whole), sse('[DONE]')];
    },
  },
  'usage-absurd': {
    about: 'usage that no request can have',
    script: (reply) => ({ ...reply, usage: { inputTokens: 1e300, outputTokens: 0.5 } }),
  },
  'no-usage': { about: 'usage is missing', script: (reply) => ({ ...reply, usage: null }) },
  'invalid-json': {
    about: 'an event that is no JSON',
    events: (events) => [...half(events), 'data: {"choices": [\n\n', ...events.slice(-2)],
  },
  'choices-null': {
    about: 'choices: null before the text',
    events: (events) => [sse({ id: '', choices: null }), sse({ choices: [] }), ...events],
  },
  'two-choices': {
    about: 'a second choice is mixed in',
    events: (events) =>
      events.flatMap((event) => [event, sse({ choices: [{ index: 1, delta: { content: 'WRONG' }, finish_reason: null }] })]),
  },
  comments: { about: 'keep-alive comments between events', events: (events) => events.flatMap((event) => [': keep-alive\n\n', event]) },
  pings: {
    about: 'events that are empty or have another name',
    events: (events) => events.flatMap((event) => ['data:\n\n', 'event: ping\ndata: ping\n\n', event]),
  },
  crlf: { about: 'CRLF line ends', events: (events) => events.map((event) => event.replaceAll('\n', '\r\n')) },
  bytes: {
    about: 'one byte per packet, hence cut inside characters and lines',
    async send(wire) {
      open(wire);
      wire.response.socket?.setNoDelay(true);
      for (const byte of Buffer.from(body(wire))) {
        if (!wire.response.write(Uint8Array.of(byte))) await sleep(0);
        else await new Promise(setImmediate);
      }
      wire.response.end();
    },
  },
  gzip: {
    about: 'a compressed stream',
    send: (wire) => void open(wire, { 'content-encoding': 'gzip' }).end(gzipSync(body(wire))),
  },
  brotli: {
    about: 'a stream compressed with brotli',
    send: (wire) => void open(wire, { 'content-encoding': 'br' }).end(brotliCompressSync(body(wire))),
  },
  'gzip-broken': {
    about: 'a compressed stream that breaks off',
    send: (wire) => {
      open(wire, { 'content-encoding': 'gzip' });
      const bytes = gzipSync(body(wire));
      wire.response.end(bytes.subarray(0, bytes.length - 20));
    },
  },
  silence: {
    about: 'half of the text, then nothing but keep-alives',
    async send(wire) {
      open(wire);
      await trickle(wire.response, half(wire.encoded.events), 0);
      for (let sent = 0; sent < longest && !wire.response.destroyed; sent += 50) await trickle(wire.response, [': keep-alive\n\n'], 50);
    },
  },
  'no-answer': { about: 'the request is taken and nothing ever comes', send: () => sleep(longest, undefined, { ref: false }) },
  'slow-loris': {
    about: 'one byte every 50 ms',
    async send(wire) {
      open(wire);
      await trickle(
        wire.response,
        Array.from(Buffer.from(body(wire)), (byte) => Uint8Array.of(byte)),
        50,
      );
      wire.response.end();
    },
  },
  endless: {
    about: 'text that never ends',
    async send(wire) {
      open(wire);
      const event = sse({ choices: [{ index: 0, delta: { content: 'again '.repeat(10_000) }, finish_reason: null }] });
      while (!wire.response.destroyed) {
        const room = wire.response.write(event);
        await (room ? new Promise(setImmediate) : sleep(1));
      }
    },
  },
  'huge-line': { about: 'one line of 8 MiB', events: (events) => [`data: {"x":"${'a'.repeat(8 << 20)}"}\n\n`, ...events] },
  'not-streamed': {
    about: 'the whole reply in one piece of JSON',
    send: ({ response, encoded }) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(encoded.whole)),
  },
  'reasoning-only': { about: 'thoughts and no answer', script: (reply) => ({ ...reply, reasoning: reply.text, text: '' }) },
  reasoning: {
    about: 'thoughts before the answer',
    script: (reply) => ({ ...reply, reasoning: 'Let me think about the failing test. '.repeat(5) }),
  },
  'think-tags': {
    about: 'thoughts inside the text',
    script: (reply) => ({ ...reply, text: `<think>\n${decoy}\n</think>\n${reply.text}` }),
  },
  'orphan-think': {
    about: 'thoughts inside the text, only closed',
    script: (reply) => ({ ...reply, text: `${decoy}\n</think>\n${reply.text}` }),
  },
  'think-open': { about: 'thoughts that never end', script: (reply) => ({ ...reply, text: `<think>\n${reply.text}` }) },
  empty: { about: 'no text at all', script: (reply) => ({ ...reply, text: '', usage: { inputTokens: 100, outputTokens: 0 } }) },
  length: {
    about: 'the reply ends at max_tokens',
    script: (reply) => ({ ...reply, text: reply.text.slice(0, reply.text.length >> 1), finishReason: 'length' }),
  },
  sensitive: {
    about: 'finish_reason sensitive',
    script: (reply) => ({ ...reply, text: reply.text.slice(0, 20), finishReason: 'sensitive' }),
  },
  'network-error': {
    about: 'finish_reason network_error',
    script: (reply) => ({ ...reply, text: reply.text.slice(0, 20), finishReason: 'network_error' }),
  },
  'context-finish': {
    about: 'finish_reason model_context_window_exceeded',
    script: (reply) => ({ ...reply, text: '', finishReason: 'model_context_window_exceeded' }),
  },
  'finish-capitals': { about: 'a finish_reason in capitals', script: (reply) => ({ ...reply, finishReason: 'STOP' }) },
  'finish-unknown': { about: 'a finish_reason that nobody knows', script: (reply) => ({ ...reply, finishReason: 'tired' }) },
  'tool-markup': {
    about: 'a tool call in the notation of the model',
    script: (reply) => ({ ...reply, text: '<tool_call>read_file\n<arg_key>path</arg_key><arg_value>src/a.ts</arg_value></tool_call>' }),
  },
  'tool-calls': {
    about: 'a tool call that nobody asked for',
    script: (reply) => ({ ...reply, text: '', toolCall: { name: 'read_file', arguments: '{"path":"src/a.ts"}' } }),
  },
  chinese: {
    about: 'an answer in Chinese',
    script: (reply) => ({ ...reply, text: `## Root cause\nWhere: src/a.ts:1\n${'这个测试失败是因为总价没有考虑数量。'.repeat(4)}` }),
  },
  'other-model': { about: 'another model answers', script: (reply) => ({ ...reply, model: 'glm-9-other' }) },
  task: { about: '202 with a Location, the reply comes later' },
};

const decoy = 'I could write:\n\nsrc/decoy.ts\n<<<<<<< SEARCH\na\n=======\nb\n>>>>>>> REPLACE\n\nNo, that is wrong.';
