import type { Coverage, History, ReadText, Suspect } from '../schema/context.ts';
import type { Failure } from '../schema/run.ts';
import { type ScoredSegment, type Source, scoreFiles, scoreSegments } from './definitions.ts';
import { closeImports, type Resolve } from './imports.ts';
import { kindOf, unfit } from './kinds.ts';
import { type Postings, searchPostings } from './postings.ts';
import { type Question, readQuestion } from './query.ts';
import { cutSegments } from './segments.ts';
import { differenceSignal, historySignal, importSignal, pathSignal, ranks, recentSignal, type Signal } from './signals.ts';
import { fusion, type SignalName, weights as usual, type Weights } from './weights.ts';

export type RankInput = {
  readonly failure: Failure;
  /** Failures of the same run; they count half. */
  readonly related: readonly Failure[];
  /** Paths by document number of `postings`: the files that can hold the fault. */
  readonly documents: readonly string[];
  readonly postings: Postings;
  readonly read: ReadText;
  readonly resolve: Resolve;
  readonly history: History;
  /** Files that differ from the last commit or were changed by the first bad one. */
  readonly changed: readonly string[];
  readonly coverage?: Coverage | undefined;
  readonly weights?: Weights | undefined;
};

export type RankedFile = { readonly path: string; readonly score: number; readonly evidence: readonly string[]; readonly pinned: boolean };

