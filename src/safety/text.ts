import { createHash } from 'node:crypto';

const esc = String.fromCharCode(0x1b);
const bel = String.fromCharCode(0x07);
const csi = String.fromCharCode(0x9b);
const parameters = '[0-?]{0,40}[ -/]{0,8}[@-~]';
const escapes = new RegExp(
  `${esc}(?:\\[${parameters}|\\][^${bel}${esc}]{0,2000}(?:${bel}|${esc}\\\\)?|[PX^_][^${esc}]{0,2000}(?:${esc}\\\\)?|[ -/]{0,8}[0-~])|${csi}${parameters}`,
  'g',
);
const controls = /(?![\t\n\r])\p{Cc}/gu;
const invisible = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;
/** Tokens with which chat templates tell roles apart, and the markup of tool calls. */
export const chatTokens =
  /<\|[\w/][\w/ .-]{0,40}\|>|<\/?(?:tool_call|tool_response|function_calls?|arg_key|arg_value|think)>|\[\/?INST\]|<<\/?SYS>>|\[[gs]?MASK\]/g;
const blank = '\u200b';

/** Text of the repository or the model made harmless to show and to send: no ANSI, control or bidi characters, chat-template tokens broken. */
export function neutralise(text: string): string {
  return text
    .replace(escapes, '')
    .replace(controls, '')
    .replace(invisible, '')
    .replace(chatTokens, (token) => token.charAt(0) + blank + token.slice(1));
}

/**
 * Text of the model for an agent or a terminal: neutral, and Markdown cannot fetch: images become links in words, links to other hosts and
 * `javascript:`, `data:` or `file:` show their address.
 */
export function disarm(text: string): string {
  return neutralise(text)
    .replace(
      /!\[([^\]\n]{0,500})\]\(\s*<?([^)\s>]{0,2000})>?[^)\n]{0,200}\)/g,
      (_all, label: string, url: string) => `[image: ${label}] (${bare(url)})`,
    )
    .replace(
      /\[([^\]\n]{0,500})\]\(\s*<?((?:[a-z][a-z0-9+.-]{0,20}:|\/\/)[^)\s>]{0,2000})>?[^)\n]{0,200}\)/gi,
      (_all, label: string, url: string) => `${label} (${bare(url)})`,
    )
    .replace(/<(?=\/?(?:img|script|iframe|a|object|embed|link|meta|svg|video|audio|style|form)\b)/gi, '&lt;');
}

/** An address that nothing follows by itself. */
function bare(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]{0,20}):/i, `$1${blank}:`);
}

/** A text as a hurried reader sees it: no invisible characters, look-alike forms folded. For looking at, not for sending. */
export function plainText(text: string): string {
  return text.normalize('NFKC').replace(/\p{Cf}/gu, '');
}

/** Wraps text as data. The mark follows from the content: nobody who writes the text can close the fence, and the same text gives the same bytes. */
export function fence(label: string, text: string): string {
  const name = neutralise(label).replace(/[\r\n]+/g, ' ');
  let mark = '';
  for (let round = 0; !mark || text.includes(mark); round++) {
    mark = createHash('sha256').update(`${round}\0${name}\0${text}`).digest('hex').slice(0, 12);
  }
  return `<<<${mark} ${name}\n${text}${text.endsWith('\n') ? '' : '\n'}${mark}>>>`;
}
