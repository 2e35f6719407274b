import { extname } from 'node:path/posix';
import { languageOf } from './languages.ts';
import { mask } from './mask.ts';

/** Signs that begin a comment, where a language is not scanned: only lines that begin with one are told there. */
const signs: readonly (readonly [endings: string, sign: RegExp])[] = [
  ['sh bash zsh fish pl pm r ex exs jl nim yaml yml toml tf nix ini cfg conf properties env coffee', /^\s*#(?!!)/],
  ['lua sql hs elm adb ads', /^\s*--/],
  ['erl hrl tex', /^\s*%/],
  ['clj cljs cljc edn el lisp scm asm', /^\s*;/],
  ['zig proto fs fsx scss less sol graphql', /^\s*\/\//],
];
const named = /(?:^|\/)(?:Makefile|Dockerfile|Gemfile|Rakefile|\.gitignore|\.editorconfig)$/;

/** Comments that a compiler, an interpreter, a tool of the build or a runner of tests obeys. */
const obeyed =
  /^\s*(?:#!|#.{0,40}coding[:=]|#\s*(?:frozen_string_literal|warn_indent|type:|cython:|distutils:|pragma\b)|\/\/go:|\/\/\s?\+build\b|\/\/export |\/[/*][\s*]*(?:@jsx\w*|@(?:jest|vitest)-environment|@ts-\w+|webpack\w+:|#__PURE__|istanbul|[cv]8 ignore)|\/\/\/\s*<reference)|sourceMappingURL=|\/\/ (?:Unordered )?[Oo]utput:/;
/** Comments that hold tests, and text between tags that may look like one. */
const unclear = (path: string, text: string) =>
  /\.(?:vue|svelte|astro|html?)$/i.test(path) || (path.endsWith('.go') && /^import "C"|^\s*"C"$/m.test(text));
const tested = /^\s*\/\/[/!]/;

/**
 * The lines of a text without comments, without blank lines and, where indentation says nothing, with every blank of the same width: what two
 * texts have in common whose programs are the same. Comments that something obeys stay. Where a language is not known, every line stays.
 */
export function bareLines(path: string, text: string): string[] {
  const language = languageOf(path);
  const rows = text.split('\n').map((row) => row.replace(/\r$/, ''));
  if (unclear(path, text)) return rows;
  if (!language) {
    const ending = extname(path).slice(1).toLowerCase();
    const sign = named.test(path) ? /^\s*#/ : signs.find(([endings]) => endings.split(' ').includes(ending))?.[1];
    // Within a text of several lines, such as a here-document, a line that looks like a comment is none.
    const plain = sign && !/<<|"""|'''|: *[|>][-+]?\s*$|\[=*\[/m.test(text);
    return plain ? rows.filter((row) => obeyed.test(row) || !(row.trim() === '' || sign.test(row))).map((row) => row.trimEnd()) : rows;
  }
  const { code, within, starts } = mask(text, language.syntax);
  const insideText = -2;
  return rows.flatMap((row, at) => {
    const from = starts[at] ?? 0;
    const masked = code.slice(from, from + row.length);
    // Rows of a long string stay as they are; those of a long comment are blank in the masked text.
    if (within[at] === insideText && masked.trim() !== '') return [row];
    if (within[at] === insideText && row.trim() === '' && isWithinText(code, from)) return [row];
    const directive = obeyed.test(row) || (path.endsWith('.rs') && tested.test(row)) || (language.syntax.branches && /^\s*#/.test(row));
    if (directive || (masked.trim() !== '' && /\w:\/\//.test(row))) return [row.trimEnd()];
    let bare = '';
    for (let place = 0; place < row.length; place++) {
      if (masked[place] !== ' ' && masked[place] !== '\t') bare += row[place];
      else if (!bare.endsWith(' ') || language.ending === 'indent') bare += ' ';
    }
    if (bare.trim() === '') return [];
    return [language.ending === 'indent' ? bare.trimEnd() : bare.trim()];
  });
}

/** Whether the blank row that starts here lies in a string: what stands before it, other than blanks, is masked as one. */
function isWithinText(code: string, from: number): boolean {
  return code
    .slice(Math.max(0, from - 2_000), from)
    .trimEnd()
    .endsWith('"');
}

/** Whether two texts of a file differ in comments and blanks alone. */
export function sameButComments(path: string, before: string, after: string): boolean {
  const [one, other] = [bareLines(path, before), bareLines(path, after)];
  return one.length === other.length && one.every((row, at) => row === other[at]);
}
