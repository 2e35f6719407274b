import { createHash } from 'node:crypto';
import type { CauseClass } from '../schema/batch.ts';
import type { Report } from '../schema/report.ts';
import type { Failure, FailureGroup } from '../schema/run.ts';
import { plainMessage } from '../suite/same.ts';

/** The text of a file of the tree; undefined where there is none or it must not be read. */
type Read = (path: string) => string | undefined;

/**
 * Names a root cause, the same on every machine and after lines have moved: kind and shape of the error, and the text of the line it
 * comes from, that of the code before that of the test. What differs between the tests of one cause (numbers, quoted values, paths,
 * times, placeholders of secrets) is not in it.
 */
export function fingerprintOf({ first }: Pick<FailureGroup, 'first'>, read: Read, roots: readonly string[]): string {
  const place = first.frames.find(({ file }) => file !== first.file) ?? first.frames[0];
  const line = place && read(place.file)?.split('\n')[place.line - 1]?.trim();
  const where = place ? [place.file, line || String(place.line)] : [idOf(first)];
  return createHash('sha256')
    .update(JSON.stringify([first.kind, shapeOf(first.message, roots), ...where]))
    .digest('hex')
    .slice(0, 16);
}

/** The first line that says something; of a comparison that is shown below, the next as well. */
function shapeOf(message: string, roots: readonly string[]): string {
  const lines = message
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const said = lines[0]?.endsWith(':') ? lines.slice(0, 2).join(' ') : (lines[0] ?? '');
  return plainMessage(said.slice(0, 400), roots)
    .replace(thrown, '')
    .replace(/__SECRET_[A-Z0-9_]+_[0-9a-f]+__/g, '<secret>')
    .replace(/(["'`]).*?\1/g, '""')
    .replace(/-?\d+(?:\.\d+)?/g, '#');
}

/** One reporter of a runner writes the name of a comparison's error before its message, another does not. */
const thrown = /^(?:Uncaught )?(?:\w+\.)*Assert(?:ion)?Error\b(?: \[\w+\])?:? /;

/** Without a place in the repository only the same test is the same cause. */
const idOf = ({ id }: Failure) => id.replace(/\d{4,}/g, '#');

const compiler =
  /\bSyntaxError\b|\bIndentationError\b|\bTabError\b|error TS\d+|\berror\[E\d{4}\]|cannot find symbol|compilation (?:failed|error)|COMPILATION ERROR|\[build failed\]|build failed|(?:Transform|Build) failed|Parse(?: )?[Ee]rror|Unexpected (?:token|identifier|end of)|undefined reference to|undefined: \w+|error: expected|CS\d{4}:|Failed to (?:compile|parse|transform)/;
const fault =
  /^(?:Uncaught )?(?:ReferenceError|NameError|UnboundLocalError)\b|\bis not defined$|fixture '\w+' not found|^(?:TypeError: )?\w+\(\) (?:missing|takes) \d+ .*argument/m;

type Classed = { readonly class: CauseClass; readonly why: string };

/** What sort of fault a group of failures shows. `flake` is what re-running it said, where it was re-run. */
export function classify(group: FailureGroup, flake: Report['flake'], isTest: (path: string) => boolean): Classed {
  const { first } = group;
  if (flake?.verdict === 'flaky' || flake?.verdict === 'order_dependent') return { class: 'flaky', why: flake.why };
  if (flake?.verdict === 'environment') return { class: 'environment', why: flake.why };
  if (group.environment) return { class: 'environment', why: group.environment };
  const inner = first.frames[0]?.file ?? first.file;
  const inTest =
    inner !== undefined && (inner === first.file || isTest(inner)) && first.frames.every(({ file }) => isTest(file) || file === first.file);
  const compiles = compiler.test(first.message);
  if (compiles && first.kind !== 'assertion') {
    return inTest && first.frames.length > 0
      ? { class: 'test', why: `the test file itself does not compile: ${inner}` }
      : { class: 'build', why: 'the code does not compile' };
  }
  if (inTest && first.kind === 'error' && fault.test(first.message))
    return { class: 'test', why: 'the error is raised by the test itself, and no code of the repository stands between' };
  return {
    class: 'code',
    why:
      first.kind === 'assertion'
        ? 'a comparison fails'
        : `the tests end with an ${first.kind === 'error' ? 'error' : first.kind} of the code`,
  };
}

/** Where a run did not come to single failures: what its outcome says of the cause. */
export function classOfRun({ status, run }: Report): Classed | undefined {
  if (status === 'flaky') return { class: 'flaky', why: 'tests failed and passed on a retry' };
  if (status === 'environment') return { class: 'environment', why: 'what fails is missing outside the code' };
  if (status === 'not_installed') return { class: 'environment', why: 'dependencies are not installed' };
  if (status === 'crashed' && compiler.test(run?.note ?? '')) return { class: 'build', why: 'the code does not compile' };
  return undefined;
}
