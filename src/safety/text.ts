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
/** Marks of direction, fillers, tags and selectors that carry text unseen. Joiners stay: emoji and scripts need them. */
const invisible =
  /[\u00ad\u061c\u115f\u1160\u180e\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]|\u034f/gu;
/** Tokens with which chat templates tell roles apart, and the markup of tool calls. */
export const chatTokens =
  /<\|[\w/][\w/ .-]{0,40}\|>|<\/?(?:[a-z]{1,10}:)?(?:tool_calls?|tool_use|tool_results?|tool_response|function_calls?|function_results?|arg_key|arg_value|think)>|<\/?[a-z]{1,10}:(?:invoke|parameter)\b|<invoke name=|\[\/?INST\]|<<\/?SYS>>|\[[gs]?MASK\]/g;
/** Lines that a CI obeys wherever they are printed: GitHub's workflow commands, Azure's, TeamCity's. */
const ciCommands =
  /^([\t ]*:)(?=:(?:add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|notice|remove-matcher|save-state|set-env|set-output|stop-commands|warning)\b)|#(?=#(?:\[(?:command|debug|endgroup|error|group|section|warning)|vso\[|teamcity\[))/gim;
const blank = '\u200b';

/** Text of the repository or the model made harmless to show and to send: no ANSI, control or bidi characters, chat-template tokens and commands of a CI broken. */
export function neutralise(text: string): string {
  return text
    .replace(escapes, '')
    .replace(controls, '')
    .replace(invisible, '')
    .replace(chatTokens, (token) => token.charAt(0) + blank + token.slice(1))
    .replace(ciCommands, (start) => start + blank);
}

/** A place in the repository, as a link may name it: nothing in it reads as another host or as a scheme, however it is escaped. */
const local = /^(?!\/\/)[\w./#@+~%=-]*(?::\d+(?:-\d+)?)?$/;
/** Elements that fetch, run or pretend to be someone; any other one only with attributes. */
const elements =
  /<(?=!--|\/?(?:img|script|iframe|a|object|embed|link|meta|svg|math|video|audio|picture|source|style|form|base|details|summary|dialog|pre|div|table|title|textarea|xmp|plaintext|noscript|noembed|marquee|button|select|template|system|user|assistant|human|system-reminder)\b|\/?[a-z][a-z0-9-]{0,30}[\s/][^<>]{0,2000}=)/gi;

/**
 * Text of the model for an agent or a terminal: neutral, and Markdown cannot fetch: images become links in words; links and definitions
 * that lead elsewhere (another host, `javascript:`, `data:`, `file:`) show their address.
 */
export function disarm(text: string): string {
  return neutralise(text)
    .replace(
      /!\[([^\]\n]{0,500})\]\(\s*<?([^)\s>]{0,2000})>?[^)\n]{0,200}\)/g,
      (_all, label: string, url: string) => `[image: ${label}] (${bare(url)})`,
    )
    .replace(/\[([^\]\n]{0,500})\]\(\s*<?([^)\s>]{0,2000})>?[^)\n]{0,200}\)/g, (all, label: string, url: string) =>
      local.test(url) ? all : `${label} (${bare(url)})`,
    )
    .replace(/\](\(|:)(\s{0,80}<?)([^)\s>]{1,2000})/g, (all, mark: string, gap: string, url: string) =>
      (mark === ':' && !/[:/\\&]/.test(url)) || local.test(url) ? all : `]${blank}${mark}${gap}${bare(url)}`,
    )
    .replace(elements, '&lt;');
}

/** An element that begins a line, whatever marks of lists, quotes and headings stand before it: below it a fence would be none. */
const elementFirst = /^([\s>*+#\d.)-]*)<(?=[a-z/!?])/gim;
/** A fence inside a list or a quote ends with them, wherever its own end stands. */
const fenceWithin = /^([\s>*+#\d.)-]+)(?=`{3}|~{3})/gm;

/**
 * A whole page of Markdown for a reader of any kind: names, messages and warnings are as foreign as what the model wrote, so all that is not
 * inside a fence is disarmed, and nothing but a line of its own opens one.
 */
export function disarmPage(markdown: string): string {
  let inside = '';
  const parts: string[] = [];
  let open: string[] = [];
  const close = () => {
    if (open.length > 0) parts.push(disarm(open.join('\n')).replace(elementFirst, '$1&lt;').replace(fenceWithin, `$1${blank}`));
    open = [];
  };
  for (const line of markdown.split(/\r\n?|\n/)) {
    const [, indent = '', mark = '', rest = ''] = /^( {0,3})(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (inside !== '') {
      parts.push(neutralise(line));
      if (mark.startsWith(inside) && rest.trim() === '') inside = '';
    } else if (mark !== '' && indent === '' && !(mark.startsWith('`') && rest.includes('`'))) {
      close();
      parts.push(`${mark}${rest.replace(/[^\w+#. -]/g, '')}`);
      inside = mark;
    } else open.push(line);
  }
  close();
  return parts.join('\n');
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
