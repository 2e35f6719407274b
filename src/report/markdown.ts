import { disarmPage } from '../safety/text.ts';
import type { Amount, Estimate } from '../schema/model.ts';
import { type Attempt, isUnpaid, type Proof, type Report } from '../schema/report.ts';
import type { Failure, RunSummary } from '../schema/run.ts';
import { causeSections, sinceSection } from './cause.ts';
import { evaluationSections } from './evaluation.ts';
import { type Labels, labelsFor, turnAround } from './labels.ts';
import { explain, fence, section } from './parts.ts';
import { usesSections } from './uses.ts';

/**
 * A report as Markdown: what fails, why, what was sent, what it cost, the patch and its proof. Sections without content are absent. A model
 * is told first why it is red, what mends it and what to do next; people read from the test to the patch.
 */
export function toMarkdown(report: Report, reader: 'people' | 'model' = 'people'): string {
  const words = labelsFor(report.language);
  const list = (title: string, lines: readonly string[] | undefined) => lines && section(title, lines);
  const bullets = (lines: readonly string[]) => lines.map((one) => `- ${one}`);
  const job = report.job && `Job \`${report.job}\` · root \`${report.root}\``;
  const red = [
    failingSection(report, words),
    groupsSection(report, words),
    ...(report.cause ? causeSections(report.cause) : []),
    report.since && sinceSection(report.since),
  ];
  const rootCause = report.rootCause && rootCauseSection(report.rootCause, words);
  const uses = [...usesSections(report), ...(report.evaluation ? evaluationSections(report.evaluation) : [])];
  const patch =
    report.patch &&
    report.verb !== 'cause' &&
    section(words.patch, [
      fence('diff', report.patch.diff),
      ...report.patch.flags.map((flag) => `- ⚠ ${flag.flag}: ${flag.message} (${flag.path})`),
    ]);
  const proof = report.proof && proofSection(report.proof, words);
  const next = list(words.next, bullets(report.next));
  const rest = [
    list(
      words.attempts,
      report.attempts?.map((one) => attemptLine(one, words)),
    ),
    list(words.suspects, report.suspects?.map(suspectLine)),
    manifestSection(report, words),
    list(
      words.excerpts,
      report.excerpts?.map((one) => `\`${one.path}:${one.startLine}\`\n${fence('', one.text)}`),
    ),
    report.estimate && section(words.estimate, [estimateLine(report.estimate)]),
    report.run && section(words.tests, [runLine(report.run, words)]),
    list(words.warnings, bullets(report.warnings)),
  ];
  const head = [`# ${report.verb}: ${report.status}`, report.summary];
  const parts =
    reader === 'model'
      ? [...head, rootCause, patch, proof, next, job, ...red, ...uses, ...rest]
      : [...head, job, ...red, rootCause, ...uses, patch, proof, ...rest, next];
  return turnAround(disarmPage(`${parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n')}\n`), report.language);
}

function place(failure: Failure): string {
  return failure.file ? `${failure.file}${failure.line ? `:${failure.line}` : ''}` : (failure.package ?? '');
}

function failingSection({ failing, flake, run }: Report, words: Labels): string {
  if (!failing) return '';
  const lines = [
    `**${failing.name}**${place(failing) ? ` in \`${place(failing)}\`` : ''} (${failing.kind})`,
    failing.message !== '' && fence('', failing.message),
    failing.expected !== undefined &&
      `${words.expected} \`${oneLine(failing.expected)}\`, ${words.actual} \`${oneLine(failing.actual ?? '')}\``,
    failing.frames.length > 0 &&
      failing.frames.map((frame) => `- \`${frame.file}:${frame.line}\`${frame.name ? ` ${frame.name}` : ''}`).join('\n'),
    flake && `${words.rerun}: ${flake.verdict}, red in ${flake.failed} of ${flake.runs} (${flake.why})`,
    run?.rerun === false && words.readElsewhere,
  ];
  return section(
    words.failingTest,
    lines.filter((line) => typeof line === 'string'),
  );
}

function groupsSection({ groups }: Report, words: Labels): string {
  if (!groups || groups.length < 2) return '';
  return section(
    words.causes,
    groups.map((group, at) =>
      [
        `${at + 1}. ${group.count}× ${group.kind}: ${oneLine(group.cause)}`,
        ...(group.environment ? [`   environment: ${oneLine(group.environment)}`] : []),
        `   first: ${group.first.id}`,
      ].join('\n'),
    ),
  );
}

function rootCauseSection(cause: NonNullable<Report['rootCause']>, words: Labels): string {
  const { file, startLine, endLine } = cause;
  const where = file ? `\`${file}${startLine ? `:${startLine}${endLine && endLine !== startLine ? `-${endLine}` : ''}` : ''}\`: ` : '';
  return section(words.rootCause, [`${where}${explain(cause)}`]);
}

