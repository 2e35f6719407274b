import type { ServerResponse } from 'node:http';
import { variants } from '../glm/money/variants.ts';
import { errorBody } from './refusals.ts';
import { json } from './wire.ts';

type SentHeaders = Readonly<Record<string, string>>;

/** The list of models, or with `id` one of them, in the shape of OpenAI, or of Anthropic where its header is sent. */
export function models(headers: SentHeaders, response: ServerResponse, id?: string): void {
  const anthropic = headers['x-api-key'] !== undefined || headers['anthropic-version'] !== undefined;
  const data = variants.map(({ id, released }) =>
    anthropic
      ? { type: 'model', id, display_name: id, created_at: `${released ?? '2026-01-01'}T00:00:00Z` }
      : { id, object: 'model', created: Date.parse(released ?? '2026-01-01') / 1000, owned_by: 'z-ai' },
  );
  if (id !== undefined) {
    const one = data.find((model) => model.id === id);
    if (one) json(response, 200, one);
    else json(response, 404, errorBody(anthropic, 404, { error: { message: `no model ${id}`, code: 'model_not_found' } }));
    return;
  }
  json(response, 200, anthropic ? { data, has_more: false, first_id: data[0]?.id, last_id: data.at(-1)?.id } : { object: 'list', data });
}

/** Live prices as RunAPI gives them, in cents per 1M tokens; variants without a price are pending. */
export function prices(headers: SentHeaders, response: ServerResponse): void {
  const etag = '"2026-11-20"';
  if (headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const schedules = variants.map(({ id, prices: { input, output, cacheRead } }) => {
    const cents = (usd: number | 'unknown') => (usd === 'unknown' ? null : Math.round(usd * 100));
    return {
      service: 'glm',
      action: 'chat_completion',
      model: id,
      pricing_status: input === 'unknown' ? 'pending' : 'available',
      catalog_status: 'active',
      currency: 'USD',
      billing_unit: '1K tokens',
      billing_strategy: 'token',
      input_price_per_1m_cents: cents(input),
      output_price_per_1m_cents: cents(output),
      cache_read_price_per_1m_cents: cents(cacheRead),
      cache_write_5m_price_per_1m_cents: input === 'unknown' ? null : 0,
    };
  });
  json(response, 200, { as_of: '2026-11-20T00:00:00Z', price_schedules: schedules }, { etag });
}

/** An account with ten dollars. */
export function balance(response: ServerResponse): void {
  json(response, 200, {
    balance_cents: 1000,
    paid_balance_cents: 0,
    bonus_balance_cents: 1000,
    spent_cents_today: 0,
    spent_cents_total: 0,
  });
}
