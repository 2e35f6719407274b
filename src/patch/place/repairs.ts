import type { Edit } from '../../schema/patch.ts';
import type { Problem } from './addition.ts';
import type { Base } from './base.ts';
import type { Found, Match } from './match.ts';

type Textual = Extract<Edit, { kind: 'replace' | 'hunk' }>;
type Sought = { readonly edit: Textual; readonly found: Found };

type Seen = {
  readonly base: Base;
  readonly matches: readonly { readonly edit: Textual; readonly match: Match }[];
  /** Some edit adds a line that says something. */
  readonly adds: boolean;
};
type Sign = Problem & { readonly shows: (seen: Seen) => boolean };

const foundBy =
  (level: Match['level']) =>
  ({ adds, matches }: Seen) =>
    adds && matches.some(({ match }) => match.level === level);

const signs: readonly Sign[] = [
  {
    rule: 'moved',
    message: 'Lines were not indented as the file is and were moved along: added lines may stand at another depth than was meant.',
    shows: foundBy('indent'),
  },
  {
    rule: 'unlike',
    message: 'Lines that were to stay are not as they are in the file; what changed them may have changed the added lines too.',
    shows: foundBy('fuzzy'),
  },
  {
    rule: 'retyped',
    message: 'Quotes or blanks were not typed as the file has them; those of added lines may have been others.',
    shows: foundBy('unicode'),
  },
  {
    rule: 'trimmed',
    message: 'Lines of the file end in blanks that the edit does not show; those of added lines may have been lost too.',
    shows: ({ adds, matches, base }) => adds && matches.some(({ match }) => match.level === 'trailing' && hasLostEnds(match, base)),
  },
  {
    rule: 'elsewhere',
    message: 'A hunk shows fewer lines than it says and fits at another line than it names, unlike those beside it: look where it was put.',
    shows: ({ matches }) =>
      matches.some(({ edit, match }) => isThere(edit, match)) && matches.some(({ edit, match }) => isThin(edit, match)),
  },
  {
    rule: 'shorter',
    message: 'The last hunk shows fewer lines than it says: what stood below may be missing.',
    shows: ({ matches }) => matches.some(({ edit, match }) => isShort(edit, match)),
  },
  {
    rule: 'unsigned',
    message: 'Lines of a hunk have no sign and were read as lines that stay; added lines may have lost a blank as they did.',
    shows: ({ adds, matches, base }) => adds && matches.some(({ match }) => isUnsigned(match, base)),
  },
  {
    rule: 'dots',
    message: 'The text to find is dots alone, which may stand for other text.',
    shows: ({ matches }) => matches.some(({ match }) => isDots(match)),
  },
  {
    rule: 'ending',
    message:
      'The text to put there has no line end although the text to find has one, and was given one: two lines may have been meant to be one.',
    shows: ({ matches }) => matches.some(({ edit }) => edit.kind === 'replace' && edit.others !== undefined),
  },
];

/**
 * What was read into the edits of one file, so that whoever reads the patch looks at it. What happened to one edit on its way may have
 * happened to those beside it, whose place was found as they were written.
 */
export function repairsOf(base: Base, sought: readonly Sought[]): Problem[] {
  const matches = sought.flatMap(({ edit, found }) => (found.kind === 'one' ? [{ edit, match: found.match }] : []));
  const adds = matches.some(({ match }) => match.reading.lines.some(({ tag, text }) => tag === '+' && text.trim() !== ''));
  const seen: Seen = { base, matches, adds };
  return signs.filter(({ shows }) => shows(seen)).map(({ rule, message }) => ({ rule, message }));
}

const oldOf = ({ reading }: Match) => reading.lines.filter(({ tag }) => tag !== '+');

function isShort(edit: Textual, match: Match): boolean {
  return edit.kind === 'hunk' && edit.last === true && edit.counts !== undefined && oldOf(match).length < edit.counts.before;
}

const isThere = (edit: Textual, match: Match) => edit.kind === 'hunk' && edit.line === match.at + 1;

function isThin(edit: Textual, match: Match): boolean {
  return edit.kind === 'hunk' && edit.line !== undefined && !isThere(edit, match) && oldOf(match).length < (edit.counts?.before ?? 0);
}

function isUnsigned(match: Match, { texts }: Base): boolean {
  return oldOf(match).some(({ tag, text, raw }, offset) => {
    const there = texts[match.at + offset];
    return text.trim() !== '' && (tag === 'loose' || (tag === ' ' && raw !== text && raw === there));
  });
}

function hasLostEnds(match: Match, { texts }: Base): boolean {
  return oldOf(match).some(({ text }, offset) => text.trim() !== '' && text.length < (texts[match.at + offset] ?? '').length);
}

function isDots(match: Match): boolean {
  const said = oldOf(match).filter(({ text }) => text.trim() !== '');
  return said.length > 0 && said.every(({ text }) => /^\W*(?:\.{3}|\u2026)\W*$/.test(text));
}
