import type { Coverage, History, ReadText } from '../../schema/context.ts';
import type { Failure } from '../../schema/run.ts';
import { type Index, searchIndex } from '../index/search.ts';
import { kindOf, unfit } from '../scan/kinds.ts';
import { cutSegments } from '../scan/segments.ts';
import { type ScoredSegment, type Source, scoreFiles, scoreSegments } from './definitions.ts';
import { closeImports, listImports } from './imports.ts';
import { filler, hearUses, type Question, readQuestion } from './query.ts';
import type { Resolve } from './resolve.ts';
import {
  coverageSignal,
  differenceSignal,
  historySignal,
  importSignal,
  nameSignal,
  namesSignal,
  pathSignal,
  recentSignal,
  type Signal,
} from './signals.ts';
import { type Use, usesOf } from './uses.ts';
import { type Settings, type SignalName, settings as usual } from './weights.ts';

export type RankInput = {
  readonly failure: Failure;
  /** The failure is no failure but what somebody asks: words of testing mean what they say. */
  readonly question?: boolean | undefined;
  /** Failures of the same run; they count half. */
  readonly related: readonly Failure[];
  /** The files that can hold the fault. */
  readonly documents: readonly string[];
  readonly index: Index;
  readonly read: ReadText;
  readonly resolve: Resolve;
  readonly history: History;
  /** Files that differ from the last commit or were changed by the first bad one. */
  readonly changed: readonly string[];
  readonly coverage?: Coverage | undefined;
  /** What tests ran that pass in the failing test's file. */
  readonly passing?: Coverage | undefined;
  /** Gives what was derived from a file's content before, where it is known; else derives it. */
  readonly recall?: Recall | undefined;
};

export type Recall = <T>(what: string, path: string, derive: () => T) => T;

/** All that is known about the candidates before anything is weighed. */
export type Collected = {
  readonly question: Question;
  readonly sources: ReadonlyMap<string, Source>;
  readonly segments: readonly ScoredSegment[];
  readonly signals: ReadonlyMap<Exclude<SignalName, 'companions'>, Signal>;
  /** Files in the stack trace or named in the output. */
  readonly pins: ReadonlyMap<string, { readonly score: number; readonly evidence: string }>;
  /** Lines of the stack trace by file. */
  readonly frames: ReadonlyMap<string, readonly number[]>;
  readonly distances: ReadonlyMap<string, number>;
  /** False where the test imports nothing of the repository, or too much to follow: then the closure says nothing. */
  readonly closed: boolean;
  readonly history: History;
  readonly coverage: Coverage | undefined;
  readonly passing: Coverage | undefined;
  /** Test code that the reader needs, nearest first. */
  readonly uses: readonly Use[];
};

/** Up to here every file is read and cut; beyond, the best of each early signal. */
const mostCandidates = 200;
const mostOfEach = 40;
/** What ranks lower by words has no say: reciprocal ranks there are next to nothing. */
const mostRanked = 2_000;

