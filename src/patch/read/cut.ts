import { isPathLine, readPath } from './path.ts';

const words: readonly string[] = ['', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const numeral = `(\\d{1,3}|${words.slice(1).join('|')})`;
const things = '(?:edits?|edit blocks?|blocks?|hunks?|patches)';
/** "## Edits: 3", "## Edits (3)", "## 3 edits", and the same alone on a line. */
const heading = new RegExp(
  `^[#*\\s]*(?:${things}[*\\s]*[:(\\[]\\s*\\**${numeral}(?: ${things})?\\b[^.]{0,20}|${numeral} ${things}:?[*\\s]*)$`,
  'i',
);
/** "Edit 1 of 2", "[PATCH 1/2]", "### Change 1/3". */
const share = /(?:^|[\s#*[(])(?:edit|change|patch|block|hunk|part|file) (\d{1,3})(?: of |\/)(\d{1,3})\b/i;
const stat = /^ ?(\d{1,4}) files? changed, \d+ (?:insertion|deletion)/;
/** What tells a count holds a digit or one of the words. */
const mayCount = new RegExp(`\\d|${words.slice(1).join('|')}`, 'i');
/** No sentence ends in these. */
const hanging =
  /(?:,|\b(?:a|an|the|and|or|but|to|in|of|on|for|from|with|that|which|is|are|was|we|it|its|this|these|so|because|when|if|as|by|at))$/i;

/** What an answer says around its edits, of which only what tells whether it is whole is kept. */
export class Said {
  private promised = 0;
  private seen = 0;
  private all = 0;
  private announced = 0;
  private last: { readonly text: string; readonly after: number } | undefined;

  /** A line of the answer that is no part of an edit, and how many edits stood before it. */
  add(text: string, after: number): void {
    this.last = { text, after };
    if (!mayCount.test(text)) return;
    this.promised = Math.max(this.promised, Number(stat.exec(text)?.[1] ?? 0));
    const part = share.exec(text);
    if (part) [this.seen, this.all] = [Math.max(this.seen, Number(part[1])), Math.max(this.all, Number(part[2]))];
    if (after === 0) this.announced = Math.max(this.announced, countIn(heading.exec(text)));
  }

  /**
   * Why an answer whose edits are whole, each by itself, does not hold all of them: it says that more files change than it has
   * edits of, or it ends where another one was to follow. `edits` counts them as they were written, `files` names the files that they are for.
   */
  cutShort(edits: number, files: number): string | undefined {
    if (this.promised > files) return `The answer says that ${this.promised} files change and holds edits of ${files}: it was cut off.`;
    if (this.all > this.seen) return `The answer holds part ${this.seen} of ${this.all}: the others are missing.`;
    return this.last?.after === edits ? hangs(this.last.text.trim()) : undefined;
  }

  /** An answer that ended by itself with every edit whole may have miscounted them: whoever reads the patch is told. */
  miscounted(edits: number): string | undefined {
    return this.announced > edits ? `the answer announces ${this.announced} edits and holds ${edits}` : undefined;
  }
}

function countIn(found: RegExpExecArray | null): number {
  const said = found?.[1] ?? found?.[2];
  return said === undefined ? 0 : Math.max(words.indexOf(said.toLowerCase()), Number(said) || 0);
}

/** The last words after the edits: a file, a heading or a colon lead to something that is not there. */
function hangs(last: string): string | undefined {
  if (/[A-Za-z]/.test(last) && isPathLine(last) && readPath(last) === last)
    return `The answer ends in ${last} and says nothing of it: it was cut off.`;
  if (/^#{1,6} |^\d+[.)]$|[:：][*_`]*$/.test(last) || (last.split(' ').length > 2 && hanging.test(last)))
    return `The answer ends in ${JSON.stringify(last.slice(-60))}, and what was to follow is not there: it was cut off.`;
  return undefined;
}
