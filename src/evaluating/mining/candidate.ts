import { kindOf } from '../../context/scan/kinds.ts';
import type { Change, Touched } from './changes.ts';

/** A change that may be a fix with its tests: which files are tests, and which hold the fix. `says`: it calls itself a fix. */
export type Candidate = Pick<Change, 'sha' | 'base' | 'date' | 'subject'> & {
  readonly says: boolean;
  /** Test files that can be run and that gained lines; they are there after the fix. */
  readonly tests: readonly string[];
  /** Everything that belongs to the tests: fixtures and snapshots too, and the old names of what was renamed. */
  readonly testPart: readonly string[];
  /** Everything else but documents: what a patch has to do. */
  readonly fixPart: readonly string[];
  readonly sources: readonly string[];
};

export const refusals = {
  no_test: 'adds nothing to a test',
  no_source: 'changes no source',
  too_large: 'too large',
  dependencies: 'changes the dependencies',
  no_fix: 'calls itself something else than a fix',
} as const;
export type Refused = keyof typeof refusals;

const mostSources = 6;
const mostTests = 6;
const mostLines = 300;

const fixLike =
  /\b(?:fix(?:e[sd]|ing)?|bugs?|bugfix|hotfix|handle[sd]?|correct(?:s|ed|ly)?|prevent(?:s|ed)?|avoid(?:s|ed)?|regression|crash(?:es)?|wrong(?:ly)?|broken|issue|properly|ensure[sd]?|should|do(?:es)?n['’]t|not|leak|race|close[sd]?|resolve[sd]?|error)\b/i;
const notFix =
  /^(?:release|bump|typo|lint|docs?|readme|refactor|style|chore|ci|build|perf|test|tests|deps?|revert|v?\d+\.\d+)\b(?:\([^)]*\))?!?:?|\b(?:changelog|bump|upgrade|typos?)\b/i;
const feature = /^(?:feat|feature|add|adds|added|introduce|implement|support|allow|new)\b/i;

/** Takes a change for a candidate, or says why not. */
export function readCandidate({ sha, base, date, subject, body, merge, files }: Change): Candidate | Refused {
  const parts = partsOf(files);
  if (parts.tests.length === 0) return 'no_test';
  if (parts.sources.length === 0) return 'no_source';
  const lines = files.filter(({ path }) => parts.sources.includes(path)).reduce((sum, one) => sum + one.added + one.removed, 0);
  if (parts.sources.length > mostSources || parts.tests.length > mostTests || lines > mostLines || lines === 0) return 'too_large';
  if (files.some(({ path }) => kindOf(path) === 'lock' || isManifest(path))) return 'dependencies';
  // The title of a merged branch stands in the first line of the body.
  const title = merge ? `${subject} ${body.split('\n').find((line) => line.trim() !== '') ?? ''}` : subject;
  const plain = title.replace(/^Merge (?:pull request|branch)\s+\S+(?:\s+from\s+\S+)?\s*/i, '').trim() || title;
  if (notFix.test(plain)) return 'no_fix';
  const says = (fixLike.test(title) || /\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?) #\d+/i.test(body)) && !feature.test(plain);
  return { sha, base, date, subject: merge ? plain : subject, says, ...parts };
}

function partsOf(files: readonly Touched[]): Pick<Candidate, 'tests' | 'testPart' | 'fixPart' | 'sources'> {
  const both = ({ path, from }: Touched) => (from === undefined ? [path] : [path, from]);
  const isTest = ({ path }: Touched) => kindOf(path) === 'test';
  const rest = files.filter((file) => !isTest(file));
  return {
    tests: files.filter((file) => isTest(file) && file.added > 0 && isRunnable(file.path)).map(({ path }) => path),
    testPart: files.filter(isTest).flatMap(both),
    fixPart: rest.filter(({ path }) => kindOf(path) !== 'docs').flatMap(both),
    sources: rest.filter(({ path }) => ['source', 'aside'].includes(kindOf(path)) && !path.endsWith('.d.ts')).flatMap(both),
  };
}

const code = /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|kt|php|cs|exs|swift|scala|bats)$/;
const helper =
  /(?:^|\/)(?:__snapshots__|__mocks__|__fixtures__|fixtures?|testdata|test_data|helpers?|support|utils?|test-?utils?|mocks?|stubs?)\/|(?:^|\/)(?:conftest\.py|setup[\w.-]*\.[jt]s|(?:helpers?|utils?|common|support)\.[\w.]+)$|\.snap$|\.d\.ts$/i;

/** A file that a runner starts, not one that tests load. */
export function isRunnable(path: string): boolean {
  return code.test(path) && !helper.test(path);
}

/** A model cannot install anything, and what is installed is that of one state. */
function isManifest(path: string): boolean {
  return /(?:^|\/)(?:package\.json|go\.mod|Cargo\.toml|requirements[\w-]*\.txt|Pipfile|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|composer\.json)$/.test(
    path,
  );
}
