import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Environment, type Folders, readEnvironment } from '../config.ts';
import { checkStopped, GlmError, Stopped } from '../errors.ts';
import { writeLedger } from '../ledger.ts';
import { openLimiter } from '../limiter.ts';
import { type Ask, type AskRequest, type Prices, type Reply, unknown } from '../schema/model.ts';
import { countTokens, loadTokens } from '../tokens.ts';
import { chat } from './chat.ts';
import { costOf, estimate } from './estimate.ts';
import { type Limits, openReply, receive } from './exchange.ts';
import { judgeFailure } from './failure.ts';
import { messages } from './messages.ts';
import { judge, type Outcome } from './outcome.ts';
import { apiRoot, findProfile } from './profiles.ts';
import { makeReader, type Received } from './reader.ts';
import { hashRequest, type ReplyHead, readStoredReply, storeReply } from './replies.ts';
import { responses } from './responses.ts';
import type { Surface } from './surface.ts';
import { openTransport } from './transport.ts';
import { strangeVariant, variants } from './variants.ts';

const surfaces: Readonly<Record<Surface['name'], Surface>> = { chat, responses, messages };

export type AskOptions = {
  readonly baseUrl: string;
  /** Empty: the place needs none. */
  readonly key: string;
  readonly folders: Folders;
  readonly now: () => number;
  readonly env?: Environment | undefined;
  readonly profile?: string | undefined;
  readonly surface?: Surface['name'] | undefined;
  /** Silence after which a reply counts as cut. Comments and keep-alives are silence too. Default 600 s: a model may think that long. */
  readonly idleMs?: number | undefined;
  /** The whole request with all its waits. Default 30 minutes. */
  readonly deadlineMs?: number | undefined;
  /** Requests at a time per key, over all processes of the user. Default 2. */
  readonly concurrency?: number | undefined;
  /** Prices that hold for a variant, where others than the shipped are known. */
  readonly prices?: ((variant: string) => Prices | undefined) | undefined;
};

/**
 * The real `Ask`: one request to a gateway, told honestly. Streams, keeps the raw reply on disk before it is read, waits for a slot that
 * all processes share, and writes the ledger. Throws `GlmError` for what the user can mend and `Stopped` once the signal is aborted.
 */
export function makeAsk(options: AskOptions): Ask {
  const { key, folders, now } = options;
  const root = apiRoot(options.baseUrl);
  const host = new URL(root).host;
  const profile = findProfile(options.baseUrl, options.profile);
  const surface = surfaces[options.surface ?? 'chat'];
  const scrub = (text: string) => (key.length < 8 ? text : text.replaceAll(key, '[key]'));
  const limits: Limits = { idleMs: options.idleMs ?? 600_000, deadlineMs: options.deadlineMs ?? 1_800_000 };

  return async (request, { signal, tell }) => {
    checkStopped(signal);
    const begun = now();
    const variant = variants.find(({ id }) => id === request.variant) ?? strangeVariant(request.variant);
    const prices =
      options.prices?.(request.variant) ??
      (profile.priced ? variant.prices : { ...strangeVariant('').prices, source: `not known for ${host}` });
    const id = request.id ?? randomBytes(8).toString('hex');
    const model = profile.model(request.variant);
    const asked = hashRequest([root, surface.name, model, request.messages, request.maxTokens]);
    const facts = { id, model, prices, request, scrub };

    const kept = readStoredReply(folders, id);
    if (kept?.head.request === asked) {
      const reader = makeReader(surface);
      reader.feed(kept.body);
      const reply = compose(facts, reader.finish(), kept.head, kept.clean, []);
      if (reply && reply.outcome !== 'incomplete_stream') return { ...reply, stored: true, durationMs: 0 };
    }

    const stop = new AbortController();
    const onStop = () => stop.abort('stopped');
    signal?.addEventListener('abort', onStop, { once: true });
    const timer = setTimeout(() => stop.abort('deadline'), limits.deadlineMs);
    let release: (() => void) | undefined;
    try {
      const limiter = openLimiter(join(folders.state, 'limiter', fingerprint(host, key)), options.concurrency ?? 2);
      release = await limiter.acquire(stop.signal);
      const countedTokens = await countPrompt(request);
      const highUsd = estimate(variant, countedTokens, prices, { maxTokens: request.maxTokens }).usd.high;
      const entry = { id: `${id}.${randomBytes(4).toString('hex')}`, variant: request.variant, host, job: request.job, repo: request.repo };
      await writeLedger(folders, { v: 1, type: 'sent', ...entry, at: new Date(begun).toISOString(), highUsd });
      const finish = (outcome: string, reply?: Reply) =>
        writeLedger(folders, {
          v: 1,
          type: 'done',
          id: entry.id,
          outcome,
          ...(reply?.usage ?? { inputTokens: unknown, outputTokens: unknown, cachedTokens: unknown }),
          // A failed generation is not charged; one that we ended ourselves may be.
          usd: reply ? reply.cost : outcome === 'stopped' || outcome === 'deadline' ? unknown : 0,
          durationMs: now() - begun,
          countedTokens,
        });
      try {
        const reply = await converse();
        await finish(reply.outcome, reply);
        return reply;
      } catch (error) {
        await finish(stop.signal.aborted ? String(stop.signal.reason) : error instanceof GlmError ? error.code : 'bug');
        throw error;
      }

      async function converse(): Promise<Reply> {
        const transport = await openTransport(root, key, options.env ?? readEnvironment());
        try {
          const sent = { model, messages: request.messages, maxTokens: request.maxTokens };
          const opened = await openReply({ transport, surface, request: sent, stop, now, limits, begun, scrub, tell, hold: limiter.hold });
          if ('outcome' in opened) return bare(facts, opened.outcome, [opened.message], now() - begun);
          const head: ReplyHead = {
            request: asked,
            variant: request.variant,
            surface: surface.name,
            at: new Date(now()).toISOString(),
            requestId: header(opened.response, 'x-request-id', scrub),
            taskId: header(opened.response, 'x-runapi-task-id', scrub),
          };
          const file = storeReply(folders, id, head, key);
          const { received, closed, warning } = await receive({ response: opened.response, surface, file, stop, limits, tell });
          if (stop.signal.reason === 'stopped') throw new Stopped();
          const reply = compose(facts, received, head, closed, [...opened.warnings, ...(warning ? [warning] : [])]);
          return { ...reply, durationMs: now() - begun };
        } finally {
          await transport.close();
        }
      }
    } catch (error) {
      if (!stop.signal.aborted || error instanceof GlmError) throw error;
      if (stop.signal.reason === 'stopped') throw new Stopped(error);
      const waitedMs = stop.signal.reason === 'idle' ? limits.idleMs : limits.deadlineMs;
      throw new GlmError('gateway_failed', `no reply began within ${Math.round(waitedMs / 1000)} s`, {
        hint: 'try again later, or give more time',
      });
    } finally {
      release?.();
      clearTimeout(timer);
      signal?.removeEventListener('abort', onStop);
    }
  };
}

