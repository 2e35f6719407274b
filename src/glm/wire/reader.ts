import { createParser } from 'eventsource-parser';
import { type Usage, unknown } from '../../schema/model.ts';
import { parseJson } from '../json.ts';
import type { Piece, Surface } from './surface.ts';

const maxLineChars = 1 << 20;

/** Everything that a reply body said. `form` is what the body turned out to be. */
export type Received = {
  readonly form: 'stream' | 'json' | 'html' | 'nothing';
  readonly text: string;
  readonly reasoningChars: number;
  readonly finish: string | undefined;
  /** The end marker of the surface was seen. */
  readonly ended: boolean;
  readonly usage: Usage;
  readonly model: string | undefined;
  readonly toolCalls: boolean;
  readonly error: unknown;
  /** An event could not be read, or was longer than the cap. */
  readonly broken: boolean;
};

export type Reader = {
  readonly feed: (bytes: Uint8Array) => void;
  /** Nothing that follows matters: the body is a web page, an error was said, or an event could not be read. */
  readonly isOver: () => boolean;
  readonly finish: () => Received;
};

/** Reads the bytes of a reply body as they come, cut anywhere. `onPiece` hears of each piece; nothing is thrown. */
export function makeReader(surface: Surface, onPiece: (piece: Piece) => void = () => {}): Reader {
  const decoder = new TextDecoder();
  const whole: string[] = [];
  const text: string[] = [];
  let textChars = 0;
  const state: { -readonly [K in keyof Received]: Received[K] } = {
    form: 'nothing',
    text: '',
    reasoningChars: 0,
    finish: undefined,
    ended: false,
    usage: { inputTokens: unknown, outputTokens: unknown, cachedTokens: unknown },
    model: undefined,
    toolCalls: false,
    error: undefined,
    broken: false,
  };

  function take(piece: Piece): void {
    if (state.ended || state.error !== undefined) return;
    if (piece.type === 'text') {
      if (piece.whole && isSaid(piece.text, piece.whole)) return;
      text.push(piece.text);
      textChars += piece.text.length;
    } else if (piece.type === 'reasoning') state.reasoningChars += piece.text.length;
    else if (piece.type === 'tool') state.toolCalls = true;
    else if (piece.type === 'finish') state.finish ??= piece.reason;
    else if (piece.type === 'usage') state.usage = merge(state.usage, piece.usage);
    else if (piece.type === 'model') state.model ??= piece.model;
    else if (piece.type === 'error') state.error = piece.error;
    else if (piece.type === 'broken') state.broken = true;
    else state.ended = true;
    onPiece(piece);
  }

  /** Whether a text that may be the whole one says nothing new. What streamed is kept: it has been told already. */
  function isSaid(whole: string, sure: 'perhaps' | 'surely'): boolean {
    if (textChars === 0) return false;
    return sure === 'surely' || (whole.length === textChars && whole === text.join(''));
  }

  const parser = createParser({
    maxBufferSize: maxLineChars,
    onEvent: (event) => {
      // Some proxies keep a connection alive with events that say nothing.
      if (event.data.trim() === '' || /^(ping|keep-?alive|heartbeat)$/i.test(event.event ?? '')) return;
      for (const piece of surface.read(event)) take(piece);
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') state.broken = true;
    },
  });

  function read(chunk: string): void {
    if (state.form === 'nothing') {
      const first = chunk.trimStart()[0];
      if (first !== undefined) state.form = first === '{' || first === '[' ? 'json' : first === '<' ? 'html' : 'stream';
    }
    if (state.form === 'json') whole.push(chunk);
    else if (state.form === 'stream' && !state.broken) parser.feed(chunk);
  }

  return {
    feed: (bytes) => read(decoder.decode(bytes, { stream: true })),
    isOver: () => state.form === 'html' || state.error !== undefined || state.broken,
    finish() {
      read(decoder.decode());
      if (state.form === 'stream' && !state.broken) parser.feed('\n\n');
      if (state.form === 'json') {
        const body = parseJson(whole.join(''));
        if (body === undefined) state.broken = true;
        else for (const piece of surface.readWhole(body)) take(piece);
      }
      return { ...state, text: text.join('') };
    },
  };
}

/** A surface may say its figures in two events: what is known later wins. */
function merge(before: Usage, after: Usage): Usage {
  const later = (old: Usage[keyof Usage], now: Usage[keyof Usage]) => (now === unknown ? old : now);
  return {
    inputTokens: later(before.inputTokens, after.inputTokens),
    outputTokens: later(before.outputTokens, after.outputTokens),
    cachedTokens: later(before.cachedTokens, after.cachedTokens),
  };
}
