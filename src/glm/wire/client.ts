import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Environment, type Folders, readEnvironment } from '../../config.ts';
import { asProblem, checkStopped, GlmError, messageOf, Stopped } from '../../errors.ts';
import { openSlots } from '../../process/slots.ts';
import type { Account, Ask, Reply } from '../../schema/model.ts';
import { book, settle } from '../money/book.ts';
import { pricesAt, readCatalogue } from '../money/catalogue.ts';
import type { Shared } from '../money/shared-limits.ts';
import { strangeVariant, variants } from '../money/variants.ts';
import { readProbe } from '../probe-gateway.ts';
import { apiRoot, findProfile, isLoopback } from '../profiles.ts';
import { readGatewaySettings, type Settings } from '../settings.ts';
import { chat } from './chat.ts';
import { type Asked, bareReply, composeReply } from './compose.ts';
import { openReply, receive } from './exchange.ts';
import { messages } from './messages.ts';
import { makeReader } from './reader.ts';
import { hashRequest, type ReplyHead, readStoredReply, readStoredTask, storeReply, storeTask } from './replies.ts';
import { responses } from './responses.ts';
import type { Surface } from './surface.ts';
import { followTask } from './task.ts';
import { openTransport, type Transport } from './transport.ts';

const surfaces: Readonly<Record<Surface['name'], Surface>> = { chat, responses, messages };

export type AskOptions = {
  readonly baseUrl: string;
  /** Empty: the place needs none. */
  readonly key: string;
  readonly folders: Folders;
  readonly now: () => number;
  /** Who asks, where a server asks for several. */
  readonly account?: Account | undefined;
  readonly env?: Environment | undefined;
  /** Places and money that hold over all machines. Absent: over all processes of this user. */
  readonly shared?: Shared | undefined;
  /** What outranks the settings of the environment. */
  readonly settings?: Partial<Settings> | undefined;
};

/**
 * The real `Ask`: one request to a gateway, told honestly. Streams, keeps the raw reply on disk before it is read, waits for a slot that
 * all processes share, and writes the ledger. Throws `GlmError` for what the user can mend and `Stopped` once the signal is aborted.
 */