type Facts = {
  readonly id: string;
  readonly model: string;
  readonly prices: Prices;
  readonly request: AskRequest;
  readonly scrub: (text: string) => string;
};

/** Makes a reply of what was received. Throws `GlmError` when the body was no reply but a problem. */
function compose(facts: Facts, received: Received, head: ReplyHead, closed: boolean, warnings: readonly string[]): Reply {
  const { id, prices, request, scrub } = facts;
  const judged = judgeReceived(received, closed, request.language, scrub);
  const model = scrub(received.model ?? unknown);
  return {
    id,
    outcome: judged.outcome,
    text: scrub(received.text),
    model,
    finishReason: received.finish,
    usage: received.usage,
    cost: costOf(received.usage, prices),
    requestId: head.requestId,
    taskId: head.taskId,
    durationMs: 0,
    warnings: [...warnings, ...judged.warnings, ...otherModel(facts.model, model)],
  };
}

function judgeReceived(received: Received, closed: boolean, language: string | undefined, scrub: (text: string) => string) {
  if (received.form === 'html') {
    throw new GlmError('gateway_failed', 'the gateway answered with a web page', {
      hint: 'check --base-url: it is the address without /v1',
    });
  }
  if (received.error === undefined) return judge(received, closed, language);
  const verdict = judgeFailure({ status: 200, headers: new Headers(), body: scrub(JSON.stringify(received.error)) }, 0);
  if (verdict.do === 'outcome') return { outcome: verdict.outcome, warnings: [verdict.message] };
  // With text on disk the error is a cut; without, it is the answer.
  if (received.text !== '') return { outcome: 'incomplete_stream' as const, warnings: [verdict.error.message] };
  throw verdict.error;
}

function bare({ id, model }: Facts, outcome: Outcome, warnings: readonly string[], durationMs: number): Reply {
  const usage = { inputTokens: unknown, outputTokens: unknown, cachedTokens: unknown };
  return { id, outcome, text: '', model, finishReason: undefined, usage, cost: 0, durationMs, warnings };
}

function otherModel(asked: string, answered: string): readonly string[] {
  const plain = (model: string) => model.toLowerCase().replace(/^.*\//, '');
  if (answered === unknown || plain(asked) === plain(answered)) return [];
  return [`asked for ${asked}, answered by ${answered}`];
}

function header(response: Response, name: string, scrub: (text: string) => string): string | undefined {
  const value = response.headers.get(name);
  return value ? scrub(value).slice(0, 200) : undefined;
}

async function countPrompt(request: AskRequest): Promise<number> {
  await loadTokens();
  return request.messages.reduce((sum, { content }) => sum + countTokens(content) + 3, 9);
}

/** Names a key without telling anything about it. */
function fingerprint(host: string, key: string): string {
  return createHash('sha256').update(`${host}\n${key}`).digest('hex').slice(0, 16);
}