/** Reads the failure and every candidate once and lets each signal speak. */
export function collect(input: RankInput, settings: Settings = usual): Collected {
  const { read, history, documents, coverage, passing, recall = (_what, _path, derive) => derive() } = input;
  const failure = locate(input.failure);
  const all = new Set(documents);
  const asked = readQuestion(failure, input.related.map(locate), read, settings, input.question ? filler : undefined);
  const tests = asked.tests.size > 0 ? [...asked.tests.keys()] : failure.file ? [failure.file] : [];
  const importsOf = (path: string) => recall('imports', path, () => listImports(path, read(path) ?? ''));
  const { distances, complete } = closeImports(tests, input.resolve, importsOf);
  const segmentsOf = (path: string) => recall('segments', path, () => cutSegments(path, read(path) ?? ''));
  const uses = usesOf(asked.tests, [failure, ...input.related.slice(0, 8).map(locate)], {
    read,
    importsOf: (path) => importsOf(path).flatMap((specifier) => input.resolve(path, specifier)),
    segmentsOf,
  });
  const helping = uses.filter(
    ({ path, startLine }) => !asked.tests.get(path)?.some((region) => region.startLine <= startLine && startLine <= region.endLine),
  );
  const question = hearUses(asked, helping.map(textOf(read)), settings);
  const words = searchIndex(input.index, question.words, mostRanked);
  const path = tests.length > 0 ? pathSignal(tests, documents) : nameSignal(question.words, documents);
  const together = historySignal(history, new Set([...tests, ...question.fixtures]), all, 'the failing test');
  const frames = framesOf(failure, all);
  const pins = pinsOf(question, frames, documents, settings);
  const near = [...distances].filter(([file, distance]) => distance <= 2 && all.has(file)).slice(0, 60);
  const always = [...pins.keys(), ...near.map(([file]) => file), ...input.changed.filter((file) => all.has(file))];
  const sources = new Map<string, Source>();
  for (const candidate of choose(documents, [words, path.scores, together.scores], always)) {
    const text = read(candidate);
    const segments =
      text === undefined ? null : recall('segments', candidate, () => (unfit(text, candidate) ? null : cutSegments(candidate, text)));
    if (text !== undefined && segments) sources.set(candidate, { path: candidate, text, segments });
  }
  const chosen = new Set(sources.keys());
  const segments = scoreSegments([...sources.values()], question, settings);
  const definitions = scoreFiles(segments);
  const signals = new Map<Exclude<SignalName, 'companions'>, Signal>([
    ['words', { scores: words, evidence: () => 'shares words with the test and its output' }],
    [
      'definitions',
      {
        scores: new Map([...definitions].map(([file, { score }]) => [file, score])),
        evidence: (file) => describe(definitions.get(file)?.best),
      },
    ],
    ['names', namesSignal(question.names, segments)],
    ['path', path],
    ['history', together],
    ['recent', recentSignal(history, chosen)],
    ['imports', importSignal(distances, chosen)],
    ['difference', differenceSignal(input.changed, chosen, 'changed since the last good state')],
  ]);
  if (coverage) {
    signals.set('coverage', coverageSignal(coverage, passing, all));
  }
  const closed = complete && distances.size > tests.length;
  return { question, sources, segments, signals, pins, frames, distances, closed, history, coverage, passing, uses };
}

const textOf =
  (read: ReadText) =>
  ({ path, startLine, endLine }: Use): string =>
    (read(path) ?? '')
      .split('\n')
      .slice(startLine - 1, endLine)
      .join('\n');

/** A failure whose runner did not say in which file it is, with the test file of its stack trace. */
function locate(failure: Failure): Failure {
  if (failure.file !== undefined) return failure;
  const file = failure.frames.find((frame) => kindOf(frame.file) === 'test')?.file;
  return file === undefined ? failure : { ...failure, file };
}

/** Lines of stack frames in files that can hold the fault, the innermost first. */
function framesOf(failure: Failure, known: ReadonlySet<string>): Map<string, number[]> {
  const frames = new Map<string, number[]>();
  for (const { file, line } of failure.frames) if (known.has(file)) frames.set(file, [...(frames.get(file) ?? []), line]);
  return frames;
}

/** Source frames stand above all other suspects, the innermost first; files that the output names get a push. */
function pinsOf(
  question: Question,
  frames: Collected['frames'],
  documents: readonly string[],
  settings: Settings,
): Map<string, { score: number; evidence: string }> {
  const pins = new Map<string, { score: number; evidence: string }>();
  for (const [file, lines] of frames)
    pins.set(file, { score: settings.framePin * settings.frameDecay ** pins.size, evidence: `in the stack trace at line ${lines[0]}` });
  const printed = new Set(question.printed.match(/[\w@.+-]+(?:\/[\w@.+-]+)+\.\w+/g) ?? []);
  if (printed.size === 0) return pins;
  for (const file of documents) {
    if (pins.has(file) || ![...printed].some((name) => name === file || name.endsWith(`/${file}`))) continue;
    pins.set(file, { score: settings.printedPin, evidence: 'named in the output' });
  }
  return pins;
}

/** All files where they are few; else the best of each early signal. */
function choose(documents: readonly string[], signals: readonly ReadonlyMap<string, number>[], always: readonly string[]): string[] {
  if (documents.length <= mostCandidates) return [...documents];
  const chosen = new Set(always);
  for (const scores of signals) {
    const best = [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostOfEach);
    for (const [file] of best) chosen.add(file);
  }
  return [...chosen].sort();
}

function describe(best: ScoredSegment | undefined): string {
  if (!best) return '';
  const where = best.segment.title ? `${best.segment.title} (line ${best.segment.nameLine})` : `line ${best.segment.startLine}`;
  return best.words.length === 0 ? '' : `${where} matches ${best.words.join(', ')}`;
}
