import type { Amount, Estimate } from '../schema/model.ts';
import type { Attempt, Proof, Report } from '../schema/report.ts';
import type { Failure, RunSummary } from '../schema/run.ts';

/** A report as Markdown: what fails, why, what was sent, what it cost, the patch and its proof. Sections without content are absent. */
export function toMarkdown(report: Report): string {
  const parts = [
    `# ${report.verb}: ${report.status}`,
    report.summary,
    report.job && `Job \`${report.job}\` · root \`${report.root}\``,
    failingSection(report),
    groupsSection(report),
    report.since && sinceSection(report.since),
    report.rootCause && rootCauseSection(report.rootCause),
    report.patch &&
      section('Patch', [
        fence('diff', report.patch.diff),
        ...report.patch.flags.map((flag) => `- ⚠ ${flag.flag}: ${flag.message} (${flag.path})`),
      ]),
    report.proof && proofSection(report.proof),
    report.attempts && section('Attempts', report.attempts.map(attemptLine)),
    report.suspects &&
      section(
        'Suspects',
        report.suspects.map((one, at) => suspectLine(one, at)),
      ),
    report.manifest && manifestSection(report),
    report.excerpts &&
      section(
        'Excerpts',
        report.excerpts.map((one) => `\`${one.path}:${one.startLine}\`\n${fence('', one.text)}`),
      ),
    report.estimate && section('Estimate', [estimateLine(report.estimate)]),
    report.run && section('Tests', [runLine(report.run)]),
    report.warnings.length > 0 &&
      section(
        'Warnings',
        report.warnings.map((one) => `- ${one}`),
      ),
    report.next.length > 0 &&
      section(
        'Next',
        report.next.map((one) => `- ${one}`),
      ),
  ];
  return `${parts.filter((part) => typeof part === 'string' && part !== '').join('\n\n')}\n`;
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : `## ${title}\n${lines.join('\n')}`;
}

/** A fenced block whose fence is longer than any run of back-ticks inside. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text.replace(/\n$/, '')}\n${ticks}`;
}

function place(failure: Failure): string {
  return failure.file ? `${failure.file}${failure.line ? `:${failure.line}` : ''}` : (failure.package ?? '');
}

function failingSection({ failing, flake, run }: Report): string {
  if (!failing) return '';
  const lines = [
    `**${failing.name}**${place(failing) ? ` in \`${place(failing)}\`` : ''} (${failing.kind})`,
    fence('', failing.message),
    failing.expected !== undefined && `expected \`${oneLine(failing.expected)}\`, actual \`${oneLine(failing.actual ?? '')}\``,
    failing.frames.length > 0 &&
      failing.frames.map((frame) => `- \`${frame.file}:${frame.line}\`${frame.name ? ` ${frame.name}` : ''}`).join('\n'),
    flake && `Re-run: ${flake.verdict}, red in ${flake.failed} of ${flake.runs} (${flake.why})`,
    run?.rerun === false && 'Read from a report made elsewhere; nothing was run here.',
  ];
  return section(
    'Failing test',
    lines.filter((line) => typeof line === 'string'),
  );
}

function groupsSection({ groups }: Report): string {
  if (!groups || groups.length < 2) return '';
  return section(
    'Causes',
    groups.map((group, at) => `${at + 1}. ${group.count}× ${group.kind}: ${oneLine(group.cause)}\n   first: ${group.first.id}`),
  );
}

function sinceSection({ verdict, why, commit }: NonNullable<Report['since']>): string {
  const bad = commit && [
    `First bad commit: \`${commit.sha.slice(0, 12)}\` ${commit.subject} (${commit.author}, ${commit.authorDate})`,
    fence('diff', commit.diff),
  ];
  return section('When did it break', [`${verdict}: ${why}`, ...(bad ?? [])]);
}

function rootCauseSection({ summary, file, startLine, endLine, why }: NonNullable<Report['rootCause']>): string {
  const where = file ? `\`${file}${startLine ? `:${startLine}${endLine && endLine !== startLine ? `-${endLine}` : ''}` : ''}\`: ` : '';
  return section('Root cause', [`${where}${summary}`, ...(why && why !== summary ? ['', why] : [])]);
}

function suspectLine(one: NonNullable<Report['suspects']>[number], at: number): string {
  const where = `${one.file}${one.line ? `:${one.line}` : ''}`;
  return `${at + 1}. \`${where}\`${one.name ? ` ${one.name}` : ''}: ${one.evidence.join('; ')}`;
}

function proofSection(proof: Proof): string {
  const { before, after, wide } = proof;
  return section('Proof', [
    `**${proof.verdict}**: ${proof.why}`,
    ...(before ? [`- before: ${runLine(before)}`] : []),
    ...after.map((run, at) => `- after (${at + 1}): ${runLine(run)}`),
    ...(wide
      ? [
          `- ${wide.scope} before: ${runLine(wide.before)}`,
          `- ${wide.scope} after: ${runLine(wide.after)}`,
          `- new failures ${wide.newFailures.length}, no longer collected ${wide.missing.length}, new skips ${wide.newSkips.length}`,
          ...wide.newFailures.slice(0, 10).map((id) => `  - ${id}`),
        ]
      : []),
    `- sandbox: ${proof.sandbox}${proof.tree ? `, tree ${proof.tree.slice(0, 12)}` : ''}`,
  ]);
}

function manifestSection({ manifest, contextFile }: Report): string {
  if (!manifest) return '';
  const rows = manifest.entries.map(
    (one) => `- \`${one.path}:${one.startLine}-${one.endLine}\` ${one.form}, ${one.tokens} tokens: ${one.reason}`,
  );
  return section('Context', [
    `${manifest.tokens} of ${manifest.budgetTokens} tokens, ${manifest.redactions} redactions, bundle ${manifest.bundle.slice(0, 12)}; left out: ${manifest.leftOutCount} files`,
    ...(contextFile ? [`The whole pack: \`${contextFile}\``] : []),
    ...rows,
  ]);
}

function runLine(run: RunSummary): string {
  const exit = run.exitCode === null ? '' : `, exit ${run.exitCode}`;
  const where = run.cwd ? ` in ${run.cwd}` : '';
  return `\`${run.command.join(' ')}\`${where}: ${run.outcome}, ${run.passed}/${run.collected} passed, ${run.failed} failed, ${run.skipped} skipped${exit}, ${(run.durationMs / 1000).toFixed(1)} s`;
}

function attemptLine(one: Attempt): string {
  const tokens = `${one.usage.inputTokens} in, ${one.usage.outputTokens} out`;
  const problems = [
    ...one.refusals.map((refusal) => `refused (${refusal.rule}) ${refusal.path}`),
    ...one.placeFailures.map((fail) => `not placed (${fail.rule}) ${fail.path}`),
  ];
  const note = [...problems, ...(one.note ? [one.note] : [])].join('; ');
  return `${one.number}. ${one.variant}: ${one.verdict ?? one.outcome}, ${tokens}, ${usd(one.costUsd)}${note ? `; ${note}` : ''}`;
}

function estimateLine({ variant, inputTokens, usd: price, priceSource, priceDate }: Estimate): string {
  return `${variant}: ${inputTokens.low} to ${inputTokens.high} tokens in, ${usd(price.low)} to ${usd(price.high)} (prices: ${priceSource}, ${priceDate})`;
}

/** US dollars with enough digits for small sums; what is not known is said. */
export function usd(amount: Amount): string {
  if (amount === 'unknown') return 'cost unknown';
  return `$${amount < 0.01 ? amount.toFixed(5) : amount.toFixed(3)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('`', "'").trim().slice(0, 300);
}
