import { isUnpaid, type Report } from '../../schema/report.ts';
import type { Failure } from '../../schema/run.ts';
import { paid } from '../markdown.ts';
import { explain } from '../parts.ts';
import { citationLine, worthLines } from '../uses.ts';
import { drawCause } from './cause.ts';
import { drawDiff } from './diff.ts';
import { drawEvaluation } from './evaluation.ts';
import { drawFlow } from './flow.ts';
import { drawContext, drawSuspects } from './maps.ts';
import { html, type Markup, prose } from './markup.ts';
import { drawSummary } from './summary.ts';
import { drawTimeline } from './timeline.ts';

/** A part of the page with its heading; it is absent where the report has nothing for it. */
export type Section = { readonly id: string; readonly title: string; readonly body: Markup };

/** Everything of a report, what matters most first. */
export function sectionsOf(report: Report): Section[] {
  const all: readonly (readonly [string, string, Markup | undefined])[] = [
    ['summary', 'In short', drawSummary(report)],
    ['failing', 'Failing test', report.failing && drawFailure(report.failing, report)],
    ['flow', 'From the assertion to the change', drawFlow(report)],
    ['shown', 'Cause, shown by running', drawCause(report)],
    ['cause', 'Root cause', report.rootCause && html`<p>${prose(explain(report.rootCause))}</p>`],
    ['evaluation', 'Past bugs and variants', report.evaluation && drawEvaluation(report.evaluation)],
    ['answer', 'Answer', report.answer === undefined ? undefined : html`<pre>${report.answer}</pre>`],
    ['findings', 'Findings', drawFindings(report)],
    ['worth', 'Worth of the tests', report.worth && drawProse(worthLines(report.worth))],
    ['patch', report.verb === 'cause' ? 'The undo' : 'Patch', drawPatch(report)],
    ['proof', report.proof ? 'Proof' : 'Tests', drawProof(report)],
    ['groups', 'Failures by cause', drawGroups(report)],
    ['suspects', 'Suspects', drawSuspects(report)],
    ['excerpts', 'Code at the suspects', drawExcerpts(report)],
    ['context', report.attempts ? 'What was sent' : 'What would be sent', drawContext(report)],
    ['attempts', 'Attempts', drawAttempts(report)],
    ['warnings', 'Warnings', report.warnings.length > 0 ? drawList(report.warnings) : undefined],
    ['citations', 'Citations', report.citations && drawProse(report.citations.map(citationLine))],
    [
      'rejected',
      'Said by the model and not borne out',
      report.rejected && drawList(report.rejected.map(({ what, why }) => `${what}: ${why}`)),
    ],
    ['next', 'Next', report.next.length > 0 ? drawProse(report.next) : undefined],
  ];
  return all.flatMap(([id, title, body]) => (body ? [{ id, title, body }] : []));
}

const drawList = (lines: readonly string[]) => html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

/** Lines of Markdown's lists. */
const drawProse = (lines: readonly string[]) => html`<ul>${lines.map((line) => html`<li>${prose(line.replace(/^\s*- /, ''))}</li>`)}</ul>`;

function drawFailure({ name, file, line, kind, message, expected, actual, frames }: Failure, { flake }: Report): Markup {
  const values =
    expected !== undefined &&
    html`<div class="pair"><div><h3>Expected</h3><pre class="good">${expected}</pre></div><div><h3>Actual</h3><pre class="bad">${actual ?? ''}</pre></div></div>`;
  const stack =
    frames.length > 0 &&
    html`<details><summary>${frames.length} ${frames.length === 1 ? 'stack frame' : 'stack frames'}</summary><ol>${frames.map(
      (frame) => html`<li><code>${frame.file}:${frame.line}</code> ${frame.name}</li>`,
    )}</ol></details>`;
  return html`<p><strong>${name}</strong> <code>${file}${line ? `:${line}` : ''}</code> (${kind})</p><pre>${message}</pre>${values}${
    flake && html`<p>${flake.verdict}: red in ${flake.failed} of ${flake.runs} re-runs (${flake.why})</p>`
  }${stack}`;
}

function drawFindings({ findings }: Report): Markup | undefined {
  if (!findings || findings.length === 0) return undefined;
  return html`${findings.map(
    (one) =>
      html`<h3>${one.severity} <code>${one.path}:${one.startLine}</code></h3><p>${one.why}</p>${
        one.diff !== undefined && html`<p>Suggested edit: ${one.edit}</p>${drawDiff(one.diff)}`
      }`,
  )}`;
}

