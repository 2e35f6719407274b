import { createHash } from 'node:crypto';
import type { Report } from '../../schema/report.ts';
import { version } from '../../version.ts';
import { wentWell } from '../tone.ts';
import { html } from './markup.ts';
import css from './page.css?raw';
import { sectionsOf } from './sections.ts';

/**
 * A report as one file: no script, no request, its policy forbids both. It works from the keyboard, in the dark, on paper and without eyes.
 */
export function toHtml(report: Report): string {
  const sections = sectionsOf(report);
  const style = `sha256-${createHash('sha256').update(css).digest('base64')}`;
  const policy = `default-src 'none'; style-src '${style}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${report.verb}: ${report.status}</title>
<style>${{ markup: css }}</style>
</head>
<body>
<header>
<h1><span class="${wentWell(report) ? 'good' : 'bad'}">${report.status}</span> <span class="faint">${report.verb}</span></h1>
<p class="lead">${report.summary}</p>
<nav aria-label="Sections"><ul>${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(({ id, title, body }) => html`<section id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${title}</h2>${body}</section>\n`)}
</main>
<footer><p>${report.root}${report.job && ` · job ${report.job}`} · glm-skill ${version}</p></footer>
</body>
</html>
`;
  return page.markup;
}
