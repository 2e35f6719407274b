import type { Evaluation } from '../../schema/evaluation.ts';
import { dataLines, variantTable, whyLines } from '../evaluation.ts';
import { plotSvg } from '../plot.ts';
import { html, type Markup, trusted } from './markup.ts';

/** Past bugs, variants with their plot, what was not solved, and what is no past bug. */
export function drawEvaluation(evaluation: Evaluation): Markup {
  const { head, rows } = variantTable(evaluation);
  const { failures, out } = whyLines(evaluation);
  const list = (title: string, lines: readonly string[]) =>
    lines.length > 0 && html`<details><summary>${title}</summary><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></details>`;
  const plot = evaluation.variants.some(({ tried }) => tried > 0) && trusted(plotSvg(evaluation));
  return html`${dataLines(evaluation).map((line) => html`<p>${line}</p>`)}${drawTable(head, rows)}${plot}${list('Not solved', failures)}${list('No past bug', out)}`;
}

function drawTable(head: readonly string[], rows: readonly (readonly string[])[]): Markup | undefined {
  if (rows.length === 0) return undefined;
  const body = rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`);
  return html`<table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${body}</tbody></table>`;
}
