import { stripVTControlCharacters } from 'node:util';

/** Text without colours and control characters; a progress bar's carriage returns become line ends. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\t\n]/gu, '');
}

/** The last `most` characters, cut at a line end. */
export function tail(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(-most);
  const line = cut.indexOf('\n');
  return `[cut]\n${line >= 0 && line < 500 ? cut.slice(line + 1) : cut}`;
}

/** The first `most` characters, marked where they were cut. */
export function head(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most)} [cut]`;
}
