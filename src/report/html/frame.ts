import { createHash } from 'node:crypto';
import diff from './diff.css?raw';
import fits from './fits.css?raw';
import { html, type Markup } from './markup.ts';
import base from './page.css?raw';
import pictures from './pictures.css?raw';

/** Smaller screens and paper come last, since they take back what stands before. */
const css = [base, pictures, diff, fits].join('');

/** What differs between pages; `tone` is the colour of the status. */
export type Framed = {
  readonly title: string;
  readonly status: string;
  readonly tone: 'good' | 'warn' | 'bad';
  readonly what: string;
  readonly lead: string;
  readonly sections: readonly { readonly id: string; readonly title: string; readonly body: Markup | readonly Markup[] }[];
  readonly footer: string;
};

/** One file: no script, no request, its policy forbids both. It works from the keyboard, in the dark, on paper and without eyes. */
export function frame({ title, status, tone, what, lead, sections, footer }: Framed): string {
  const style = `sha256-${createHash('sha256').update(css).digest('base64')}`;
  const policy = `default-src 'none'; style-src '${style}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${{ markup: css }}</style>
</head>
<body>
<header>
<h1><span class="${tone}">${status}</span> <span class="faint">${what}</span></h1>
<p class="lead">${lead}</p>
<nav aria-label="Sections"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
</header>
<main>
${sections.map(({ id, title: name, body }) => html`<section id="${id}" aria-labelledby="h-${id}"><h2 id="h-${id}">${name}</h2>${body}</section>\n`)}
</main>
<footer><p>${footer}</p></footer>
</body>
</html>
`;
  return page.markup;
}
