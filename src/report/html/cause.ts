import type { Blame, Cause, Divergence, Undo } from '../../schema/cause.ts';
import type { Since } from '../../schema/run.ts';
import { drawDiff } from './diff.ts';
import { html, type Markup } from './markup.ts';

/** What running the tests has shown: the values at the places where they part, the part of the change, the first bad commit. */
export function drawCause({ cause }: { readonly cause?: Cause | undefined }): Markup | undefined {
  if (!cause?.values && !cause?.blame && !cause?.since) return undefined;
  const { values, blame, since } = cause;
  return html`${values && html`<p>Values beside ${values.against}.</p>${drawPlaces(values.divergences)}`}${
    values?.more !== undefined && html`<p class="faint">and ${values.more} more functions</p>`
  }${blame && drawBlame(blame)}${since && drawSince(since)}`;
}

/** The first place in full, the others when they are asked for. */
function drawPlaces([first, ...rest]: readonly Divergence[]): Markup {
  return html`${first && drawPlace(first)}${
    rest.length > 0 &&
    html`<details><summary>${rest.length} further ${rest.length === 1 ? 'place' : 'places'}</summary>${rest.map(drawPlace)}</details>`
  }`;
}

function drawPlace({ path, line, call, gave, instead, others = [], from, why }: Divergence): Markup {
  const good = instead !== undefined && html`<div><h4>On the good run</h4><pre class="good">${instead}</pre></div>`;
  const beside = others.length > 0 && html`<p>Beside it: ${others.map((one, at) => html`${at > 0 && '; '}<code>${one}</code>`)}</p>`;
  return html`<h3><code>${path}:${line}</code></h3><pre>${call}</pre><div class="pair"><div><h4>It gave</h4><pre class="bad">${gave}</pre></div>${good}</div>${beside}
<p class="faint">${why}${from && html`; called at <code>${from.path}:${from.line}</code>`}</p>`;
}

function drawBlame({ change, hunks, of, why, runs, undo, widest }: Blame): Markup {
  const places = hunks.map(
    ({ path, line, endLine, name, added, removed }) =>
      html`<li><code>${path}:${line}${endLine > line && `-${endLine}`}</code>${name && ` in ${name}`} (+${added} −${removed})</li>`,
  );
  return html`<h3>Which part of the change</h3><p>${why}.</p><p>${hunks.length} of ${of} hunks of ${change}, found in ${runs} runs:</p><ul>${places}</ul>${
    undo && html`<details open><summary>What the undo changes</summary>${drawDiff(undo.diff)}</details>`
  }${widest && drawWidest(widest)}`;
}

const scopes = { hunks: 'These hunks', function: 'The whole function', file: 'The whole file', change: 'All of the change' } as const;

function drawWidest({ scope, takesAway }: Undo): Markup {
  return html`<p>${scopes[scope]} can be undone too, and nothing that passed fails. It takes away:</p><ul>${takesAway.map((one) => html`<li>${one}</li>`)}</ul>`;
}

function drawSince({ verdict, why, commit }: Since): Markup {
  const bad =
    commit &&
    html`<p>First bad commit: <code>${commit.sha.slice(0, 12)}</code> ${commit.subject} (${commit.author}, ${commit.authorDate})</p>
<details><summary>Its changes</summary><pre>${commit.diff}</pre></details>`;
  return html`<h3>When did it break</h3><p>${verdict}: ${why}</p>${bad}`;
}
