import type { Coverage, History } from '../../schema/context.ts';
import { wordForms } from '../index/forms.ts';
import { splitWords } from '../index/tokenize.ts';
import type { ScoredSegment } from './definitions.ts';
import { pathLikeness, sharesWords } from './paths.ts';

/** One signal's say: a score per path (higher is more suspect) and its evidence in words. Paths without a score have no rank. */
export type Signal = { readonly scores: ReadonlyMap<string, number>; readonly evidence: (path: string) => string };

/** Beyond, only paths that share a word with a test's are compared. */
const mostCompared = 5_000;

/** How alike the path is to that of a failing test. */
export function pathSignal(tests: readonly string[], candidates: readonly string[]): Signal {
  const nearest = new Map<string, string>();
  const scores = new Map<string, number>();
  const likely = candidates.length > mostCompared ? candidates.filter(sharesWords(tests)) : candidates;
  for (const path of likely) {
    for (const test of tests) {
      const score = pathLikeness(test, path);
      if (score <= (scores.get(path) ?? 0.05)) continue;
      scores.set(path, score);
      nearest.set(path, test);
    }
  }
  return { scores, evidence: (path) => `named like ${nearest.get(path)}` };
}

/** The words of a name, without the one that they make together. */
function partsOfName(name: string): string[] {
  const stem = name.replace(/\.[^.]*$/, '');
  const words = [...new Set(splitWords(stem))];
  const whole = stem.replaceAll(/[^A-Za-z\d]/g, '').toLowerCase();
  return words.length > 1 ? words.filter((word) => word !== whole) : words;
}

/** Where no test says what a file would be called: names all of whose words are sought, in any form. A part of a name is chance. */
export function nameSignal(words: ReadonlyMap<string, number>, candidates: readonly string[]): Signal {
  const sought = new Set(
    [...words.keys()].flatMap((word) => [word, ...wordForms(word), ...wordForms(word.replace(/(\w)\1(?=(?:ing|ed|er)$)/, '$1'))]),
  );
  const scores = new Map<string, number>();
  const found = new Map<string, readonly string[]>();
  for (const path of candidates) {
    const parts = path.split('/').map(partsOfName);
    const own = parts.pop() ?? [];
    if (own.length === 0 || !own.every((word) => sought.has(word))) continue;
    const above = new Set(parts.flat().filter((word) => sought.has(word) && !own.includes(word)));
    scores.set(path, own.length + above.size / 2);
    found.set(path, [...own, ...above]);
  }
  return { scores, evidence: (path) => `its name has ${(found.get(path) ?? []).join(', ')}` };
}

const mostFiles = 40;

/** How often the file changed in one commit with one of `partners`; small and recent commits count most. */
export function historySignal(history: History, partners: ReadonlySet<string>, candidates: ReadonlySet<string>, what: string): Signal {
  const scores = new Map<string, number>();
  const counts = new Map<string, number>();
  history.commits.forEach((files, age) => {
    if (files.length < 2 || files.length > mostFiles || !files.some((file) => partners.has(file))) return;
    const share = Math.exp(-age / 2_000) / Math.sqrt(files.length);
    for (const file of files) {
      if (!candidates.has(file) || partners.has(file)) continue;
      scores.set(file, (scores.get(file) ?? 0) + share);
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
  });
  return { scores, evidence: (path) => `changed together with ${what} in ${counts.get(path)} commit${counts.get(path) === 1 ? '' : 's'}` };
}

/** How often the file changed of late. */
export function recentSignal(history: History, candidates: ReadonlySet<string>): Signal {
  const scores = new Map<string, number>();
  const counts = new Map<string, number>();
  const commits = history.commits.slice(0, 400);
  commits.forEach((files, age) => {
    if (files.length > mostFiles) return;
    for (const file of files) {
      if (!candidates.has(file)) continue;
      scores.set(file, (scores.get(file) ?? 0) + Math.exp(-age / 100));
      counts.set(file, (counts.get(file) ?? 0) + 1);
    }
  });
  return { scores, evidence: (path) => `changed in ${counts.get(path)} of the last ${commits.length} commits` };
}

/** How near the file is to the failing test by imports. */
export function importSignal(distances: ReadonlyMap<string, number>, candidates: ReadonlySet<string>): Signal {
  const scores = new Map<string, number>();
  for (const [path, distance] of distances) if (candidates.has(path)) scores.set(path, 1 / (1 + distance));
  return {
    scores,
    evidence: (path) => {
      const distance = distances.get(path) ?? 0;
      return distance <= 1 ? 'imported by the failing test' : `${distance} imports away from the failing test`;
    },
  };
}

/** Files that differ from the last commit, or that the first bad commit changed. */
export function differenceSignal(changed: readonly string[], candidates: ReadonlySet<string>, evidence: string): Signal {
  return { scores: new Map(changed.filter((path) => candidates.has(path)).map((path) => [path, 1])), evidence: () => evidence };
}

/** Definitions whose very names the test uses; a name that many files define says less. */
export function namesSignal(names: ReadonlyMap<string, number>, segments: readonly ScoredSegment[]): Signal {
  const owners = new Map<string, Set<string>>();
  for (const { source, segment } of segments) {
    if (segment.kind !== 'glue' && names.has(segment.name))
      owners.set(segment.name, (owners.get(segment.name) ?? new Set()).add(source.path));
  }
  const scores = new Map<string, number>();
  const named = new Map<string, string[]>();
  for (const [name, files] of owners) {
    for (const file of files) {
      scores.set(file, (scores.get(file) ?? 0) + (names.get(name) ?? 0) / files.size);
      named.set(file, [...(named.get(file) ?? []), name]);
    }
  }
  return { scores, evidence: (file) => `defines ${(named.get(file) ?? []).slice(0, 3).join(', ')} that the test uses` };
}

/** Ranks by score, 1 first; equal scores share the mean of their ranks, so that no order of files decides. */
export function ranks(scores: ReadonlyMap<string, number>): Map<string, number> {
  const sorted = [...scores].sort((a, b) => b[1] - a[1]);
  const result = new Map<string, number>();
  for (let at = 0; at < sorted.length; ) {
    let end = at;
    while (end < sorted.length && sorted[end]?.[1] === sorted[at]?.[1]) end++;
    for (const [path] of sorted.slice(at, end)) result.set(path, (at + 1 + end) / 2);
    at = end;
  }
  return result;
}

/** Ran for the failing test and for none that passes: Ochiai, which for one failing test and one side that passes knows two values. */
export function coverageSignal(coverage: Coverage, passing: Coverage | undefined, candidates: ReadonlySet<string>): Signal {
  const scores = new Map<string, number>();
  const alone = new Set<string>();
  for (const [path, lines] of coverage) {
    if (!candidates.has(path)) continue;
    const others = passing && new Set(passing.get(path));
    if (others && lines.some((line) => !others.has(line))) alone.add(path);
    scores.set(path, alone.has(path) ? 1 : Math.SQRT1_2);
  }
  return { scores, evidence: (path) => `run by the failing test${alone.has(path) ? ' and by no other of its file' : ''}` };
}
