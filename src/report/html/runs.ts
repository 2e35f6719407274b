import type { RunSummary } from '../../schema/run.ts';
import { html, type Markup } from './markup.ts';

export type Run = { readonly label: string; readonly run: RunSummary };

const width = 360;

/** Test runs in the order in which they were made, each as a bar of what passed, failed and was skipped. */
export function drawRuns(runs: readonly Run[]): Markup {
  const rows = runs.map(
    ({ label, run }) => html`<tr><th scope="row">${label}</th><td class="${run.outcome === 'green' ? 'good' : 'bad'}">${run.outcome}</td>
<td class="number">${run.passed}</td><td class="number">${run.failed}</td><td class="number">${run.skipped}</td>
<td class="number">${(run.durationMs / 1000).toFixed(1)} s</td><td>${drawBar(run)}</td></tr>`,
  );
  return html`<div class="scroll" tabindex="0"><table class="facts"><thead><tr><th>run</th><th>outcome</th><th>passed</th><th>failed</th><th>skipped</th><th>time</th><th>share</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function drawBar({ passed, failed, skipped }: RunSummary): Markup {
  const all = Math.max(passed + failed + skipped, 1);
  let x = 0;
  const parts = [['passed', passed] as const, ['failed', failed] as const, ['skipped', skipped] as const].map(([kind, count]) => {
    // One failing test of thousands must be seen.
    const wide = count === 0 ? 0 : Math.max((count / all) * width, 3);
    const part = html`<rect class="${kind}" x="${x.toFixed(1)}" width="${wide.toFixed(1)}" height="12"/>`;
    x += wide;
    return part;
  });
  return html`<svg class="bar" width="${width + 9}" height="12" role="img" aria-label="${passed} passed, ${failed} failed, ${skipped} skipped">${parts}</svg>`;
}