/** A cause has shown its smallest undo among what it found. */
function drawPatch({ patch, cause, verb }: Report): Markup | undefined {
  if (!patch || (verb === 'cause' && patch.diff === cause?.blame?.undo?.diff)) return undefined;
  const flags = patch.flags.map((one) => html`<p class="warn">⚠ ${one.flag}: ${one.message} <code>${one.path}</code></p>`);
  return html`${flags}${drawDiff(patch.diff)}`;
}

function drawProof(report: Report): Markup | undefined {
  const { proof } = report;
  const timeline = drawTimeline(report);
  if (!proof) return timeline;
  const { wide, gradeWhy, mutants, unneeded = [], smaller, stillRed = [] } = proof;
  const broken = [...(wide?.newFailures ?? []), ...(wide?.missing ?? [])];
  const list = (title: string, lines: readonly string[]) => lines.length > 0 && html`<h3>${title}</h3>${drawList(lines)}`;
  return html`<p class="${proof.verdict === 'verified' ? 'good' : 'bad'}"><strong>${proof.verdict}${proof.grade && ` (${proof.grade})`}</strong></p><p>${proof.why}</p>${
    gradeWhy && html`<p>${gradeWhy}.</p>`
  }${timeline}${list('Broken or gone', broken)}${list('New skips', wide?.newSkips ?? [])}${list('Still red, and not asked for', stillRed)}${list(
    'Changes to the patched lines that no test notices',
    mutants?.survived ?? [],
  )}${list('Parts that the failing tests do not need', unneeded)}${
    smaller && html`<details><summary>The patch without them</summary>${drawDiff(smaller.diff)}</details>`
  }<p class="faint">sandbox: ${proof.sandbox}${proof.tree && ` · tree ${proof.tree}`}</p>`;
}

const mostOpen = 20;

function drawGroups({ groups }: Report): Markup | undefined {
  if (!groups || (groups.length < 2 && groups[0]?.count === 1)) return undefined;
  return html`${groups.map(
    (group, at) =>
      html`<details${at < 1 && html` open`}><summary><strong>${group.count}×</strong> ${group.cause.slice(0, 400)}${
        group.environment && html` <span class="warn">environment: ${group.environment}</span>`
      }</summary>${at < mostOpen && html`<pre>${group.first.message}</pre>`}<pre tabindex="0">${group.ids.join('\n')}</pre>${
        group.ids.length < group.count && html`<p class="faint">and ${group.count - group.ids.length} more</p>`
      }</details>`,
  )}`;
}

/** Code at the foremost suspects, with its line numbers, for those who look for the fault themselves. */
function drawExcerpts({ excerpts }: Report): Markup | undefined {
  if (!excerpts || excerpts.length === 0) return undefined;
  return html`${excerpts.map(({ path, startLine, text }, at) => {
    const lines = text.split('\n').map((line, row) => `${String(startLine + row).padStart(5)}  ${line}`);
    return html`<details${at < 1 && html` open`}><summary><code>${path}:${startLine}</code></summary><pre class="diff" tabindex="0">${lines.join('\n')}</pre></details>`;
  })}`;
}

function drawAttempts({ attempts, costUsd }: Report): Markup | undefined {
  if (!attempts || attempts.length === 0) return undefined;
  const rows = attempts.map((one) => {
    const said = [...one.refusals, ...one.placeFailures].map(({ message }) => message).join(' ');
    return html`<tr><td class="number">${one.number}</td><td>${one.variant}</td><td>${one.verdict ?? one.outcome}</td><td class="number">${one.usage.inputTokens}</td>
<td class="number">${one.usage.cachedTokens}</td><td class="number">${one.usage.outputTokens}</td><td class="number">${(one.durationMs / 1000).toFixed(1)} s</td><td class="number">${paid(one)}</td><td>${said} ${one.note}</td></tr>`;
  });
  const number = (name: string) => html`<th scope="col" class="number">${name}</th>`;
  return html`<div class="scroll" tabindex="0"><table class="facts"><thead><tr>${number('#')}<th scope="col">variant</th><th scope="col">came to</th>${number('tokens in')}${number('cached')}${number('out')}${number('time')}${number('cost')}<th scope="col">note</th></tr></thead><tbody>${rows}</tbody></table></div>${
    costUsd !== undefined && html`<p>In all: ${paid({ costUsd, unpaid: isUnpaid({ attempts }) })}.</p>`
  }`;
}