/** Files and segments, best first, and what was found on the way. */
export type Ranking = {
  readonly question: Question;
  readonly files: readonly RankedFile[];
  readonly segments: readonly (ScoredSegment & { readonly total: number })[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly distances: ReadonlyMap<string, number>;
};

const mostCandidates = 150;
const nameBonus = 0.5;

/** Ranks files and definitions by how likely they hold the fault. Pure: the same input gives the same order. */
export function rank(input: RankInput): Ranking {
  const { failure, read, history, documents } = input;
  const weights = input.weights ?? usual;
  const question = readQuestion(failure, input.related, read);
  const tests = [...question.tests.keys()];
  const starts = tests.length > 0 ? tests : failure.file ? [failure.file] : [];
  const { distances, complete } = closeImports(starts, input.resolve, read);
  const all = new Set(documents);
  const lexical = searchPostings(input.postings, question.words);
  const words = new Map<string, number>();
  documents.forEach((path, number) => {
    const score = lexical[number] ?? 0;
    if (score > 0) words.set(path, score);
  });
  const path = pathSignal(starts, documents);
  const together = historySignal(history, starts, all, 'the failing test');
  const frames = framesOf(input);
  const pins = pinsOf(question, frames, documents);

  const candidates = chooseCandidates(
    documents,
    [words, path.scores, together.scores],
    [...pins.keys(), ...near(distances, all), ...input.changed.filter((one) => all.has(one))],
  );
  const sources = new Map<string, Source>();
  for (const candidate of candidates) {
    const text = read(candidate);
    if (text !== undefined && !unfit(text)) sources.set(candidate, { path: candidate, text, segments: cutSegments(candidate, text) });
  }
  const segments = scoreSegments([...sources.values()], question, nameBonus);
  const definitions = scoreFiles(segments);
  const chosen = new Set(sources.keys());

  const signals: [SignalName, Signal][] = [
    ['words', { scores: words, evidence: () => 'shares words with the test and its output' }],
    [
      'definitions',
      {
        scores: new Map([...definitions].map(([file, { score }]) => [file, score])),
        evidence: (file) => describe(definitions.get(file)?.best),
      },
    ],
    ['names', namesSignal(question, segments)],
    ['path', path],
    ['history', together],
    ['recent', recentSignal(history, chosen)],
    ['imports', importSignal(distances, chosen)],
    ['difference', differenceSignal(input.changed, chosen, 'changed since the last good state')],
  ];
  if (input.coverage) signals.push(['coverage', { scores: input.coverage, evidence: () => 'run by the failing test' }]);
  const first = fuse(signals, weights);
  const leaders = [...first.entries()]
    .filter(([file]) => chosen.has(file))
    .sort((a, b) => b[1].score - a[1].score)
    .slice(0, 3)
    .map(([file]) => file);
  const companions = historySignal(history, leaders, chosen, 'the first suspects');
  const fused = fuse([...signals, ['companions', companions]], weights);

  const closed = complete && distances.size > starts.length;
  const files: RankedFile[] = [...sources.keys()].map((file) => {
    const { score, evidence } = fused.get(file) ?? { score: 0, evidence: [] };
    const pin = pins.get(file);
    let factor = closed && !distances.has(file) ? fusion.outside : 1;
    if (kindOf(file) !== 'source' || file.endsWith('.d.ts')) factor *= fusion.aside;
    if (input.coverage && !input.coverage.has(file)) factor *= fusion.uncovered;
    return {
      path: file,
      score: score * factor + (pin?.score ?? 0),
      evidence: pin ? [pin.evidence, ...evidence] : evidence,
      pinned: pin !== undefined,
    };
  });
  files.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
  return { question, files, segments: rankSegments(files, segments, frames), sources, distances };
}

function fuse(signals: readonly (readonly [SignalName, Signal])[], weights: Weights): Map<string, { score: number; evidence: string[] }> {
  const fused = new Map<string, { score: number; evidence: string[]; shares: number[] }>();
  for (const [name, signal] of signals) {
    if (weights[name] === 0) continue;
    for (const [file, position] of ranks(signal.scores)) {
      const entry = fused.get(file) ?? { score: 0, evidence: [], shares: [] };
      fused.set(file, entry);
      entry.score += weights[name] / (fusion.k + position);
      if (position <= 5) entry.evidence.push(signal.evidence(file));
    }
  }
  return fused;
}

type Frames = ReadonlyMap<string, readonly number[]>;

/** Lines of stack frames in files that can hold the fault, the innermost first. */
function framesOf({ failure, documents }: RankInput): Frames {
  const known = new Set(documents);
  const frames = new Map<string, number[]>();
  for (const frame of failure.frames) {
    if (!known.has(frame.file)) continue;
    frames.set(frame.file, [...(frames.get(frame.file) ?? []), frame.line]);
  }
  return frames;
}

/** Source frames and files that the output names stand above all other suspects, the innermost first. */
function pinsOf(question: Question, frames: Frames, documents: readonly string[]): Map<string, { score: number; evidence: string }> {
  const pins = new Map<string, { score: number; evidence: string }>();
  let order = 0;
  for (const [file, lines] of frames) pins.set(file, { score: 0.2 * 0.7 ** order++, evidence: `in the stack trace at line ${lines[0]}` });
  const printed = new Set(question.printed.match(/[\w@.+-]+(?:\/[\w@.+-]+)+\.\w+/g) ?? []);
  if (printed.size === 0) return pins;
  for (const file of documents) {
    if (pins.has(file) || ![...printed].some((name) => name === file || name.endsWith(`/${file}`))) continue;
    pins.set(file, { score: 0.05, evidence: 'named in the output' });
  }
  return pins;
}

function near(distances: ReadonlyMap<string, number>, all: ReadonlySet<string>): string[] {
  return [...distances]
    .filter(([file, distance]) => distance <= 2 && all.has(file))
    .slice(0, 60)
    .map(([file]) => file);
}

/** All files where they are few; else the best of each early signal. */
function chooseCandidates(
  documents: readonly string[],
  signals: readonly ReadonlyMap<string, number>[],
  always: readonly string[],
): string[] {
  if (documents.length <= mostCandidates * 2) return [...documents];
  const chosen = new Set(always);
  for (const scores of signals) {
    const best = [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostCandidates / 2);
    for (const [file] of best) chosen.add(file);
  }
  return [...chosen].sort();
}

function namesSignal(question: Question, segments: readonly ScoredSegment[]): Signal {
  const owners = new Map<string, Set<string>>();
  for (const { source, segment } of segments) {
    if (segment.kind === 'glue' || !question.names.has(segment.name)) continue;
    owners.set(segment.name, (owners.get(segment.name) ?? new Set()).add(source.path));
  }
  const scores = new Map<string, number>();
  const named = new Map<string, string[]>();
  for (const [name, files] of owners) {
    for (const file of files) {
      scores.set(file, (scores.get(file) ?? 0) + (question.names.get(name) ?? 0) / files.size);
      named.set(file, [...(named.get(file) ?? []), name]);
    }
  }
  return { scores, evidence: (file) => `defines ${(named.get(file) ?? []).slice(0, 3).join(', ')} that the test uses` };
}

function describe(best: ScoredSegment | undefined): string {
  if (!best) return '';
  const where = best.segment.title ? `${best.segment.title} (line ${best.segment.nameLine})` : `line ${best.segment.startLine}`;
  return `${where} matches ${best.words.join(', ')}`;
}

/** Segments by their own score and that of their file; those in the stack trace first. */
function rankSegments(files: readonly RankedFile[], segments: readonly ScoredSegment[], frames: Frames): Ranking['segments'] {
  const best = Math.max(...segments.map(({ score }) => score), 1e-9);
  const top = files[0]?.score || 1;
  const fileScores = new Map(files.map((file) => [file.path, file.score / top]));
  return segments
    .map((one) => {
      const { startLine, endLine } = one.segment;
      const inTrace = frames.get(one.source.path)?.some((line) => line >= startLine && line <= endLine) ?? false;
      return { ...one, total: (fileScores.get(one.source.path) ?? 0) * (0.1 + one.score / best) + (inTrace ? 1 : 0) };
    })
    .sort(
      (a, b) =>
        b.total - a.total ||
        (a.source.path < b.source.path ? -1 : a.source.path > b.source.path ? 1 : 0) ||
        a.segment.startLine - b.segment.startLine,
    );
}

/** The first files and the first definitions as suspects: files first, without a name, then definitions. */
export function toSuspects(ranking: Ranking, most = 15): Suspect[] {
  const files = ranking.files
    .slice(0, most)
    .map(({ path, score, evidence }) => ({ file: path, score: round(score), evidence: evidence.slice(0, 4) }));
  const definitions = ranking.segments
    .filter(({ segment, total }) => segment.kind !== 'glue' && total > 0)
    .slice(0, most)
    .map(({ source, segment, total, words }) => ({
      file: source.path,
      name: segment.title,
      line: segment.startLine,
      endLine: segment.endLine,
      score: round(total),
      evidence: words.length > 0 ? [`matches ${words.join(', ')}`] : [],
    }));
  return [...files, ...definitions];
}

const round = (score: number) => Math.round(score * 10_000) / 10_000;
