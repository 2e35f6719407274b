import { estimate } from './glm/estimate.ts';
import { usd } from './report/markdown.ts';
import type { VariantsInput } from './schema/input.ts';
import type { Amount, Variant } from './schema/model.ts';

/** The variants as data and as a table; with `tokens`, what a context of that size would cost on each. */
export function listVariants({ tokens }: VariantsInput, variants: readonly Variant[]): { json: Record<string, unknown>; text: string } {
  const rows = variants.map((one) => ({ ...one, ...(tokens !== undefined && { estimate: estimate(one, tokens) }) }));
  const table = rows.map((one) => line(one, one.estimate && `${usd(one.estimate.usd.low)} to ${usd(one.estimate.usd.high)}`));
  const head = ['variant', 'context', 'max out', 'in', 'out', 'cache read', ...(tokens === undefined ? [] : [`${tokens} tokens`])];
  const sources = [...new Set(variants.map((one) => `${one.prices.source}, ${one.prices.date}`))];
  const summary = `${variants.length} GLM variants; prices in USD per 1M tokens.`;
  const text = `${[summary, '', row(head), row(head.map(() => '---')), ...table, '', ...sources.map((one) => `Prices: ${one}`)].join('\n')}\n`;
  return { json: { status: 'answered', summary, variants: rows }, text };
}

function line(one: Variant, cost: string | undefined): string {
  const { input, output, cacheRead } = one.prices;
  const cells = [one.id, String(one.contextTokens), String(one.maxOutputTokens), price(input), price(output), price(cacheRead)];
  return row(cost === undefined ? cells : [...cells, cost]);
}

function price(amount: Amount): string {
  return amount === 'unknown' ? 'unknown' : amount.toFixed(2);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}
