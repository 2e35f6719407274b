import type { Batch, CauseResult } from '../../schema/batch.ts';
import { version } from '../../version.ts';
import { drawDiff } from '../html/diff.ts';
import { frame } from '../html/frame.ts';
import { html, type Markup } from '../html/markup.ts';
import { lineRanges, money, short, wentWell } from './text.ts';

/** A batch as one file in the manner of a report. */
export function batchPage(batch: Batch): string {
  return frame({
    title: `batch: ${batch.summary}`,
    status: batch.status,
    tone: batch.rows.every(wentWell) ? 'good' : 'bad',
    what: 'batch',
    lead: `${batch.summary} ${money(batch)}`,
    sections: [
      { id: 'rows', title: 'Rows', body: rowsOf(batch) },
      { id: 'causes', title: 'Causes', body: batch.causes.map(causeOf) },
      ...(batch.warnings.length > 0
        ? [{ id: 'warnings', title: 'Warnings', body: html`<ul>${batch.warnings.map((one) => html`<li>${one}</li>`)}</ul>` }]
        : []),
    ],
    footer: `batch ${batch.batch} · glm-skill ${version}`,
  });
}

function rowsOf({ rows }: Batch): Markup {
  return html`
<table><thead><tr><th scope="col">Line</th><th scope="col">Row</th><th scope="col">Status</th><th scope="col">Class</th><th scope="col">Causes</th><th scope="col">What came of it</th></tr></thead>
<tbody>${rows.map((row) => html`<tr><td>${row.line}</td><td>${row.name}</td><td><span class="${wentWell(row) ? 'good' : 'bad'}">${row.status}</span></td><td>${row.class}</td><td>${row.causes.map((one) => html`<a href="#c-${one}">${short(one)}</a> `)}</td><td>${row.summary}</td></tr>\n`)}</tbody></table>`;
}

function causeOf(one: CauseResult): Markup {
  return html`<section id="c-${one.fingerprint}" aria-labelledby="h-${one.fingerprint}"><h3 id="h-${one.fingerprint}"><span class="${one.proven.length === one.rows.length ? 'good' : 'bad'}">${one.status}</span> ${one.cause}</h3>
<p>${one.class}: ${one.why}. ${one.known ? `Known since ${one.known.slice(0, 10)}` : 'New'}. Lines ${lineRanges(one.rows)}${one.proven.length > 0 && `; verified on ${lineRanges(one.proven)}`}. ${one.summary}</p>
${(one.opened ?? []).map((url) => html`<p>${url}</p>`)}${(one.notOpened ?? []).map((why) => html`<p>No request was opened: ${why}</p>`)}${one.patches.map((patch) => html`<h4>Patch from ${patch.from}, verified on lines ${lineRanges(patch.rows)}</h4>${drawDiff(patch.diff)}`)}</section>\n`;
}
