import { setTimeout as sleep } from 'node:timers/promises';
import type { Tell } from '../../schema/model.ts';
import type { Settings } from '../settings.ts';
import { judgeFailure } from './failure.ts';
import { makeReader, type Received } from './reader.ts';
import type { ReplyFile } from './replies.ts';
import type { Surface, SurfaceRequest } from './surface.ts';
import { followTask, taskLocation } from './task.ts';
import { type Exchange, type Transport, TransportError, unreachable } from './transport.ts';

const maxBodyBytes = 16 << 20;
const maxRetries = 3;
const longestWaitMs = 120_000;
const shortestWaitMs = 100;
/** What a gateway may still say after the finish reason: its figures and the end marker. */
const graceMs = 2_000;

type OpenRequest = {
  readonly transport: Transport;
  readonly surface: Surface;
  /** What a probe has shown of this variant at this gateway. */
  readonly probed: { readonly askUsage: boolean; readonly think: boolean };
  readonly request: SurfaceRequest;
  readonly stop: AbortController;
  readonly now: () => number;
  readonly settings: Pick<Settings, 'idleMs' | 'deadlineMs'>;
  readonly begun: number;
  readonly scrub: (text: string) => string;
  readonly tell: Tell;
  /** Headers that name the request, the same ones for each try. */
  readonly ids: Readonly<Record<string, string>>;
  /** Makes all processes wait until then (ms since the epoch). */
  readonly hold: (untilMs: number) => void;
  /** Hears where the reply of an accepted request will be, before anything is asked there. */
  readonly keepTask: (location: string) => void;
};

type Opened =
  | { readonly response: Response; readonly warnings: readonly string[] }
  | { readonly outcome: 'filtered' | 'context_exceeded'; readonly message: string };

/**
 * Gets a reply body that can be read. The one retry policy there is: one more try when the connection fails before any byte, at most
 * three when the gateway is busy, all within the deadline; nothing is sent again once a body has begun or the request was accepted.
 */
export async function openReply(open: OpenRequest): Promise<Opened> {
  const { transport, surface, stop, now, scrub, tell } = open;
  const warnings: string[] = [];
  let { askUsage } = open.probed;
  let reconnects = 0;
  let retries = 0;
  const pause = async (waitMs: number, why: string) => {
    tell({ type: 'progress', message: `${why} Next try in ${(waitMs / 1000).toFixed(1)} s.` });
    await sleep(waitMs, undefined, { signal: stop.signal });
  };
  for (;;) {
    let exchange: Exchange;
    const silence = setTimeout(() => stop.abort('idle'), open.settings.idleMs);
    try {
      exchange = await transport.exchange(
        (client) => surface.send(client, open.request, { signal: stop.signal, askUsage, think: open.probed.think }),
        open.ids,
      );
    } catch (error) {
      stop.signal.throwIfAborted();
      if (!(error instanceof TransportError)) throw error;
      if (!error.again || reconnects++ > 0) throw unreachable(error);
      await pause(250 + 500 * Math.random(), error.message);
      continue;
    } finally {
      clearTimeout(silence);
    }
    const accepted = exchange.type === 'reply' && exchange.response.status === 202;
    if (exchange.type === 'reply' && accepted) {
      const location = taskLocation(exchange.response, transport);
      await exchange.response.body?.cancel();
      open.keepTask(location);
      exchange = await followTask(location, exchange.response.headers, { transport, signal: stop.signal, tell });
    }
    if (exchange.type === 'reply') return { response: exchange.response, warnings };

    const { failure } = exchange;
    if (askUsage && !accepted && (failure.status === 400 || failure.status === 422) && /stream_options|include_usage/.test(failure.body)) {
      askUsage = false;
      warnings.push('the gateway rejects stream_options: sent once more without');
      continue;
    }
    const verdict = judgeFailure(failure, now(), scrub);
    if (verdict.do === 'outcome') return verdict;
    const asked = verdict.do === 'retry' ? (verdict.waitMs ?? Math.random() * Math.min(8_000, 1_000 * 2 ** retries)) : 0;
    const waitMs = Math.max(shortestWaitMs, asked);
    const leftMs = open.begun + open.settings.deadlineMs - now();
    if (verdict.do === 'throw' || accepted || retries++ >= maxRetries || waitMs > Math.min(longestWaitMs, leftMs)) throw verdict.error;
    if (failure.status === 429) open.hold(now() + waitMs);
    await pause(waitMs, verdict.error.message);
  }
}

type ReceiveRequest = Pick<OpenRequest, 'surface' | 'stop' | 'settings' | 'tell'> & {
  readonly response: Response;
  readonly file: ReplyFile;
};

/** Reads a reply body: to disk first, then understood. Silence, the deadline, the byte cap and cuts end it; nothing is thrown. */
export async function receive(request: ReceiveRequest): Promise<{ received: Received; closed: boolean; warning: string | undefined }> {
  const { response, surface, file, stop, settings, tell } = request;
  let tokens = 0;
  let ended = false;
  let said = false;
  let stopWaiting = () => {};
  const enough = new Promise<'enough'>((resolve) => {
    stopWaiting = () => resolve('enough');
  });
  let grace: NodeJS.Timeout | undefined;
  let idle = setTimeout(() => stop.abort('idle'), settings.idleMs);
  const reader = makeReader(surface, (piece) => {
    if (piece.type === 'model' || piece.type === 'usage') return;
    if (piece.type === 'end') ended = true;
    if (piece.type === 'text') said = true;
    if (piece.type === 'finish' && said) grace ??= setTimeout(stopWaiting, graceMs);
    clearTimeout(idle);
    idle = setTimeout(() => stop.abort('idle'), settings.idleMs);
    if (piece.type === 'text' || piece.type === 'reasoning') {
      tokens += Math.ceil(piece.text.length / 4);
      tell({ type: 'tokens', received: tokens, reasoning: piece.type === 'reasoning' });
    }
  });
  let bytes = 0;
  let closed = false;
  let warning: string | undefined;
  const body = response.body?.getReader();
  try {
    for (;;) {
      const next = await Promise.race([body?.read().catch(() => 'cut' as const), enough]);
      if (next === 'enough') {
        closed = true;
        break;
      }
      if (next === 'cut' || stop.signal.aborted) {
        warning = cutWords(String(stop.signal.aborted ? stop.signal.reason : next), settings);
        break;
      }
      closed = next?.value === undefined;
      if (next?.value === undefined) break;
      file.append(next.value);
      bytes += next.value.length;
      if (bytes > maxBodyBytes) stop.abort('too_large');
      else reader.feed(next.value);
      if (reader.isOver()) break;
      // Some servers keep the connection after the end marker.
      closed = ended;
      if (ended) break;
    }
  } finally {
    clearTimeout(idle);
    clearTimeout(grace);
    file.end(closed);
    body?.cancel().catch(() => {});
  }
  return { received: reader.finish(), closed, warning };
}

function cutWords(reason: string, settings: OpenRequest['settings']): string {
  if (reason === 'idle') return `the reply was silent for ${Math.round(settings.idleMs / 1000)} s`;
  if (reason === 'deadline') return `the reply did not end within ${Math.round(settings.deadlineMs / 1000)} s`;
  if (reason === 'too_large') return `the reply is larger than ${maxBodyBytes >> 20} MiB`;
  return 'the connection was cut before the reply ended';
}
