import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Folders } from '../../config.ts';
import { Prices, unknown, type Variant } from '../../schema/model.ts';
import { writeAtomic } from '../../store.ts';
import { parseJson } from '../json.ts';
import { apiRoot, findProfile } from '../profiles.ts';
import type { Settings } from '../settings.ts';
import { openTransport, type Reach } from '../wire/transport.ts';
import { noPrice, strangeVariant, variants } from './variants.ts';

const freshMs = 24 * 3_600_000;
const patienceMs = 4_000;

/** What a gateway says of its models: IDs, and prices where it has a price list. `at` is an ISO 8601 time. */
export const Catalogue = z.object({
  at: z.string(),
  etag: z.string().optional(),
  models: z.array(z.string()),
  prices: z.record(z.string(), Prices),
});
export type Catalogue = z.infer<typeof Catalogue>;

const cents = z.number().nonnegative().nullish();
const PriceList = z.object({
  as_of: z.string(),
  price_schedules: z.array(
    z.object({
      model: z.string().nullish(),
      pricing_status: z.string().nullish(),
      currency: z.string().nullish(),
      input_price_per_1m_cents: cents,
      output_price_per_1m_cents: cents,
      cache_read_price_per_1m_cents: cents,
      cache_write_price_per_1m_cents: cents,
      cache_write_5m_price_per_1m_cents: cents,
    }),
  ),
});
const ModelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** What was last heard from the gateway, however old. Undefined: nothing yet. */
export function readCatalogue(folders: Folders, baseUrl: string): Catalogue | undefined {
  try {
    return Catalogue.safeParse(parseJson(readFileSync(cataloguePath(folders, baseUrl), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/**
 * Asks the gateway for models and prices, at most once a day, and keeps the answer. The price list takes no key and an ETag; what cannot
 * be reached within seconds or read leaves what was known. Nothing is thrown.
 */
export async function refreshCatalogue(options: Reach): Promise<Catalogue | undefined> {
  const { baseUrl, folders, now } = options;
  const known = readCatalogue(folders, baseUrl);
  if (known && Math.abs(now() - Date.parse(known.at)) < freshMs) return known;
  const limit = AbortSignal.timeout(patienceMs);
  const signal = options.signal ? AbortSignal.any([options.signal, limit]) : limit;
  const [models, list] = await Promise.all([fetchModels(options, signal), fetchPrices(options, known, signal)]);
  if (!models && !list) return known;
  const catalogue: Catalogue = {
    at: new Date(now()).toISOString(),
    etag: list?.etag ?? known?.etag,
    models: models ?? known?.models ?? [],
    prices: list?.prices ?? known?.prices ?? {},
  };
  await writeAtomic(cataloguePath(folders, baseUrl), JSON.stringify(catalogue)).catch(() => {});
  return catalogue;
}

/** The shipped variants with the prices of the catalogue, then the GLM models that only the gateway knows. */
export function currentVariants(catalogue: Catalogue | undefined): readonly Variant[] {
  const shipped = variants.map((variant) => ({ ...variant, prices: catalogue?.prices[variant.id] ?? variant.prices }));
  const further = (catalogue?.models ?? []).filter((id) => /glm/i.test(id) && !variants.some((variant) => variant.id === id));
  return [...shipped, ...further.map((id) => ({ ...strangeVariant(id), prices: catalogue?.prices[id] ?? strangeVariant(id).prices }))];
}

/** What a variant costs at a place: what the user says, what the place says, what was shipped where that holds. */
export function pricesAt(baseUrl: string, variant: Variant, catalogue: Catalogue | undefined, { profile, price }: PriceSettings): Prices {
  const unpriced = { ...noPrice, source: `no price is known for ${new URL(baseUrl).host}` };
  const shipped = findProfile(baseUrl, profile).priced ? variant.prices : unpriced;
  return price ?? catalogue?.prices[variant.id] ?? shipped;
}
type PriceSettings = Pick<Settings, 'profile' | 'price'>;

function cataloguePath(folders: Folders, baseUrl: string): string {
  return join(folders.cache, 'catalogue', `${new URL(baseUrl).host.replace(/[^\w.-]/g, '_')}.json`);
}

async function fetchModels({ baseUrl, key, env }: Reach, signal: AbortSignal): Promise<string[] | undefined> {
  return quietly(async () => {
    const transport = await openTransport(apiRoot(baseUrl), key, env);
    try {
      const exchange = await transport.get('models', signal);
      if (exchange.type === 'failure') return undefined;
      return ModelList.safeParse(await exchange.response.json()).data?.data.map(({ id }) => id);
    } finally {
      await transport.close();
    }
  });
}

type PriceAnswer = { readonly prices: Record<string, Prices> | undefined; readonly etag: string | undefined };

async function fetchPrices({ baseUrl, env }: Reach, known: Catalogue | undefined, signal: AbortSignal): Promise<PriceAnswer | undefined> {
  if (!findProfile(baseUrl).priced) return undefined;
  return quietly(async () => {
    const transport = await openTransport(new URL(baseUrl).origin, '', env);
    try {
      const headers: Record<string, string> = known?.etag ? { 'if-none-match': known.etag } : {};
      const exchange = await transport.get('/api/v1/price_schedules?action=chat_completion', signal, headers);
      if (exchange.type === 'failure') return exchange.failure.status === 304 ? { prices: known?.prices, etag: known?.etag } : undefined;
      const list = PriceList.safeParse(await exchange.response.json()).data;
      return list && { prices: readPrices(list), etag: exchange.response.headers.get('etag') ?? undefined };
    } finally {
      await transport.close();
    }
  });
}

/** Prices of the GLM models that have one in dollars. Pending ones are left to the shipped table. */
function readPrices(list: z.infer<typeof PriceList>): Record<string, Prices> {
  const usd = (amount: number | null | undefined) => (typeof amount === 'number' ? amount / 100 : unknown);
  const entries = list.price_schedules.flatMap((row): [string, Prices][] => {
    const input = usd(row.input_price_per_1m_cents);
    const output = usd(row.output_price_per_1m_cents);
    if (!row.model || !/glm/i.test(row.model) || row.pricing_status === 'pending' || (row.currency ?? 'USD') !== 'USD') return [];
    if (input === unknown || output === unknown) return [];
    const cacheWrite = usd(row.cache_write_5m_price_per_1m_cents ?? row.cache_write_price_per_1m_cents);
    const cacheRead = usd(row.cache_read_price_per_1m_cents);
    return [[row.model, { input, output, cacheRead, cacheWrite, source: 'live price list of the gateway', date: list.as_of.slice(0, 10) }]];
  });
  return Object.fromEntries(entries);
}

async function quietly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}
