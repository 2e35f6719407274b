import type { Report } from '../../schema/report.ts';
import type { Failure } from '../../schema/run.ts';
import { usd } from '../markdown.ts';
import { explain } from '../parts.ts';
import { drawCause } from './cause.ts';
import { drawDiff } from './diff.ts';
import { drawEvaluation } from './evaluation.ts';
import { drawFlow } from './flow.ts';
import { html, type Markup } from './markup.ts';
import { drawRuns, type Run } from './runs.ts';
import { drawTreemap } from './treemap.ts';

/** A part of the page with its heading; it is absent where the report has nothing for it. */
export type Section = { readonly id: string; readonly title: string; readonly body: Markup };

/** Everything of a report, what matters most first. */
export function sectionsOf(report: Report): Section[] {
  const all: readonly (readonly [string, string, Markup | undefined])[] = [
    ['failing', 'Failing test', report.failing && drawFailure(report.failing)],
    ['flow', 'From the assertion to the change', drawFlow(report)],
    ['shown', 'Cause, shown by running', drawCause(report)],
    ['cause', 'Root cause', report.rootCause && html`<p>${explain(report.rootCause)}</p>`],
    ['evaluation', 'Past bugs and variants', report.evaluation && drawEvaluation(report.evaluation)],
    ['answer', 'Answer', report.answer === undefined ? undefined : html`<pre>${report.answer}</pre>`],
    ['findings', 'Findings', drawFindings(report)],
    ['patch', 'Patch', report.patch && html`${drawFlags(report)}${drawDiff(report.patch.diff)}`],
    ['proof', 'Proof', drawProof(report)],
    ['groups', 'Failures by cause', drawGroups(report)],
    ['suspects', 'Suspects', drawSuspects(report)],
    ['context', 'What was sent', drawContext(report)],
    ['attempts', 'Attempts', drawAttempts(report)],
    ['warnings', 'Warnings', report.warnings.length > 0 ? drawList(report.warnings) : undefined],
    ['next', 'Next', report.next.length > 0 ? drawList(report.next) : undefined],
  ];
  return all.flatMap(([id, title, body]) => (body ? [{ id, title, body }] : []));
}

const drawList = (lines: readonly string[]) => html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;

