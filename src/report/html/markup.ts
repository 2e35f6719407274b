import { neutralise } from '../../safety/text.ts';

/** A piece of a page whose text is already safe to show. Only `html` makes one, so nothing of a repository or a model gets in unescaped. */
export type Markup = { readonly markup: string };

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return neutralise(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}

type Value = string | number | undefined | false | Markup | readonly Markup[];

/** A template of markup: values are escaped, pieces that are markup already are taken as they are, `undefined` and `false` are nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return { markup: parts.map((part, at) => part + show(values[at])).join('') };
}

/** Markup that a library made of escaped text. */
export function trusted(markup: string): Markup {
  return { markup };
}

function show(value: Value): string {
  if (value === undefined || value === false) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return `${value}`;
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/** Text in which code stands between back-ticks. */
export function prose(text: string): Markup {
  return html`${text.split(/`([^`\n]+)`/).map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))}`;
}
