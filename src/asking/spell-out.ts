import type { ReadText } from '../schema/context.ts';

/** The page of a line, in a document that has pages. */
export type PageOf = (path: string, line: number) => number | undefined;

type Lines = { readonly first: number; readonly last: number };

/** What may stand between a name and its lines. */
export const closing = /[`*"'\u201d)\]]{0,3}/.source;
/** More lines of the same file: a list that ends where its sentence does or a sign stands, so that "a.js:7, 30 days" is none. */
const more = /(?:(?:, ?|,? and )\d{1,7}(?:[-–]\d{1,7})?)+(?=\s*(?:[.,;:)\]|`]|$))/u;
const behind = /\b[Ll]ines? (\d{1,7}(?:\s?[-–]\s?\d{1,7})?),? (?:of|in) (?:the file )?/u;
/** A file as the web pages of a forge name it. */
const forge = /https?:\/\/[^\s/()]+\/[^\s()]*?\/(?:-\/)?(?:blob|tree|src)\/[^\s/()]+\/([^\s#()]+)(?=#L\d)/g;
/** A page behind the name of a document. */
export const pagePattern = /,? \(?(?:on |at )?(?:[Pp]age|[Pp]\.|[Ss]\.|[Ss]eite) ?(\d{1,5})\)?/u;
const pageBehind = /\b[Pp]age (\d{1,5}) of (?:the (?:file|document) )?/u;

/** The lines of each page, the first one first; undefined: it has no pages. */
export function pagesOf(path: string, read: ReadText, pageOf: PageOf): readonly (Lines | undefined)[] | undefined {
  if (pageOf(path, 1) === undefined) return undefined;
  const pages: (Lines | undefined)[] = [];
  const last = (read(path) ?? '').trimEnd().split('\n').length;
  for (let line = 1; line <= last; line++) {
    const page = pageOf(path, line);
    if (page !== undefined) pages[page - 1] = { first: pages[page - 1]?.first ?? line, last: line };
  }
  return pages;
}

type Files = { readonly isFile: (path: string) => boolean; readonly pages: (path: string) => ReturnType<typeof pagesOf> };

/**
 * Every place as path and lines: "line 3 of a.js" and an address of a forge are a.js:3, in "a.js:7, 9 and 12" there are three, and a page of a document is its lines.
 * `names`: what a path looks like, as one group.
 */
export function spellOut(text: string, names: string, { isFile, pages }: Files): string {
  const lines = (path: string, page: string) => {
    const found = pages(path)?.[Number(page) - 1];
    return found && `${path}:${found.first}-${found.last}`;
  };
  const pattern = (source: string) => new RegExp(source, 'gmu');
  return text
    .replace(forge, (all, path: string) => (isFile(path) ? path : all))
    .replace(pattern(`${behind.source}[\`*"']{0,3}${names}${closing}(?![:#]L?\\d)`), (all, at: string, path: string) =>
      isFile(path) ? `${path}:${at.replace(/\s/g, '')}` : all,
    )
    .replace(
      pattern(`${names}(${closing}(?::L?|#L)\\d{1,7}(?:\\s?[-–]\\s?L?\\d{1,7})?)(${more.source})`),
      (_, path: string, first: string, rest: string) => path + first + rest.replace(/\d+(?:[-–]\d+)?/g, `${path}:$&`),
    )
    .replace(pattern(`${pageBehind.source}[\`*"']{0,3}${names}${closing}`), (all, page: string, path: string) => lines(path, page) ?? all)
    .replace(pattern(`${names}${closing}${pagePattern.source}`), (all, path: string, page: string) => lines(path, page) ?? all);
}
