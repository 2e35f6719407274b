import type { Suspect } from '../../schema/context.ts';
import { kindOf } from '../scan/kinds.ts';
import { chanceOf } from './chance.ts';
import type { Collected } from './collect.ts';
import { followCalls, type ScoredSegment, type Source } from './definitions.ts';
import type { Question } from './query.ts';
import { historySignal, ranks, type Signal } from './signals.ts';
import type { Use } from './uses.ts';
import { type Settings, type SignalName, settings as usual } from './weights.ts';

export type RankedFile = { readonly path: string; readonly score: number; readonly evidence: readonly string[] };

/** `signs`: what running has shown of it, in words. `chance`: how likely, 0 to 1, it holds a line of the repair. */
export type RankedSegment = ScoredSegment & { readonly total: number; readonly signs: readonly string[]; readonly chance: number };

/** Files and segments, best first, and what was found on the way. */
export type Ranking = {
  readonly question: Question;
  readonly files: readonly RankedFile[];
  readonly segments: readonly RankedSegment[];
  readonly sources: ReadonlyMap<string, Source>;
  readonly distances: ReadonlyMap<string, number>;
  /** Test code that the reader needs, nearest first. */
  readonly uses: readonly Use[];
};

/** Weighs the signals into one order of files and one of segments. Pure: the same input gives the same order. */
export function rank(collected: Collected, settings: Settings = usual): Ranking {
  const { question, sources, segments, distances, uses } = collected;
  const files = rankFiles(collected, settings);
  return { question, files, segments: rankSegments(files, segments, collected, settings), sources, distances, uses };
}

export function rankFiles(collected: Collected, settings: Settings): RankedFile[] {
  const { sources, signals, pins, distances, coverage } = collected;
  const factors = new Map([...sources.keys()].map((file) => [file, factorOf(file)]));
  function factorOf(file: string): number {
    let factor = collected.closed && !distances.has(file) ? settings.outside : 1;
    if (kindOf(file) !== 'source' || file.endsWith('.d.ts')) factor *= settings.aside;
    if (coverage && !coverage.has(file)) factor *= settings.uncovered;
    return factor;
  }
  const weighed = (all: Iterable<readonly [SignalName, Signal]>): RankedFile[] => {
    const fused = fuse(all, factors.size, settings);
    const files = [...factors].map(([path, factor]) => {
      const { score, evidence } = fused.get(path) ?? { score: 0, evidence: [] };
      const pin = pins.get(path);
      return { path, score: score * factor + (pin?.score ?? 0), evidence: pin ? [pin.evidence, ...evidence] : evidence };
    });
    return files.sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
  };
  const first = weighed(signals);
  if (settings.weights.companions === 0) return first;
  const leaders = new Set(first.slice(0, settings.leaders).map(({ path }) => path));
  return weighed([...signals, ['companions', historySignal(collected.history, leaders, new Set(sources.keys()), 'the first suspects')]]);
}

/** Weighted reciprocal rank fusion. A signal that has nothing to say about a file gives it nothing. */
function fuse(
  signals: Iterable<readonly [SignalName, Signal]>,
  candidates: number,
  { weights, k }: Settings,
): Map<string, { score: number; evidence: string[] }> {
  const fused = new Map<string, { score: number; evidence: string[] }>();
  const speaking = [...signals].filter(([name]) => weights[name] !== 0);
  for (const [name, signal] of speaking.sort(([one], [other]) => telling.indexOf(one) - telling.indexOf(other))) {
    const positions = ranks(signal.scores);
    const alike = countBy(positions.values());
    const reasons = new Map<string, string>();
    for (const [file, position] of positions) {
      const entry = fused.get(file) ?? { score: 0, evidence: [] };
      fused.set(file, entry);
      entry.score += weights[name] / (k + position);
      const many = candidates > 1 && (alike.get(position) ?? 0) > candidates / 2;
      if (position <= 5 && !many) reasons.set(file, signal.evidence(file));
    }
    // What all share is no reason for one of them.
    const said = countBy(reasons.values());
    for (const [file, reason] of reasons)
      if (reason !== '' && (candidates === 1 || said.get(reason) !== candidates)) fused.get(file)?.evidence.push(reason);
  }
  return fused;
}

function countBy<T>(all: Iterable<T>): Map<T, number> {
  const counts = new Map<T, number>();
  for (const one of all) counts.set(one, (counts.get(one) ?? 0) + 1);
  return counts;
}

/** The order in which reasons are given, the most telling first. */
const telling: readonly SignalName[] = [
  'difference',
  'coverage',
  'names',
  'definitions',
  'imports',
  'path',
  'history',
  'companions',
  'recent',
  'words',
];

