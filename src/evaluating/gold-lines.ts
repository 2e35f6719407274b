/** Lines of the old side that a diff changes, by path; a pure insertion counts as the line before it. */
export function goldLines(diff: string): Map<string, number[]> {
  const gold = new Map<string, number[]>();
  let path = '';
  let line = 0;
  let removed = 0;
  let added = false;
  const flush = () => {
    if (added && removed === 0 && path) gold.set(path, [...(gold.get(path) ?? []), Math.max(1, line - 1)]);
    added = false;
    removed = 0;
  };
  for (const text of diff.split('\n')) {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+/.exec(text);
    if (text.startsWith('diff --git')) {
      flush();
      path = '';
    } else if (text.startsWith('--- ')) path = text.startsWith('--- a/') ? text.slice(6) : '';
    else if (text.startsWith('+++ ')) continue;
    else if (hunk) {
      flush();
      line = Number(hunk[1]) + (hunk[2] === '0' ? 1 : 0);
    } else if (text.startsWith('-')) {
      if (path) gold.set(path, [...(gold.get(path) ?? []), line]);
      removed++;
      line++;
    } else if (text.startsWith('+')) added = true;
    else if (text.startsWith(' ')) {
      flush();
      line++;
    }
  }
  flush();
  return gold;
}
