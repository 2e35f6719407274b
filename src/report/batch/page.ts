import { createHash } from 'node:crypto';
import type { Batch, CauseResult } from '../../schema/batch.ts';
import { version } from '../../version.ts';
import { drawDiff } from '../html/diff.ts';
import { html, type Markup } from '../html/markup.ts';
import css from '../html/page.css?raw';
import { lineRanges, money, short, wentWell } from './text.ts';

/** A batch as one file in the manner of a report: no script, no request, and its policy forbids both. */
export function batchPage(batch: Batch): string {
  const style = `sha256-${createHash('sha256').update(css).digest('base64')}`;
  const policy = `default-src 'none'; style-src '${style}'; base-uri 'none'; form-action 'none'`;
  const well = batch.rows.every(wentWell);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>batch: ${batch.summary}</title>
<style>${{ markup: css }}</style>
</head>
<body>
<header>
<h1><span class="${well ? 'good' : 'bad'}">${batch.status}</span> <span class="faint">batch</span></h1>
<p class="lead">${batch.summary} ${money(batch)}</p>
<nav aria-label="Sections"><ul><li><a href="#rows">Rows</a></li><li><a href="#causes">Causes</a></li></ul></nav>
</header>
<main>
<section id="rows" aria-labelledby="h-rows"><h2 id="h-rows">Rows</h2>
<table><thead><tr><th scope="col">Line</th><th scope="col">Row</th><th scope="col">Status</th><th scope="col">Class</th><th scope="col">Causes</th><th scope="col">What came of it</th></tr></thead>
<tbody>${batch.rows.map((row) => html`<tr><td>${row.line}</td><td>${row.name}</td><td><span class="${wentWell(row) ? 'good' : 'bad'}">${row.status}</span></td><td>${row.class}</td><td>${row.causes.map((one) => html`<a href="#c-${one}">${short(one)}</a> `)}</td><td>${row.summary}</td></tr>\n`)}</tbody></table></section>
<section id="causes" aria-labelledby="h-causes"><h2 id="h-causes">Causes</h2>${batch.causes.map(causeOf)}</section>
</main>
<footer><p>batch ${batch.batch} · glm-skill ${version}</p></footer>
</body>
</html>
`;
  return page.markup;
}

function causeOf(one: CauseResult): Markup {
  return html`<section id="c-${one.fingerprint}" aria-labelledby="h-${one.fingerprint}"><h3 id="h-${one.fingerprint}"><span class="${one.proven.length === one.rows.length ? 'good' : 'bad'}">${one.status}</span> ${one.cause}</h3>
<p>${one.class}: ${one.why}. ${one.known ? `Known since ${one.known.slice(0, 10)}` : 'New'}. Lines ${lineRanges(one.rows)}${one.proven.length > 0 && `; verified on ${lineRanges(one.proven)}`}. ${one.summary}</p>
${(one.opened ?? []).map((url) => html`<p>${url}</p>`)}${one.patches.map((patch) => html`<h4>Patch from ${patch.from}, verified on lines ${lineRanges(patch.rows)}</h4>${drawDiff(patch.diff)}`)}</section>\n`;
}
