import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chat } from '../../src/glm/wire/chat.ts';
import { messages } from '../../src/glm/wire/messages.ts';
import { makeReader, type Received } from '../../src/glm/wire/reader.ts';
import { responses } from '../../src/glm/wire/responses.ts';
import type { Surface } from '../../src/glm/wire/surface.ts';
import { encodeChat, encodeMessages, encodeResponses } from '../../src/stand-in/encode.ts';

const reply = {
  text: 'Ümläut 漢字 🦊\r\n\u2028 data: [DONE]\n\n: no comment "quotes" \\ end',
  reasoning: 'Hm. 思考 🤔',
  model: 'glm-4.6',
  usage: { inputTokens: 1234, outputTokens: 56, cachedTokens: 1000 },
};
const cases = [
  ['chat', chat, encodeChat],
  ['responses', responses, encodeResponses],
  ['messages', messages, encodeMessages],
] as const;

function readAll(surface: Surface, chunks: readonly Uint8Array[]): Received {
  const reader = makeReader(surface);
  for (const chunk of chunks) reader.feed(chunk);
  return reader.finish();
}

/** Cuts bytes at the given places, in any order and number. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const sorted = [...new Set(places.map((place) => place % bytes.length))].sort((a, b) => a - b);
  return [0, ...sorted].map((from, at) => bytes.subarray(from, sorted[at] ?? bytes.length));
}

describe.each(cases)('the surface %s', (_, surface, encode) => {
  const { events, whole } = encode(reply, { usageAsked: true });
  const expected = { text: reply.text, finish: 'stop', ended: true, model: 'glm-4.6', usage: reply.usage, broken: false, error: undefined };

  it('reads the same however the bytes are cut, with any line ends, comments and a byte order mark', () => {
    const ends = fc.constantFrom('\n', '\r\n', '\r');
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 60 }), ends, fc.boolean(), (places, end, noise) => {
        const text = `${noise ? '\uFEFF: hello\n\nretry: 5\n\n' : ''}${events.join(noise ? ': ping\n\n' : '')}`.replaceAll('\n', end);
        expect(readAll(surface, cut(Buffer.from(text), places))).toMatchObject(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('never calls a beginning of the stream finished', () => {
    const bytes = Buffer.from(events.join(''));
    // Responses say the end and its reason in one event, before [DONE].
    const end = surface.name === 'responses' ? bytes.lastIndexOf('data: [DONE]') - 2 : bytes.length - 2;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: end - 1 }), (length) => {
        const { ended, text } = readAll(surface, [bytes.subarray(0, length)]);
        expect(ended).toBe(false);
        expect(reply.text.startsWith(text)).toBe(true);
      }),
    );
  });

  it('reads a reply in one piece', () => {
    const { ended: _ended, ...rest } = expected;
    expect(readAll(surface, [Buffer.from(JSON.stringify(whole))])).toMatchObject({ ...rest, form: 'json' });
  });

  it('reads anything without throwing', () => {
    const json = fc.json().map((value) => `data: ${value}\n\n`);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 400 }),
      fc.array(json).map((all) => Buffer.from(all.join(''))),
      fc.json().map((value) => Buffer.from(value)),
    );
    fc.assert(
      fc.property(bytes, (some) => {
        expect(readAll(surface, [some]).text).toBeTypeOf('string');
      }),
      { numRuns: 300 },
    );
  });
});

it('reads a response that is said at its end only, and once where it was streamed as well', () => {
  const { events } = encodeResponses(reply, { usageAsked: true });
  const atEnd = events.filter((event) => !event.includes('output_text.delta'));
  for (const stream of [events, atEnd])
    expect(readAll(responses, [Buffer.from(stream.join(''))])).toMatchObject({ text: reply.text, ended: true });
});

it('takes a token that repeats the first one for what it is', () => {
  const chunk = (content: string, finish_reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content }, finish_reason }] })}\n\n`;
  const bytes = Buffer.from(chunk('na', null) + chunk('na', 'stop'));
  expect(readAll(chat, [bytes]).text).toBe('nana');
});
