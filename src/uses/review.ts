import { kindOf } from '../context/scan/kinds.ts';
import { reviewMessages } from '../glm/prompts/review-prompt.ts';
import { gather, openGround } from '../packing/gather.ts';
import type { Named } from '../repo/root.ts';
import { findUnmerged, refuseMarked } from '../repo/uncommitted.ts';
import { sarifOf } from '../report/ci/sarif.ts';
import { around } from '../reviewing/around.ts';
import { leanBudget, listed, nameOf, openDiff, shownLines } from '../reviewing/diffed.ts';
import { readFindings, type Sorted } from '../reviewing/findings.ts';
import { beginTests, type Tried, trySuggestions } from '../reviewing/suggestions.ts';
import { disarm } from '../safety/text.ts';
import type { Deps } from '../schema/deps.ts';
import type { ReviewInput } from '../schema/input.ts';
import type { Redactor } from '../schema/redactor.ts';
import { bySeverity, type Report, severities } from '../schema/report.ts';
import { capped, ending, needsKey } from '../talk/ending.ts';
import { chooseVariants } from '../talk/offer.ts';
import { shrinking } from '../talk/shrink.ts';
import { priceOf, startTalk } from '../talk/talk.ts';
import { limitsOf } from './find.ts';

/** Why edits cannot be tried. */
const elsewhere = 'the change does not stand in the work tree: check it out to have edits tried';

/** Reviews what changed: findings must lie on changed lines, and suggested edits are tried against the tests in a worktree. */
export async function review(input: ReviewInput & Named, deps: Deps): Promise<Report> {
  const variants = chooseVariants(input.variant, deps.variants);
  const opened = await openGround(input, deps);
  if (input.diff === undefined) refuseMarked(await findUnmerged(opened.git));
  const { files, leftOut, applied, ground } = await openDiff(input, opened);
  const { root } = ground;
  const empty: Report = {
    version: 1,
    verb: 'review',
    status: 'reviewed',
    root,
    summary: 'Nothing to review: the diff is empty.',
    findings: [],
    warnings: [],
    next: [],
  };
  const unseen = listed(leftOut.map(({ path, reason }) => `${path} (${reason})`));
  const notShown = leftOut.length > 0 ? [`${leftOut.length} changed files are not reviewed: ${unseen}`] : [];
  if (files.length === 0)
    return {
      ...empty,
      warnings: notShown,
      ...(leftOut.length > 0 && { summary: 'Nothing to review: no changed file can be read line by line.' }),
    };

  const lean = input.budget === undefined;
  const pack = (budgetTokens: number) =>
    gather(
      ground,
      {
        text: files.map(({ path, text }) => `${path}\n${text}`).join('\n'),
        budgetTokens,
        accept: (path) => ['source', 'aside', 'test'].includes(kindOf(path)),
        first: files.map(({ path, text }) => ({ path: nameOf(path), text, reason: 'the change', plain: true })),
        lean,
        prefer: (ranking) => around(ranking, new Map(files.map(({ path, changed }) => [path, changed])), lean),
      },
      deps,
    );
  const { context, cut } = await pack(input.budget ?? leanBudget(files));
  const messages = reviewMessages(context.text, input);
  const talking = { variants, maxTokens: input.max_tokens, capUsd: input.max_cost, language: input.language };
  const { estimate } = priceOf(messages, talking);
  const packed: Report = {
    ...empty,
    status: 'packed',
    summary: '',
    manifest: context.manifest,
    contextFile: await deps.keep('context.md', messages.map(({ content }) => content).join('\n\n')),
    estimate,
    warnings: [
      ...notShown,
      ...(cut.length > 0 ? [`${cut.length} had no room whole and are reviewed in part or not at all: ${listed(cut)}. Raise budget.`] : []),
    ],
  };
  const refused = capped(packed, input.max_cost);
  if (refused) return refused;
  if (!deps.ask) return needsKey(packed);

  const trying = { ...ground, ...limitsOf(input), command: input.command };
  // They run while the model is asked.
  const tests = beginTests(
    applied ? trying : elsewhere,
    files.map(({ path }) => path),
    deps,
  );
  try {
    const talk = startTalk(talking, { ...deps, ask: deps.ask });
    const packs = shrinking(context, async (tokens) => (await pack(tokens)).context);
    const reply = await talk.insist(messages, async () => {
      const shorter = await packs.smaller();
      return shorter && reviewMessages(shorter.text, input);
    });
    const sent = { ...packed, manifest: packs.manifest(), warnings: [...packed.warnings, ...packs.warnings()] };
    const said = reply?.outcome === 'complete' ? readFindings(reply.text, shownLines(files, packs.sent().manifest)) : undefined;
    if (!said || (said.findings.length + said.rejected.length === 0 && !said.none))
      return ending(sent, talk, reply, 'The answer holds no finding in the form that was asked for, and does not say that there is none');
    const report = reported({ ...sent, ...talk.bill() }, said, await trySuggestions(said.findings, tests, deps), ground.redactor);
    await deps.keep('review.sarif', JSON.stringify(sarifOf(report), null, 2));
    return report;
  } finally {
    await tests.stop();
  }
}

function reported(sent: Report, said: Sorted, { findings: tried, red, warnings }: Tried, { redact }: Redactor): Report {
  // A refactoring that the tests do not bear out is none.
  const kept = tried.filter((one, at) => !said.findings[at]?.refactoring || one.edit === 'proven');
  const report: Report = {
    ...sent,
    // What was said and does not hold is no review.
    status: kept.length === 0 && !said.none ? 'no_answer' : 'reviewed',
    warnings: [...warnings.map((one) => redact(one).text), ...sent.warnings],
    findings: kept.toSorted(bySeverity),
    rejected: [
      ...said.rejected.map(({ what, why }) => ({ what: disarm(what), why })),
      ...tried
        .filter((one) => !kept.includes(one))
        .map(({ path, startLine, edit, note }) => ({
          what: `refactoring at ${path}:${startLine}`,
          why: `${edit ?? 'it has no edit'}${note ? `: ${note}` : ''}`,
        })),
    ],
    summary: '',
  };
  return { ...report, summary: [...red.map((one) => redact(one).text), summarize(report)].join(' ') };
}

function summarize({ findings = [], rejected = [] }: Report): string {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count > 0 ? [`${count} ${severity}`] : [];
  });
  const proven = findings.filter(({ edit }) => edit === 'proven').length;
  const dropped = rejected.length > 0 ? ` ${rejected.length} rejected.` : '';
  if (findings.length === 0 && rejected.length > 0) return `No finding holds: all ${rejected.length} were rejected.`;
  return `${findings.length === 0 ? 'No findings.' : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}: ${counts.join(', ')}; ${proven} with a proven edit.`}${dropped}`;
}
