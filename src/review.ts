import { kindOf } from './context/kinds.ts';
import { GlmError } from './errors.ts';
import { timeoutMs } from './find.ts';
import { reviewMessages } from './glm/review-prompt.ts';
import { readChanges } from './repo/changes.ts';
import { openRoot } from './repo/root.ts';
import { sarifOf } from './report/sarif.ts';
import { disarm } from './safety/text.ts';
import type { Deps } from './schema/deps.ts';
import { defaults, type ReviewInput } from './schema/input.ts';
import { type Finding, type Report, severities } from './schema/report.ts';
import { around, isNoise, weightOf } from './stages/around.ts';
import { readFindings } from './stages/findings.ts';
import { gather, openGround } from './stages/gather.ts';
import { chooseVariants } from './stages/offer.ts';
import { trySuggestions } from './stages/suggestions.ts';
import { capped, ending, priceOf, startTalk } from './stages/talk.ts';

/** Reviews what changed: findings must lie on changed lines, and suggested edits are tried against the tests in a worktree. */
export async function review(input: ReviewInput & { root: string }, deps: Deps): Promise<Report> {
  const variants = chooseVariants(input.variant, deps.variants);
  const { root } = await openRoot(input.root, deps.folders.home);
  const ground = await openGround(root, deps);
  const { git, tree, redactor } = ground;
  if (!git?.head) throw new GlmError('no_git', `${root} is not a git repository with a commit, so there is no diff to review.`);
  const changes = await readChanges(git, input.since, tree.read);
  const files = changes.files.filter(({ path }) => !isNoise(path)).sort((a, b) => weightOf(a.path) - weightOf(b.path));
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
  const unseen = [...changes.leftOut, ...changes.files.flatMap(({ path }) => (isNoise(path) ? [path] : []))];
  const notShown = unseen.length > 0 ? [`${unseen.length} changed files are not reviewed: ${unseen.slice(0, 10).join(', ')}`] : [];
  if (files.length === 0) return { ...empty, warnings: notShown };

  const changed = new Map(files.map(({ path, changed: lines }) => [path, lines]));
  const { context, cut } = await gather(
    ground,
    {
      text: files.map(({ path, text }) => `${path}\n${text}`).join('\n'),
      budgetTokens: input.budget ?? defaults.budgetTokens,
      accept: (path) => ['source', 'aside', 'test'].includes(kindOf(path)),
      first: files.map(({ path, text }) => ({ path: `diff of ${path}`, text, reason: 'the change', plain: true })),
      prefer: (ranking) => around(ranking, changed),
    },
    deps,
  );
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
    warnings: [...notShown, ...cut.map((path) => `${path} had no room whole and is reviewed in part: raise budget`)],
  };
  const refused = capped(packed, input.max_cost);
  if (refused) return refused;
  if (!deps.ask) return ending(packed, undefined);

  const talk = startTalk(talking, { ...deps, ask: deps.ask });
  const reply = await talk.ask(messages);
  const said = reply?.outcome === 'complete' ? readFindings(reply.text, changed) : undefined;
  if (!said || (said.findings.length + said.rejected.length === 0 && !said.none)) return ending(packed, talk, reply);
  const tried = await trySuggestions(
    said.findings,
    { root, git, redactor, command: input.command, timeoutMs: timeoutMs(input), sandbox: input.sandbox ?? 'auto' },
    deps,
  );
  // A refactoring that the tests do not bear out is none.
  const kept = tried.filter((one, at) => !said.findings[at]?.refactoring || one.edit === 'proven');
  const report: Report = {
    ...packed,
    ...talk.bill(),
    status: 'reviewed',
    findings: bySeverity(kept),
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
  await deps.keep('review.sarif', JSON.stringify(sarifOf(report), null, 2));
  return { ...report, summary: summarize(report) };
}

function bySeverity(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
}

function summarize({ findings = [], rejected = [] }: Report): string {
  const counts = severities.flatMap((severity) => {
    const count = findings.filter((one) => one.severity === severity).length;
    return count > 0 ? [`${count} ${severity}`] : [];
  });
  const proven = findings.filter(({ edit }) => edit === 'proven').length;
  const dropped = rejected.length > 0 ? ` ${rejected.length} rejected.` : '';
  return `${findings.length === 0 ? 'No findings.' : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}: ${counts.join(', ')}; ${proven} with a proven edit.`}${dropped}`;
}
