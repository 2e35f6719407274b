import { kindOf } from '../context/scan/kinds.ts';
import { type Reached, rangesOf } from '../coverage/reached.ts';
import { GlmError } from '../errors.ts';
import { testsMessages } from '../glm/prompts/tests-prompt.ts';
import { gather, openGround } from '../packing/gather.ts';
import { openBench } from '../proof/steady-worktree.ts';
import { readChanges } from '../repo/changes.ts';
import { openTree } from '../repo/files.ts';
import type { Git } from '../repo/git.ts';
import { type Named, openPlace } from '../repo/root.ts';
import { findUnmerged, refuseMarked } from '../repo/uncommitted.ts';
import { around } from '../reviewing/around.ts';
import { findSuites, suiteFor } from '../reviewing/suggestions.ts';
import type { Context, ReadText } from '../schema/context.ts';
import type { Deps, Machine } from '../schema/deps.ts';
import { defaults, type WriteTestsInput } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { ignoredPatterns } from '../settings.ts';
import { capped, needsKey } from '../talk/ending.ts';
import { chooseVariants } from '../talk/offer.ts';
import { shrinking } from '../talk/shrink.ts';
import { priceOf } from '../talk/talk.ts';
import { nearestTests, readTarget } from '../testing/nearest.ts';
import { writeUntilKept } from '../testing/writing.ts';
import { limitsOf } from './find.ts';

/** Writes tests for a file and keeps them only if they are green three times, reach further than before and notice mutants of the file. */
export async function writeTests(input: WriteTestsInput & Named, deps: Deps): Promise<Report> {
  const variants = chooseVariants(input.variant, deps.variants);
  const ground = await openGround(input, deps);
  const { root, git, tree, redactor } = ground;
  if (!git?.head) throw new GlmError('no_git', `${root} is not a git repository with a commit, so tests cannot be tried there.`);
  refuseMarked(await findUnmerged(git));
  const { target, text } = readTarget(input.file, tree);
  const changed = input.since === undefined ? undefined : await linesChanged(git, input.since, target, tree.read);
  const suite = suiteFor(target, await findSuites(root, input.command, deps));
  if (!suite) throw new GlmError('no_runner', `No tests were found in ${root}.`);

  const shown = nearestTests(target, tree, 2).map((path) => ({
    path,
    text: tree.read(path) ?? '',
    reason: 'the nearest tests',
    plain: true,
  }));
  const every = new Set(text.split('\n').map((_, at) => at + 1));
  const pack = (budgetTokens: number) =>
    gather(
      ground,
      {
        text: `${target}\n${text}`,
        budgetTokens,
        accept: (path) => ['source', 'aside', 'test'].includes(kindOf(path)),
        first: [{ path: target, text, reason: 'the file to test' }, ...shown],
        prefer: (ranking) => around(ranking, new Map([[target, changed ?? every]])),
      },
      deps,
    );
  const { context, cut } = await pack(input.budget ?? defaults.budgetTokens);
  const told = { target, command: suite.argv, language: input.language };
  const first = testsMessages(context.text, { ...told, wanted: changed && rangesOf(changed) });
  const talking = { variants, maxTokens: input.max_tokens, capUsd: input.max_cost, language: input.language };
  const { estimate } = priceOf(first, talking);
  const packed: Report = {
    version: 1,
    verb: 'write-tests',
    status: 'packed',
    root,
    summary: '',
    manifest: context.manifest,
    contextFile: await deps.keep('context.md', first.map(({ content }) => content).join('\n\n')),
    estimate,
    warnings: cut.map((path) => `${path} had no room whole: raise budget to send more of it`),
    next: [],
  };
  const refused = capped(packed, input.max_cost);
  if (refused) return refused;
  if (!deps.ask) return needsKey(packed);

  const bench = await openBench({ ...ground, ...limitsOf(input), git, suite, target }, deps);
  try {
    // Where there is no test yet, the first ones are written.
    if (bench.problem && bench.before.outcome !== 'no_tests') return { ...packed, status: 'unverifiable', summary: bench.problem };
    const { wanted, unreached } = open(changed, bench.reachedBefore);
    if (wanted?.size === 0)
      return {
        ...packed,
        status: 'nothing_to_fix',
        summary: `Every changed line of ${target} runs in the tests already. Nothing was sent.`,
      };
    const say = ({ text: packText }: Context) => testsMessages(packText, { ...told, wanted: wanted && rangesOf(wanted), unreached });
    const packs = shrinking(context, async (tokens) => (await pack(tokens)).context);
    const attempts = input.attempts ?? defaults.attempts;
    return await writeUntilKept({ packed, packs, say, talking, attempts, target, bench, redactor, wanted }, { ...deps, ask: deps.ask });
  } finally {
    await bench.remove();
  }
}

/** What the tests are for: changed lines that no test runs, or all that none runs. Where nothing was measured, every changed line. */
function open(changed: ReadonlySet<number> | undefined, reached: Reached | undefined) {
  if (!reached) return { wanted: changed };
  const without = [...reached.known].filter((line) => !reached.ran.has(line));
  return { wanted: changed && new Set(without.filter((line) => changed.has(line))), unreached: rangesOf(without) };
}

async function linesChanged(git: Git, since: string, target: string, read: ReadText): Promise<ReadonlySet<number>> {
  const { files, leftOut } = await readChanges(git, { since }, read);
  const changed = files.find(({ path }) => path === target)?.changed;
  if (changed && changed.size > 0) return changed;
  const why = leftOut.find(({ path }) => path === target)?.reason;
  if (why !== undefined) throw new GlmError('bad_input', `${target} cannot be compared with ${since}: ${why}.`);
  throw new GlmError('bad_input', `${target} has not changed since ${since}.`, {
    hint: 'Leave since out to write tests for the whole file.',
  });
}

/** The source files of a diff, in the order of their paths. */
export async function sourcesSince(given: string, since: string, deps: Machine): Promise<string[]> {
  const { root, git } = await openPlace({ root: given }, deps);
  if (!git?.head) return [];
  const tree = await openTree(root, { git, ...deps, ignore: ignoredPatterns(root, deps.env, deps.folders) });
  const { files, unfetched } = await readChanges(git, { since }, tree.read);
  // A file whose older text is not here is taken up too: it says so itself.
  const paths = [...files.map(({ path }) => path), ...unfetched].sort();
  return paths.filter((path) => kindOf(path) === 'source' && tree.read(path) !== undefined);
}