function drawFailure({ name, file, line, kind, message, expected, actual, frames }: Failure): Markup {
  const values =
    expected !== undefined &&
    html`<div class="pair"><div><h3>Expected</h3><pre class="good">${expected}</pre></div><div><h3>Actual</h3><pre class="bad">${actual ?? ''}</pre></div></div>`;
  const stack =
    frames.length > 0 &&
    html`<details><summary>${frames.length} stack frames</summary><ol>${frames.map(
      (frame) => html`<li><code>${frame.file}:${frame.line}</code> ${frame.name}</li>`,
    )}</ol></details>`;
  return html`<p><strong>${name}</strong> <code>${file}${line ? `:${line}` : ''}</code> (${kind})</p><pre>${message}</pre>${values}${stack}`;
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

function drawFlags({ patch }: Report): Markup {
  return html`${(patch?.flags ?? []).map((one) => html`<p class="warn">⚠ ${one.flag}: ${one.message} <code>${one.path}</code></p>`)}`;
}

function drawProof({ proof, run }: Report): Markup | undefined {
  if (!proof) return run && drawRuns([{ label: 'tests', run }]);
  const { before, after, wide } = proof;
  const runs: Run[] = [
    ...(before ? [{ label: 'failing tests, before', run: before }] : []),
    ...after.map((one, at) => ({ label: `failing tests, after (${at + 1})`, run: one })),
    ...(wide
      ? [
          { label: `${wide.scope}, before`, run: wide.before },
          { label: `${wide.scope}, after`, run: wide.after },
        ]
      : []),
  ];
  const broken = [...(wide?.newFailures ?? []), ...(wide?.missing ?? [])];
  return html`<p class="${proof.verdict === 'verified' ? 'good' : 'bad'}"><strong>${proof.verdict}</strong></p><p>${proof.why}</p>${drawRuns(runs)}${
    broken.length > 0 && html`<h3>Broken or gone</h3>${drawList(broken)}`
  }<p class="faint">sandbox: ${proof.sandbox}${proof.tree && ` · tree ${proof.tree}`}</p>`;
}

const mostOpen = 20;

function drawGroups({ groups }: Report): Markup | undefined {
  if (!groups || (groups.length < 2 && groups[0]?.count === 1)) return undefined;
  return html`${groups.map(
    (group, at) =>
      html`<details${at < 1 && html` open`}><summary><strong>${group.count}×</strong> ${group.cause.slice(0, 400)}${
        group.environment && html` <span class="warn">environment: ${group.environment}</span>`
      }</summary>${at < mostOpen && html`<pre>${group.first.message}</pre>`}<ul>${group.ids.map((id) => html`<li><code>${id}</code></li>`)}</ul>${
        group.ids.length < group.count && html`<p class="faint">and ${group.count - group.ids.length} more</p>`
      }</details>`,
  )}`;
}

function drawSuspects({ suspects, manifest }: Report): Markup | undefined {
  if (!suspects || suspects.length === 0) return undefined;
  const most = Math.max(...suspects.map(({ score }) => score), Number.MIN_VALUE);
  const best = new Map<string, number>();
  for (const { file, score } of suspects) best.set(file, Math.max(best.get(file) ?? 0, score / most));
  const sizes = new Map<string, number>();
  for (const { path, tokens, form } of manifest?.entries ?? [])
    if (form !== 'outline' && form !== 'output') sizes.set(path, (sizes.get(path) ?? 0) + tokens);
  for (const { path, tokens } of manifest?.leftOut ?? []) sizes.set(path, Math.max(sizes.get(path) ?? 0, tokens ?? 400));
  for (const file of best.keys()) if (!sizes.has(file)) sizes.set(file, 400);
  const leaves = [...sizes].map(([path, size]) => ({
    path,
    size,
    shade: best.get(path) ?? 0,
    title: `${path}: ${best.has(path) ? `suspicion ${Math.round((best.get(path) ?? 0) * 100)} %` : 'not suspected'}`,
  }));
  const rows = suspects.map(
    (one, at) => html`<tr><td class="number">${at + 1}</td><td><code>${one.file}${one.line ? `:${one.line}` : ''}</code> ${one.name}</td>
<td>${one.evidence.join('; ')}</td></tr>`,
  );
  return html`<figure>${drawTreemap('Files of the repository, the more suspected the warmer', leaves)}<figcaption>Files by size, the more suspected the warmer.</figcaption></figure>
<table class="facts"><thead><tr><th>#</th><th>where</th><th>why</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function drawContext({ manifest }: Report): Markup | undefined {
  if (!manifest) return undefined;
  const shades = { whole: 1, part: 0.75, signatures: 0.4, outline: 0.25, output: 0.6 } as const;
  const leaves = manifest.entries.map(({ path, startLine, endLine, tokens, form, reason }) => ({
    path: `${path}/${startLine}-${endLine}`,
    size: tokens,
    shade: shades[form],
    title: `${path}:${startLine}-${endLine}, ${form}, ${tokens} tokens: ${reason}`,
  }));
  const rows = manifest.entries.map(
    (one) =>
      html`<tr><td><code>${one.path}:${one.startLine}-${one.endLine}</code></td><td>${one.form}</td><td class="number">${one.tokens}</td><td>${one.reason}</td></tr>`,
  );
  return html`<p>${manifest.tokens} of at most ${manifest.budgetTokens} tokens; ${manifest.redactions} secrets hidden; ${manifest.leftOutCount} files left out.</p>
<figure>${drawTreemap('Tokens by file', leaves)}<figcaption>Tokens by file; warm: whole, cool: signatures only.</figcaption></figure>
<details><summary>${manifest.entries.length} pieces with their reasons</summary><table class="facts"><thead><tr><th>piece</th><th>form</th><th>tokens</th><th>reason</th></tr></thead><tbody>${rows}</tbody></table></details>
<details><summary>Left out</summary><ul>${manifest.leftOut.map((one) => html`<li><code>${one.path}</code>: ${one.reason}</li>`)}</ul></details>`;
}

function drawAttempts({ attempts }: Report): Markup | undefined {
  if (!attempts || attempts.length === 0) return undefined;
  const rows = attempts.map(
    (
      one,
    ) => html`<tr><td class="number">${one.number}</td><td>${one.variant}</td><td>${one.verdict ?? one.outcome}</td><td class="number">${one.usage.inputTokens}</td>
<td class="number">${one.usage.outputTokens}</td><td class="number">${usd(one.costUsd)}</td><td>${[...one.refusals, ...one.placeFailures].map(({ message }) => message).join(' ')} ${one.note}</td></tr>`,
  );
  return html`<table class="facts"><thead><tr><th>#</th><th>variant</th><th>came to</th><th>tokens in</th><th>out</th><th>cost</th><th>note</th></tr></thead><tbody>${rows}</tbody></table>`;
}