/** Segments by their own score and that of their file; those in the stack trace first. */
function rankSegments(
  files: readonly RankedFile[],
  segments: readonly ScoredSegment[],
  { frames, pins, coverage, passing }: Pick<Collected, 'frames' | 'pins' | 'coverage' | 'passing'>,
  settings: Settings,
): RankedSegment[] {
  // A pin lifts one file and must not push down all the others.
  const top = files.find(({ path }) => !pins.has(path))?.score || files[0]?.score || 1;
  const fileScores = new Map(files.map((file) => [file.path, Math.min(1, file.score / top) ** settings.filePower]));
  const inFiles = segments.map((one) => ({
    ...one,
    score:
      one.score *
      (one.segment.kind === 'glue' ? settings.glue : 1) *
      runFactor(one, coverage, passing, settings) *
      (fileScores.get(one.source.path) ?? 0),
  }));
  const called = followCalls(inFiles, settings.calls);
  const best = called.reduce((most, { score }) => Math.max(most, score), 1e-9);
  const traced = new Set(called.filter((one) => isTraced(one, frames)));
  const twins = twinsOf(called, traced);
  const filePlaces = new Map(files.map(({ path }, at) => [path, at]));
  const ranked = called
    .map((one) => {
      const trace = traced.has(one) ? settings.frame : twins.has(one) ? settings.twin : 0;
      const signs = [
        ...(traced.has(one) ? ['in the stack trace'] : twins.has(one) ? ['has the name of one in the stack trace'] : []),
        ...(runFactor(one, coverage, passing, settings) === settings.alone ? ['run by the failing test and by none that passes'] : []),
      ];
      return { ...one, signs, total: settings.base * (fileScores.get(one.source.path) ?? 0) + one.score / best + trace };
    })
    .sort((a, b) => b.total - a.total || compare(a.source.path, b.source.path) || a.segment.startLine - b.segment.startLine);
  const most = ranked[0]?.total || 1;
  return ranked.map((one, place) => {
    const filePlace = filePlaces.get(one.source.path) ?? files.length;
    return { ...one, chance: chanceOf({ place, filePlace, total: one.total, share: one.total / most, segment: one.segment }) };
  });
}

const isTraced = ({ source, segment }: ScoredSegment, frames: Collected['frames']) =>
  frames.get(source.path)?.some((line) => line >= segment.startLine && line <= segment.endLine) ?? false;

const mostTwins = 3;

/** What has the name of a function in the stack trace: it overrides it, or does the same elsewhere. A name that many have says nothing. */
function twinsOf(segments: readonly ScoredSegment[], traced: ReadonlySet<ScoredSegment>): Set<ScoredSegment> {
  const byName = new Map<string, ScoredSegment[]>();
  for (const one of segments)
    if (one.segment.kind === 'function') byName.set(one.segment.name, [...(byName.get(one.segment.name) ?? []), one]);
  return new Set([...byName.values()].filter((own) => own.length <= mostTwins && own.some((one) => traced.has(one))).flat());
}

/** Of a function in a file that the failing test ran: whether it ran the function, and whether that alone did. */
function runFactor({ source, segment }: ScoredSegment, coverage: Coverage, passing: Coverage, settings: Settings): number {
  const lines = segment.kind === 'function' ? coverage?.get(source.path) : undefined;
  if (lines === undefined) return 1;
  const ran = lines.filter((line) => line >= segment.startLine && line <= segment.endLine);
  if (ran.length === 0) return settings.unrun;
  const others = passing && new Set(passing.get(source.path));
  return others && ran.some((line) => !others.has(line)) ? settings.alone : 1;
}

type Coverage = Collected['coverage'];

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** The first files and the first definitions as suspects: files first, without a name, then definitions. */
export function toSuspects(ranking: Ranking, most = 15): Suspect[] {
  const files = ranking.files
    .slice(0, most)
    .map(({ path, score, evidence }) => ({ file: path, score: round(score), evidence: reasonsOf(evidence) }));
  const seen = new Set<string>();
  const definitions = ranking.segments
    .filter(({ source, segment, total }) => {
      const key = `${source.path}\0${segment.title}`;
      if (segment.title === '' || total <= 0 || (segment.kind === 'glue' && seen.has(key))) return false;
      seen.add(key);
      return true;
    })
    .slice(0, most)
    .map(({ source, segment, total, words, signs }) => ({
      file: source.path,
      name: segment.title,
      line: segment.startLine,
      endLine: segment.endLine,
      score: round(total),
      evidence: reasonsOf([...signs, ...(words.length > 0 ? [`matches ${words.join(', ')}`] : [])]),
    }));
  return [...files, ...definitions];
}

const reasonsOf = (evidence: readonly string[]) => (evidence.length > 0 ? evidence.slice(0, 4) : ['no single sign: all of them together']);

const round = (score: number) => Math.round(score * 10_000) / 10_000;
