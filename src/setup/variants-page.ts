import type { Amount, Variant } from '../schema/model.ts';

/** The page `references/variants.md`: the table of variants as Markdown. Pure, so that the generator can check it. */
export function variantsPage(variants: readonly Variant[]): string {
  return [
    '# Variants and prices',
    '',
    'Generated from the table in the package; do not edit. `list_variants` (CLI `variants`) shows the same, with live prices where the gateway was reached.',
    'Prices are USD per million tokens through RunAPI. `unknown` means that no source states it: never fill it in.',
    '',
    'Contents: Prices and limits · What each is · Benchmarks · The same for all · Notes and contradictions · Sources',
    '',
    '## Prices and limits',
    '',
    ...table(
      ['variant', 'input', 'output', 'cache read', 'cache write', 'window', 'longest output', 'status'],
      variants.map((variant) => {
        const { prices } = variant;
        const amounts = [prices.input, prices.output, prices.cacheRead, prices.cacheWrite].map(usd);
        return [`\`${variant.id}\``, ...amounts, count(variant.contextTokens), count(variant.maxOutputTokens), variant.status];
      }),
    ),
    '',
    '## What each is',
    '',
    ...variants.map(
      ({ id, summary, comparison }) => `- \`${id}\`: ${cell(summary)}${comparison ? ` RunAPI says: "${cell(comparison)}".` : ''}`,
    ),
    '',
    '## Benchmarks',
    '',
    ...table(
      ['variant', 'benchmark', 'percent', 'source', 'date'],
      variants.flatMap(({ id, benchmarks }) =>
        (benchmarks ?? []).map(({ name, percent, source, date }) => [`\`${id}\``, name, String(percent), source, date]),
      ),
    ),
    '',
    '## The same for all',
    '',
    ...facts.map(([name, of]) => `- ${name}: ${each(variants, (variant) => [of(variant)]).join('; ')}`),
    '',
    '## Notes and contradictions',
    '',
    ...each(variants, ({ notes }) => notes).map((line) => `- ${line}`),
    '',
    '## Sources',
    '',
    ...table(
      ['variant', 'released', 'source of the prices', 'date'],
      variants.map(({ id, released, prices }) => [`\`${id}\``, released ?? 'unknown', prices.source, prices.date]),
    ),
    '',
  ].join('\n');
}

const facts: readonly [string, (variant: Variant) => string][] = [
  ['provider', ({ provider }) => provider],
  ['modality', ({ modality }) => modality],
  ['task type', ({ taskType }) => taskType],
  ['billing unit', ({ billingUnit }) => billingUnit],
  ['endpoint', ({ endpoint }) => endpoint],
  ['licence', ({ licence }) => licence],
  ['commercial use', ({ commercialUse }) => (commercialUse ? 'yes' : 'no')],
];

/** Every value once, with the variants it holds for unless it holds for all. */
function each(variants: readonly Variant[], of: (variant: Variant) => readonly string[]): string[] {
  const found = new Map<string, string[]>();
  for (const variant of variants) for (const value of of(variant)) found.set(value, [...(found.get(value) ?? []), variant.id]);
  return [...found].map(([value, ids]) => (ids.length === variants.length ? cell(value) : `${cell(value)} (${ids.join(', ')})`));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`);
}

function usd(amount: Amount): string {
  if (amount === 'unknown') return amount;
  return amount === 0 ? 'free' : amount.toFixed(2);
}

const count = (tokens: number) => tokens.toLocaleString('en-US');
const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ');