function suspectLine(one: NonNullable<Report['suspects']>[number], at: number): string {
  const where = `${one.file}${one.line ? `:${one.line}` : ''}`;
  return `${at + 1}. \`${where}\`${one.name ? ` ${one.name}` : ''}: ${one.evidence.join('; ')}`;
}

function proofSection(proof: Proof, words: Labels): string {
  const { before, after, wide } = proof;
  return section(words.proof, [
    `**${proof.verdict}**${proof.why && `: ${proof.why}`}`,
    ...(before ? [`- ${words.before}: ${runLine(before, words)}`] : []),
    ...after.map((run, at) => `- ${words.after} (${at + 1}): ${runLine(run, words)}`),
    ...(wide
      ? [
          `- ${wide.scope} ${words.before}: ${runLine(wide.before, words)}`,
          `- ${wide.scope} ${words.after}: ${runLine(wide.after, words)}`,
          `- ${words.newFailures} ${wide.newFailures.length}, ${words.notCollected} ${wide.missing.length}, ${words.newSkips} ${wide.newSkips.length}`,
          ...wide.newFailures.slice(0, 10).map((id) => `  - ${id}`),
        ]
      : []),
    `- sandbox: ${proof.sandbox}${proof.tree ? `, tree ${proof.tree.slice(0, 12)}` : ''}`,
  ]);
}

function manifestSection({ manifest, contextFile }: Report, words: Labels): string {
  if (!manifest) return '';
  const rows = manifest.entries.map(
    (one) => `- \`${one.path}:${one.startLine}-${one.endLine}\` ${one.form}, ${one.tokens} tokens: ${one.reason}`,
  );
  return section(words.context, [
    `${manifest.tokens} of ${manifest.budgetTokens} tokens, ${manifest.redactions} redactions, bundle ${manifest.bundle.slice(0, 12)}; ${words.leftOut}: ${manifest.leftOutCount}`,
    ...(contextFile ? [`${words.wholePack}: \`${contextFile}\``] : []),
    ...rows,
  ]);
}

function runLine(run: RunSummary, words: Labels): string {
  const exit = run.exitCode === null ? '' : `, exit ${run.exitCode}`;
  const where = run.cwd ? ` in ${run.cwd}` : '';
  return `\`${run.command.join(' ')}\`${where}: ${run.outcome}, ${run.passed}/${run.collected} ${words.passed}, ${run.failed} ${words.failed}, ${run.skipped} ${words.skipped}${exit}, ${(run.durationMs / 1000).toFixed(1)} s`;
}

function attemptLine(one: Attempt, words: Labels): string {
  const tokens = `${one.usage.inputTokens} in, ${one.usage.outputTokens} out`;
  const problems = [
    ...one.refusals.map((refusal) => `${words.refused} (${refusal.rule}) ${refusal.path}`),
    ...one.placeFailures.map((fail) => `${words.notPlaced} (${fail.rule}) ${fail.path}`),
  ];
  const note = [...problems, ...(one.note ? [one.note] : [])].join('; ');
  return `${one.number}. ${one.variant}: ${one.verdict ?? one.outcome}, ${tokens}, ${paid(one)}${note ? `; ${note}` : ''}`;
}

function estimateLine({ variant, inputTokens, usd: price, priceSource, priceDate }: Estimate): string {
  return `${variant}: ${inputTokens.low} to ${inputTokens.high} tokens in, ${usd(price.low)} to ${usd(price.high)} (prices: ${priceSource}, ${priceDate})`;
}

/** What an attempt cost. What this machine answers itself is no money, whatever its tokens would have cost elsewhere. */
export function paid({ costUsd, unpaid }: Pick<Attempt, 'costUsd' | 'unpaid'>): string {
  return unpaid ? 'nothing paid (served on this machine)' : usd(costUsd);
}

/** What all attempts together cost, in one line. Undefined where nothing was asked. */
export function spent({ attempts = [], costUsd }: Pick<Report, 'attempts' | 'costUsd'>): string | undefined {
  const last = attempts.at(-1);
  if (!last) return undefined;
  const money = paid({ costUsd: costUsd ?? last.costUsd, unpaid: isUnpaid({ attempts }) });
  return `${money} in ${attempts.length} ${attempts.length === 1 ? 'request' : 'requests'} to ${last.variant}`;
}

/** US dollars with enough digits for small sums; what is not known is said. */
export function usd(amount: Amount): string {
  if (amount === 'unknown') return 'cost unknown';
  return `$${amount < 0.01 ? amount.toFixed(5) : amount.toFixed(3)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('`', "'").trim().slice(0, 300);
}
