import { GlmError } from '../../errors.ts';
import { type Prices, unknown, type Variant } from '../../schema/model.ts';

const docs = { source: 'models.dev and docs.z.ai', date: '2026-11-20' } as const;
const skill = { source: "RunAPI's own GLM skill", date: '2026-11-20' } as const;

/** What all variants share on RunAPI, as its spec sheets say (read 2026-11-20). */
const common = {
  provider: 'Z.ai',
  modality: 'text',
  taskType: 'synchronous',
  status: 'active',
  billingUnit: '1K tokens',
  endpoint: '/v1/chat/completions',
  commercialUse: true,
  licence: 'MIT (weights)',
} as const;

/** The price of what has none. */
export const noPrice: Prices = {
  input: unknown,
  output: unknown,
  cacheRead: unknown,
  cacheWrite: unknown,
  source: 'no price was found on RunAPI; half of the Z.ai list price would be a guess',
  date: '2026-11-20',
};

function priced(input: number, output: number, cacheRead: number, page: string): Prices {
  return { input, output, cacheRead, cacheWrite: 0, source: `runapi.ai/${page}`, date: '2026-11-20' };
}

const perThousand =
  "RunAPI's Markdown pages price this variant per 1K tokens, 18 to 67 times the figure of the HTML page; the HTML page is used, live prices outrank it";
const window128 = 'published window 131,072 tokens; 128,000 are used';
const window200 = 'published window 200,000 or 204,800 tokens depending on the source; 200,000 are used';
const parameters5 = "RunAPI's comparison line says 754B parameters, the model's README 744B";

