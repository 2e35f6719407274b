/** One file of a unified diff, as git or anything else wrote it. `rows` are the hunks, each line with its number on the side it is on. */
export type Section = {
  readonly path: string;
  /** Its name before, where it was renamed. */
  readonly from?: string | undefined;
  readonly deleted: boolean;
  readonly binary: boolean;
  readonly rows: readonly string[];
};

type Name = string | undefined;
type Open = { old?: Name; fresh?: Name; head?: Name; from?: Name; to?: Name; binary: boolean; rows: string[] };

const hunkHead = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

/**
 * Reads a unified diff by the counts of its hunks, so that no line of a file is taken for a header. A line that was added or stayed bears
 * its number in the new file, one that was removed its number in the old one.
 */
export function readSections(diff: string): Section[] {
  const sections: Open[] = [];
  let open: Open | undefined;
  let [oldLine, newLine, oldLeft, newLeft] = [0, 0, 0, 0];
  const begin = (): Open => {
    open = { binary: false, rows: [] };
    sections.push(open);
    return open;
  };
  for (const line of diff.split('\n')) {
    if (open && (oldLeft > 0 || newLeft > 0)) {
      const mark = line[0] ?? ' ';
      const text = line.slice(1).replace(/\r$/, '');
      if (mark === '\\') continue;
      if (mark === '-') open.rows.push(`-${pad(oldLine)}| ${text}`);
      else open.rows.push(`${mark === '+' ? '+' : ' '}${pad(newLine)}| ${text}`);
      if (mark !== '+') [oldLine, oldLeft] = [oldLine + 1, oldLeft - 1];
      if (mark !== '-') [newLine, newLeft] = [newLine + 1, newLeft - 1];
      continue;
    }
    const hunk = hunkHead.exec(line);
    if (hunk && open) {
      oldLine = Number(hunk[1]);
      newLine = Number(hunk[3]);
      oldLeft = Number(hunk[2] ?? 1);
      newLeft = Number(hunk[4] ?? 1);
      open.rows.push(line);
    } else if (line.startsWith('diff --git ')) begin().head = /^diff --git "?a\/.*?"? ("?b\/.*)$/.exec(line)?.[1];
    else if (line.startsWith('--- ')) {
      if (!open || open.rows.length > 0 || open.old !== undefined) begin();
      if (open) open.old = line.slice(4);
    } else if (line.startsWith('+++ ') && open) open.fresh = line.slice(4);
    else if (line.startsWith('rename from ') && open) open.from = line.slice(12);
    else if (line.startsWith('rename to ') && open) open.to = line.slice(10);
    else if (/^(?:Binary files |GIT binary patch)/.test(line) && open) open.binary = true;
  }
  return sections.map(close);
}

function close({ old, fresh, head, from, to, binary, rows }: Open): Section {
  const deleted = fresh !== undefined && nameOf(fresh) === '/dev/null';
  const path = to !== undefined ? unquote(to) : nameOf((deleted ? old : fresh) ?? head ?? old ?? '');
  return { path, deleted, binary, rows, ...(from !== undefined && { from: unquote(from) }) };
}

function pad(line: number): string {
  return String(line).padStart(5);
}

/** A header's name without the time behind it and the letter that git puts in front. */
function nameOf(raw: string): string {
  return unquote(raw.replace(/\t.*$/, '').trimEnd()).replace(/^[abciow]\//, '');
}

/** Git quotes names with control characters, quotes and backslashes as C does. */
function unquote(name: string): string {
  if (!/^".*"$/.test(name)) return name;
  const bytes = name.slice(1, -1).replace(/\\(?:([0-7]{3})|(.))/g, (_, octal: string | undefined, letter: string | undefined) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }[letter ?? ''] ?? letter ?? '';
  });
  return /[^\0-\xff]/.test(bytes) ? bytes : Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Lines that a diff added or between which it removed some, by the new file, and those that it removed, by the old one. */
export type Lines = { readonly changed: ReadonlySet<number>; readonly removed: ReadonlySet<number> };

export function linesOf(rows: readonly string[]): Lines {
  const changed = new Set<number>();
  const removed = new Set<number>();
  let last = 0;
  let gone = false;
  for (const row of rows) {
    const start = hunkHead.exec(row);
    // Before a hunk that leaves nothing stands the line that it follows.
    if (start) {
      last = Math.max(0, Number(start[3]) - (start[4] === '0' ? 0 : 1));
      gone = false;
    }
    const [, mark, number] = /^([-+ ]) *(\d+)\| /.exec(row) ?? [];
    if (number === undefined) continue;
    if (mark === '-') {
      removed.add(Number(number));
      if (last > 0) changed.add(last);
      gone = true;
      continue;
    }
    last = Number(number);
    if (mark === '+' || gone) changed.add(last);
    gone = false;
  }
  return { changed, removed };
}
