import { z } from 'zod';
import { GlmError } from '../errors.ts';
import type { Report } from '../schema/report.ts';
import { version } from '../version.ts';

const predicateType = 'urn:glm-skill:proof:v1';

/** An in-toto Statement about a patch: what was proven, of which tree, by which commands and runs. */
const Receipt = z.looseObject({
  _type: z.literal('https://in-toto.io/Statement/v1'),
  subject: z.array(z.looseObject({ name: z.string(), digest: z.record(z.string(), z.string()) })).min(1),
  predicateType: z.literal(predicateType),
  predicate: z.looseObject({
    commit: z.string().regex(/^[0-9a-f]{40,64}$/),
    clean: z.boolean(),
    patch: z.string(),
    failing: z.array(z.string()),
    verdict: z.string(),
    grade: z.string().optional(),
  }),
});
export type Receipt = z.infer<typeof Receipt>;

/** What the report of a proof says, in a form that can be checked again. Throws `bad_input` where nothing was proven. */
export function makeReceipt(report: Report): Receipt {
  const { proof, patch, base } = report;
  if (!proof || !patch || !base)
    throw new GlmError('bad_input', `Nothing was proven (${report.status}), so there is no receipt.`, { hint: report.summary });
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [
      { name: 'patch', digest: { sha256: patch.sha256 } },
      ...(proof.tree === undefined ? [] : [{ name: 'tree', digest: { gitTree: proof.tree } }]),
    ],
    predicateType,
    predicate: {
      tool: { name: 'glm-skill', version },
      ...base,
      patch: patch.diff,
      flags: patch.flags,
      failing: report.failing ? [report.failing.id] : [],
      commands: [proof.before, proof.wide?.before].flatMap((run) => (run ? [run.command] : [])),
      runs: [proof.before, ...proof.after, proof.wide?.before, proof.wide?.after].filter((run) => run !== undefined),
      compared: proof.wide?.scope,
      verdict: proof.verdict,
      grade: proof.grade,
      gradeWhy: proof.gradeWhy,
      sandbox: proof.sandbox,
    },
  };
}

/** Throws `bad_input` for what is no receipt of ours. */
export function readReceipt(text: string): Receipt {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    given = undefined;
  }
  const receipt = Receipt.safeParse(given);
  if (receipt.success) return receipt.data;
  throw new GlmError('bad_input', 'That is no receipt of glm-skill.', { hint: 'glm-skill prove --patch FILE --receipt FILE writes one.' });
}