/** The GLM variants that RunAPI serves, the dated fallback of the live catalogue. Prices in USD per 1M tokens. */
export const variants: readonly Variant[] = [
  {
    id: 'glm-4.5',
    ...common,
    contextTokens: 128_000,
    maxOutputTokens: 98_304,
    prices: noPrice,
    summary: 'Flagship open-weight MoE baseline, 355B / 32B active.',
    comparison: '355B / 32B active; 128K context; flagship open-weight MoE baseline',
    released: '2025-07-28',
    benchmarks: [{ name: 'SWE-bench Verified', percent: 64.2, source: 'arXiv 2508.06471', date: '2025-08' }],
    facts: docs,
    notes: [window128, perThousand, 'thinks only when it decides to'],
  },
  {
    id: 'glm-4.5-air',
    ...common,
    contextTokens: 128_000,
    maxOutputTokens: 98_304,
    prices: priced(0.1, 0.55, 0.02, 'zh-TW/models/glm/4.5-air'),
    summary: 'Lighter GLM-4.5 tier for fast, lower-cost everyday work, 106B / 12B active.',
    comparison: 'Lighter GLM-4.5 tier for fast, lower-cost everyday work',
    released: '2025-07-28',
    facts: docs,
    notes: [window128, perThousand, 'thinks only when it decides to'],
  },
  {
    id: 'glm-4.6',
    ...common,
    contextTokens: 200_000,
    maxOutputTokens: 131_072,
    prices: priced(0.3, 1.1, 0.06, 'ko/models/glm/4.6'),
    summary: 'Longer context and sharper code generation than 4.5.',
    comparison: '200K context; first GLM on Cambricon chips; sharper code generation',
    released: '2025-09-30',
    benchmarks: [{ name: 'SWE-bench Verified', percent: 68, source: 'derived: 4.7 is said to be 5.8 points better', date: '2025-12' }],
    facts: docs,
    notes: [window200, perThousand],
  },
  {
    id: 'glm-4.7',
    ...common,
    contextTokens: 200_000,
    maxOutputTokens: 131_072,
    prices: priced(0.3, 1.1, 0.06, 'zh-TW/models/glm/4.7'),
    summary: 'The price of 4.6 with better coding; always thinks.',
    comparison: '200K context; 73.8% SWE-bench; persistent thinking across turns',
    released: '2025-12-22',
    benchmarks: [{ name: 'SWE-bench Verified', percent: 73.8, source: 'RunAPI comparison line', date: '2026-11-20' }],
    facts: docs,
    notes: [window200, perThousand],
  },
  {
    id: 'glm-5',
    ...common,
    contextTokens: 200_000,
    maxOutputTokens: 131_072,
    prices: noPrice,
    summary: 'General GLM 5 requests, 744B / 40B active.',
    released: '2026-02-12',
    benchmarks: [
      { name: 'SWE-bench Verified', percent: 77.8, source: 'self-reported, RunAPI landing page', date: '2026-11-20' },
      { name: 'SWE-bench Verified', percent: 72.8, source: 'swebench.com', date: '2026-11-20' },
      { name: 'SWE-bench Pro', percent: 55.1, source: 'self-reported', date: '2026-11-20' },
    ],
    facts: docs,
    notes: [window200, perThousand],
  },
  {
    id: 'glm-5-turbo',
    ...common,
    contextTokens: 200_000,
    maxOutputTokens: 131_072,
    prices: priced(0.6, 2, 0.12, 'models/glm/5-turbo'),
    summary: 'Faster GLM 5, tuned for agents.',
    released: '2026-03-16',
    facts: docs,
    notes: [window200, perThousand],
  },
  {
    id: 'glm-5.1',
    ...common,
    contextTokens: 200_000,
    maxOutputTokens: 131_072,
    prices: noPrice,
    summary: 'Strongest open-weight score on SWE-bench Pro among the variants RunAPI lists.',
    comparison: '754B / 40B active; 58.4% SWE-bench Pro — top open-weight score',
    released: '2026-04-07',
    benchmarks: [{ name: 'SWE-bench Pro', percent: 58.4, source: 'RunAPI comparison line', date: '2026-11-20' }],
    facts: docs,
    notes: [window200, perThousand, parameters5, 'answers get worse beyond 70,000 to 100,000 tokens of context'],
  },
  {
    id: 'glm-5.2',
    ...common,
    status: "named in RunAPI's own skill; price page not seen",
    contextTokens: 1_000_000,
    maxOutputTokens: 131_072,
    prices: noPrice,
    summary: 'Cross-protocol flagship with a 1M window.',
    released: '2026-06-13',
    benchmarks: [{ name: 'SWE-bench Pro', percent: 62.1, source: 'models.dev', date: '2026-11-20' }],
    facts: skill,
    notes: ['tools, structured output and thinking controls are rejected (unsupported_model_capability)'],
  },
  {
    id: 'glm-5.3',
    ...common,
    status: "named in RunAPI's own skill; price page not seen",
    contextTokens: 1_000_000,
    maxOutputTokens: 131_072,
    prices: noPrice,
    summary: 'Latest text workloads, Chat Completions only.',
    released: '2026-08-18',
    facts: skill,
    notes: ['maximum output not published: the limit of 5.2 is used', 'thinking cannot be switched off'],
  },
];

/** Variants from cheap to strong, as `auto` climbs them. */
export const climb = ['glm-4.5-air', 'glm-4.7', 'glm-5.1'] as const;

/**
 * The variant with this ID ("glm-4.6", "4.6"). An ID that only the live list names is a variant of which nothing else is known.
 * Throws `unknown_variant`.
 */
export function findVariant(id: string, listed: readonly string[] = []): Variant {
  const wanted = id.trim().toLowerCase();
  const known = variants.find((variant) => variant.id === wanted || variant.id === `glm-${wanted}`);
  if (known) return known;
  if (listed.includes(id)) return strangeVariant(id);
  const names = [...variants.map((variant) => variant.id), ...listed.filter((name) => /glm/i.test(name))];
  throw new GlmError('unknown_variant', `There is no variant "${id}".`, { hint: `Use one of: ${[...new Set(names)].join(', ')}.` });
}

/** A model of which only the name is known: the smallest window of the family and no price. */
export function strangeVariant(id: string): Variant {
  return {
    id,
    ...common,
    provider: unknown,
    status: 'listed by the gateway',
    licence: unknown,
    contextTokens: 128_000,
    maxOutputTokens: 98_304,
    prices: { ...noPrice, source: 'not in the shipped table' },
    summary: 'Listed by the gateway; not in the shipped table.',
    notes: ['window and maximum output are those of the smallest GLM'],
  };
}