export function makeAsk(options: AskOptions): Ask {
  const { key, folders, now, shared, account } = options;
  const env = options.env ?? readEnvironment();
  const settings: Settings = { ...readGatewaySettings(env), ...options.settings };
  const root = apiRoot(options.baseUrl);
  const { host, hostname } = new URL(root);
  const unpaid = isLoopback(hostname);
  const profile = findProfile(options.baseUrl, settings.profile);
  const surface = surfaces[settings.surface];
  const scrub = (text: string) => (key.length < 8 ? text : text.replaceAll(key, '[key]'));
  // Named after the key without telling anything about it.
  const place = createHash('sha256').update(`${host}\n${key}`).digest('hex').slice(0, 16);

  return async (request, { signal, tell }) => {
    checkStopped(signal);
    const begun = now();
    const variant = variants.find(({ id }) => id === request.variant) ?? strangeVariant(request.variant);
    const prices = request.prices ?? pricesAt(options.baseUrl, variant, readCatalogue(folders, options.baseUrl), settings);
    const id = request.id ?? randomBytes(8).toString('hex');
    const asked: Asked = { id, model: profile.model(request.variant), prices, request, unpaid, scrub };
    const hash = hashRequest([root, surface.name, asked.model, request.messages, request.maxTokens]);
    // What a test said may hold a port or a time, so a resumed job knows its n-th request by its name, and only others by their bytes.
    const isThis = (head: Pick<ReplyHead, 'request' | 'variant'>) =>
      request.job === undefined ? head.request === hash : head.variant === request.variant;
    const kept = await readKept();
    if (kept) return kept;

    const stop = new AbortController();
    const onStop = () => stop.abort('stopped');
    signal?.addEventListener('abort', onStop, { once: true });
    const timer = setTimeout(() => stop.abort('deadline'), settings.deadlineMs);
    const slots = shared?.slots(place, settings.concurrency) ?? openSlots(join(folders.state, 'slots', place), settings.concurrency);
    let release: (() => void) | undefined;
    try {
      release = await slots.acquire(stop.signal, () =>
        tell({ type: 'progress', message: 'Waiting for other requests with this key to end.' }),
      );
      const transport = await openTransport(root, key, env);
      try {
        return (await fetchTask(transport)) ?? (await askAnew(transport));
      } finally {
        await transport.close();
      }
    } catch (error) {
      if (!stop.signal.aborted || error instanceof GlmError) throw error;
      if (stop.signal.reason === 'stopped') throw new Stopped(error);
      const waitedMs = stop.signal.reason === 'idle' ? settings.idleMs : settings.deadlineMs;
      throw new GlmError('gateway_failed', `No reply began within ${Math.round(waitedMs / 1000)} s.`, {
        hint: 'Try again later, or give more time with GLM_SKILL_IDLE_SECONDS and GLM_SKILL_DEADLINE_SECONDS.',
      });
    } finally {
      release?.();
      clearTimeout(timer);
      signal?.removeEventListener('abort', onStop);
    }

    /** The reply that a former process paid for and did not live to use. */
    async function readKept(): Promise<Reply | undefined> {
      const stored = request.id === undefined ? undefined : readStoredReply(folders, id);
      if (!stored || stored.head.surface !== surface.name || !isThis(stored.head)) return undefined;
      const reader = makeReader(surface);
      reader.feed(stored.body);
      const received = reader.finish();
      if (received.form === 'html' || received.error !== undefined) return undefined;
      const reply = composeReply(asked, { received, head: stored.head, closed: stored.clean, warnings: [] });
      if (reply.outcome === 'incomplete_stream') return undefined;
      const problem = await quietly(settle(folders, stored.head.entry, reply));
      return { ...reply, stored: true, warnings: [...reply.warnings, ...problem] };
    }

    /** The reply of a request that a former process sent and that the gateway accepted. A task that is gone is asked for anew. */
    async function fetchTask(transport: Transport): Promise<Reply | undefined> {
      const task = request.id === undefined ? undefined : readStoredTask(folders, id);
      if (!task || !isThis(task) || !transport.reaches(task.location)) return undefined;
      const exchange = await followTask(task.location, new Headers(), { transport, signal: stop.signal, tell });
      if (exchange.type === 'failure') return undefined;
      const reply = await take(exchange.response, task.entry, []);
      const problem = await quietly(settle(folders, task.entry, reply));
      return { ...reply, warnings: [...reply.warnings, ...problem] };
    }

    async function askAnew(transport: Transport): Promise<Reply> {
      const booking = await book({
        request,
        variant,
        prices,
        host,
        folders,
        shared: shared && { ...shared, place },
        dailyCapUsd: settings.dailyCapUsd,
        account,
        now,
        signal: stop.signal,
      });
      if ('outcome' in booking) return bareReply(asked, booking.outcome, booking.message);
      const { maxTokens, entry, finish } = booking;
      if (booking.again) tell({ type: 'warning', message: booking.again });
      const warned = [...booking.warnings, ...(booking.again ? [booking.again] : [])];
      try {
        const { features } = readProbe(folders, options.baseUrl, request.variant) ?? {};
        const opened = await openReply({
          transport,
          surface,
          probed: { askUsage: features?.stream_options?.result !== 'rejected', think: features?.thinking?.result === 'accepted' },
          request: { model: asked.model, messages: request.messages, maxTokens },
          stop,
          now,
          settings,
          begun,
          scrub,
          tell,
          // The same request again has the same name: a gateway that honours it is paid once.
          ids: { 'idempotency-key': `glm-skill-${id}-${hash.slice(0, 16)}`, 'x-client-request-id': entry },
          hold: slots.hold,
          keepTask: (location) => storeTask(folders, id, { request: hash, variant: request.variant, entry, location }),
        });
        const reply =
          'outcome' in opened
            ? { ...bareReply(asked, opened.outcome, opened.message), durationMs: now() - begun }
            : await take(opened.response, entry, [...warned, ...opened.warnings]);
        const problem = await quietly(finish(reply.outcome, reply));
        return { ...reply, warnings: [...reply.warnings, ...problem] };
      } catch (error) {
        await quietly(finish(error instanceof GlmError ? error.code : stop.signal.aborted ? String(stop.signal.reason) : 'bug'));
        throw error;
      }
    }

    /** Puts a reply on disk while it comes, then makes sense of it. */
    async function take(response: Response, entry: string, warnings: readonly string[]): Promise<Reply> {
      const head: ReplyHead = {
        request: hash,
        entry,
        variant: request.variant,
        surface: surface.name,
        at: new Date(now()).toISOString(),
        requestId: header(response, 'x-request-id', scrub) ?? header(response, 'request-id', scrub),
        taskId: header(response, 'x-runapi-task-id', scrub),
      };
      const file = storeReply(folders, id, head, key);
      const { received, closed, warning } = await receive({ response, surface, file, stop, settings, tell });
      if (stop.signal.reason === 'stopped') throw new Stopped();
      const problem = file.problem();
      const unkept = problem === undefined ? [] : [`the reply could not be kept as it came: ${problem}`];
      const all = [...warnings, ...(warning ? [warning] : []), ...unkept];
      return { ...composeReply(asked, { received, head, closed, warnings: all }), durationMs: now() - begun };
    }
  };
}

/** For an entry in the ledger of what is paid already: one that cannot be written is said, and costs nobody the reply. */
async function quietly(entry: Promise<void>): Promise<readonly string[]> {
  return entry.then(
    () => [],
    (error: unknown) => [`the ledger could not be written, so this request counts at its upper estimate: ${messageOf(asProblem(error))}`],
  );
}

function header(response: Response, name: string, scrub: (text: string) => string): string | undefined {
  const value = response.headers.get(name);
  return value ? scrub(value).slice(0, 200) : undefined;
}
