import type { Report } from '../../schema/report.ts';
import { spent, usd } from '../markdown.ts';
import { html, type Markup, prose } from './markup.ts';

/** What a reader wants to know before all else, a line each: what fails, why, what mends it, what is proven, what it cost, what to do. */
export function drawSummary(report: Report): Markup | undefined {
  const { failing, groups = [], next } = report;
  const others = groups.reduce((sum, { count }) => sum + count, 0) - 1;
  const rows: readonly (readonly [string, Markup | undefined | false])[] = [
    [
      'Fails',
      failing &&
        html`${failing.name} <code>${failing.file}${failing.line && `:${failing.line}`}</code>${others > 0 && html` <span class="faint">and ${others} more</span>`}`,
    ],
    ['Because of', because(report)],
    ['Change', change(report)],
    ['Shown by', proven(report)],
    ['Not checked', unchecked(report)],
    ['Cost', cost(report)],
    ['Next', next.length > 0 && html`${next.map((line) => html`<div>${prose(line)}</div>`)}`],
  ];
  const shown = rows.flatMap(([name, body]) => (body ? [html`<dt>${name}</dt><dd>${body}</dd>`] : []));
  return shown.length > 1 ? html`<dl class="brief">${shown}</dl>` : undefined;
}

function because({ rootCause, cause }: Report): Markup | undefined {
  if (rootCause)
    return html`${rootCause.file && html`<code>${rootCause.file}${rootCause.startLine && `:${rootCause.startLine}`}</code> `}${prose(rootCause.summary)}`;
  const [hunk] = cause?.blame?.hunks ?? [];
  if (hunk) return html`<code>${hunk.path}:${hunk.line}</code> ${hunk.name}`;
  const [place] = cause?.values?.divergences ?? [];
  return (
    place &&
    html`<code>${place.path}:${place.line}</code> ${place.name} gave ${place.gave} <span class="faint">(where the values part)</span>`
  );
}

function change({ patch, verb }: Report): Markup | undefined {
  if (!patch || patch.files.length === 0) return undefined;
  const files = patch.files.map(({ path, added, removed }, at) => html`${at > 0 && ', '}<code>${path}</code> +${added} −${removed}`);
  return html`${files}${verb === 'cause' && ' (takes back your change, repairs nothing)'}`;
}

function proven({ proof }: Report): Markup | undefined {
  if (!proof) return undefined;
  const { before, after, wide, grade, verdict } = proof;
  const last = after.at(-1);
  return html`${verdict}${grade && `, ${grade}`}${before && last && `: failing tests ${before.failed} red before, ${last.failed} after`}${
    wide && `; ${wide.scope}: ${wide.before.failed} red before, ${wide.after.failed} after`
  }`;
}

function unchecked({ proof }: Report): Markup | undefined {
  if (!proof) return undefined;
  const open = [
    ...(proof.wide ? [] : ['whether anything else broke']),
    ...(proof.sandbox === 'none' ? ['what the tests did besides: they ran without a sandbox'] : []),
  ];
  return open.length > 0 ? html`<span class="warn">${open.join('; ')}</span>` : undefined;
}

function cost({ attempts = [], estimate, costUsd }: Report): Markup | undefined {
  const told = spent({ attempts, costUsd });
  if (told) return html`${told}`;
  return estimate && html`nothing yet; would be ${usd(estimate.usd.low)} to ${usd(estimate.usd.high)} with ${estimate.variant}`;
}
