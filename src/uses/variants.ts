import { estimate } from '../glm/money/estimate.ts';
import { answerBytes, jsonBytes } from '../report/fit.ts';
import { usd } from '../report/markdown.ts';
import type { VariantsInput } from '../schema/input.ts';
import type { Amount, Variant } from '../schema/model.ts';

type VariantList = { readonly json: { status: string; summary: string; variants: Partial<Variant>[] }; readonly text: string };

/** The list cut to the size of an answer: first what a choice does not hang on, then the tail, which is named. */
export function fitVariants(list: VariantList['json']): VariantList['json'] {
  if (jsonBytes(list) <= answerBytes) return list;
  const brief = list.variants.map(({ notes, summary, comparison, benchmarks, facts, ...rest }) => rest);
  const most = brief.findIndex((_, at) => jsonBytes(brief.slice(0, at + 1)) > answerBytes - 400);
  if (most < 0) return { ...list, variants: brief };
  const summary = `${list.summary} Cut to fit: ${most} of them; all stand in glm-skill://variants and in glm-skill variants --json.`;
  return { ...list, summary, variants: brief.slice(0, most) };
}

/** The variants as data and as a table; with `tokens`, what a context of that size would cost on each. */
export function listVariants({ tokens }: VariantsInput, variants: readonly Variant[]): VariantList {
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
