import type { Hunk } from './change.ts';

const declared =
  /\b(?:function|class|const|let|var|def|func|fn|type|interface|enum|struct)\s+\*?\s*([A-Za-z_$][\w$]*)|\b([A-Za-z_$][\w$]*)\s*(?:=|:=)[^=]|import\s+(.+)/g;

/** Names that lines declare or import. */
function namesIn(lines: readonly string[]): Set<string> {
  const names = new Set<string>();
  for (const line of lines)
    for (const [, made, set, imported] of line.matchAll(declared)) {
      if (imported !== undefined) for (const word of imported.match(/[A-Za-z_$][\w$]*/g) ?? []) names.add(word);
      else names.add(made ?? set ?? '');
    }
  return names;
}

const uses = (lines: readonly string[], names: ReadonlySet<string>) =>
  lines.some((line) => (line.match(/[A-Za-z_$][\w$]*/g) ?? []).some((word) => names.has(word)));

/**
 * What has to be taken back with a hunk: who uses a name that it brought in, and who took away a name that its old lines use. Without them, most
 * trials would only show that the code is broken.
 */
export function closureOf(hunks: readonly Hunk[]): (some: readonly Hunk[]) => readonly Hunk[] {
  const needs = new Map<Hunk, Hunk[]>();
  for (const one of hunks) {
    const brought = namesBroughtBy(one);
    needs.set(
      one,
      hunks.filter((other) => {
        if (other === one) return false;
        const took = difference(namesIn(other.removed), namesIn(other.added));
        return uses(other.added, brought) || uses(one.removed, took);
      }),
    );
  }
  return (some) => {
    const all = new Set(some);
    for (const one of all) for (const other of needs.get(one) ?? []) all.add(other);
    return hunks.filter((hunk) => all.has(hunk));
  };
}

/** The hunks that can go while some lines stay: those that bring in no name which the lines use, and need none that does. */
export function without(hunks: readonly Hunk[], kept: readonly string[]): readonly Hunk[] {
  const pinned = new Set(hunks.filter((hunk) => uses(kept, namesBroughtBy(hunk))));
  const closure = closureOf(hunks);
  return hunks.filter((hunk) => !closure([hunk]).some((one) => pinned.has(one)));
}

const namesBroughtBy = ({ added, removed }: Hunk) => difference(namesIn(added), namesIn(removed));

function difference(a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> {
  return new Set([...a].filter((one) => one.length > 1 && !b.has(one)));
}
