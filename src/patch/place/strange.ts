import type { Addition, Problem } from './addition.ts';
import { isMarkup, withoutText } from './copied-marks.ts';
import { factsOf } from './facts.ts';
import { unseenChars, wideChars } from './text.ts';

const fail = (rule: string, message: string): Problem => ({ rule, message });
const show = (line: string) => JSON.stringify(line.trim().slice(0, 80));
const said = ({ runs }: Addition) => runs.flatMap(({ lines }) => lines).filter((line) => line.trim() !== '');

const conflict = /^(?:<{7}|>{7}|\|{7})(?:\s|$)/m;
/** Characters that show a line in another order than it is read: what a reader sees is not what runs. */
const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

/** Marks of a merge that nobody settled, and text that shows otherwise than it reads, where the file has neither. */
export function strangeMarks(it: Addition): Problem | undefined {
  const added = said(it);
  const mark = added.find((line) => conflict.test(line));
  if (mark !== undefined && !factsOf(it.file).has(conflict))
    return fail('conflict_marker', `${show(mark)} marks a merge conflict that nobody settled.`);
  const turned = added.find((line) => bidirectional.test(line));
  if (turned === undefined || factsOf(it.file).has(bidirectional)) return undefined;
  const shown = turned.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return fail('bidirectional', `${show(shown)} holds a character that changes the order in which text is shown.`);
}

const quoteMarks = /[\u2018\u2019\u201c\u201d]/;
/** Typographic quotes where only straight ones make sense: beside one, around a whole item, behind a sign. */
const asQuotes = /["'][\u2018-\u201d]|[\u2018-\u201d]["']|^\s*[\u2018\u201c].*[\u2019\u201d][,;:)\]}]+\s*$|[\w\s][=:(]\s*[\u2018\u201c]/;
const codeSigns = /[(){}[\];=<>]|^\s*(?:import|from|return|const|let|var|def|class|if|for)\b/;
const entities = /&(?:lt|gt|amp|quot|apos|nbsp|#\d+|#x[0-9a-f]+);/gi;
const signs: Readonly<Record<string, RegExp>> = { '&quot;': /"/, '&apos;': /'/ };
/** Prose in which code is shown; no one writes these signs as entities there. */
const prose = /\.(?:md|mdx|markdown|rst|txt)$/i;
const escapedCode = /[=-]&gt;|&amp;&amp;/;
const unescaped = /[<>]|&(?!\w+;|#)/;
const ownEntity = /(["'`/])(?:(?!\1).)*(?:<\/?[a-z!]|^&|\1&\w+;\1)(?:(?!\1).)*\1|(["'`])(?:&#?\w+;)+\2|\/&\w+;\/[gimsuy]*/gi;

/** Characters that the file has nowhere, where they are hardly text. */
export function strangeChars(it: Addition): Problem | undefined {
  const { file, path } = it;
  const lines = said(it).filter((line) => line.length < mostColumns);
  const { all, has } = factsOf(file);
  const text = isMarkup(path);
  const unseen = has(unseenChars) || (text && file.length === 0) ? undefined : lines.find((line) => unseenChars.test(line));
  if (unseen !== undefined) return fail('typographic', `${show(unseen)} holds a character that cannot be seen, and the file has none.`);
  const wide = !has(wideChars);
  const quotes = !has(quoteMarks);
  const odd = lines.find((line) => {
    if (!/[^\x20-\x7e]/.test(line)) return false;
    const code = withoutText(line);
    if (wide && (text ? file.length > 0 && /\w[\uff01-\uff5e]/.test(line) : codeSigns.test(code) && wideChars.test(code))) return true;
    return quotes && (asQuotes.test(code) || (!text && codeSigns.test(code) && quoteMarks.test(code)));
  });
  if (odd !== undefined) return fail('typographic', `${show(odd)} holds quotes, brackets or escapes that are no code here.`);
  // What is escaped on its way is escaped everywhere: a new file that holds the sign itself as well means its entities.
  const fresh = file.length === 0 ? lines.join('\n') : '';
  const meant = (entity: string) => file.length === 0 && (signs[entity.toLowerCase()] ?? unescaped).test(fresh);
  const escaped = text
    ? lines.find((line) => prose.test(path) && escapedCode.test(line) && !has(escapedCode))
    : lines.find(
        (line) =>
          line.includes('&') && (line.replace(ownEntity, '""').match(entities) ?? []).some((one) => !all.includes(one) && !meant(one)),
      );
  return escaped === undefined ? undefined : fail('mangled', `${show(escaped)} holds HTML entities that the file has nowhere.`);
}

const bracketEntities = /&[lg]t;/;
const known = new WeakMap<readonly string[], string>();

/** The code of a file without its strings and comments. */
function codeOf(file: readonly string[]): string {
  const code = known.get(file) ?? file.map(withoutText).join('\n');
  known.set(file, code);
  return code;
}

/** Entities where the file has none like them: brackets in prose, any in code outside of strings and comments. They were escaped on the way, or are meant so. */
export function strangeEntities(it: Addition): Problem | undefined {
  const { has } = factsOf(it.file);
  const inProse = prose.test(it.path);
  if (inProse ? has(bracketEntities) : isMarkup(it.path)) return undefined;
  const odd = said(it).find((line) => {
    if (inProse || !line.includes('&') || line.length > mostColumns) return inProse && bracketEntities.test(line);
    return (withoutText(line).match(entities) ?? []).some((one) => !codeOf(it.file).includes(one));
  });
  return odd === undefined ? undefined : fail('mangled', `${show(odd)} holds HTML entities where the file has none.`);
}

const escapedQuote = /\\["']/;

/** Escapes outside of strings, where the file has none. */
export function strangeEscapes(it: Addition): Problem | undefined {
  if (isMarkup(it.path) || factsOf(it.file).has(escapedQuote)) return undefined;
  const odd = said(it).find((line) => {
    if (line.length > mostColumns || !line.includes('\\')) return false;
    return /^[^"'`/#*\\]*\\["'_*]/.test(withoutText(line)) || /^\s*(?:\*|\/\/|#).*\\["']/.test(line);
  });
  return odd === undefined ? undefined : fail('typographic', `${show(odd)} holds escapes that are no code here.`);
}

/** Longer lines were made by a program. */
const mostColumns = 2_000;
