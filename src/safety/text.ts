import { createHash } from 'node:crypto';

const esc = String.fromCharCode(0x1b);
const bel = String.fromCharCode(0x07);
const csi = String.fromCharCode(0x9b);
const parameters = '[0-?]*[ -/]*[@-~]';
const escapes = new RegExp(
  `${esc}(?:\\[${parameters}|\\][^${bel}${esc}]{0,2000}(?:${bel}|${esc}\\\\)?|[PX^_][^${esc}]{0,2000}(?:${esc}\\\\)?|[ -/]*[0-~])|${csi}${parameters}`,
  'g',
);
const controls = /(?![\t\n\r])\p{Cc}/gu;
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const templateTokens = /<\|(?=[\w/ .-]{1,40}\|>)/g;

/** Text of the repository or the model made harmless to show: no ANSI, control or bidi characters, chat-template tokens broken. */
export function neutralise(text: string): string {
  return text.replace(escapes, '').replace(controls, '').replace(bidi, '').replace(templateTokens, '<\u200b|');
}

/** Wraps text as data. The mark follows from the content: nobody who writes the text can close the fence, and the same text gives the same bytes. */
export function fence(label: string, text: string): string {
  const name = label.replace(/[\r\n]+/g, ' ');
  let mark = '';
  for (let round = 0; !mark || text.includes(mark); round++) {
    mark = createHash('sha256').update(`${round}\0${name}\0${text}`).digest('hex').slice(0, 12);
  }
  return `<<<${mark} ${name}\n${text}${text.endsWith('\n') ? '' : '\n'}${mark}>>>`;
}
