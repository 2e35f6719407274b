import { kindOf } from './context/kinds.ts';
import { GlmError } from './errors.ts';
import { timeoutMs } from './find.ts';
import { readAnswer } from './glm/answer.ts';
import { testsAgain, testsMessages } from './glm/tests-prompt.ts';
import { openRoot } from './repo/root.ts';
import type { Deps } from './schema/deps.ts';
import { defaults, type WriteTestsInput } from './schema/input.ts';
import type { Rejected, Report } from './schema/report.ts';
import { around } from './stages/around.ts';
import { gather, openGround } from './stages/gather.ts';
import { nearestTests, readTarget } from './stages/nearest.ts';
import { chooseVariants } from './stages/offer.ts';
import { openBench } from './stages/steady.ts';
import { findSuites, suiteFor } from './stages/suggestions.ts';
import { capped, ending, priceOf, startTalk } from './stages/talk.ts';
import { coverageOf, tryTests } from './stages/written.ts';

/** Writes tests for a file and keeps them only if they are green three times, reach further than before and notice mutants of the file. */
export async function writeTests(input: WriteTestsInput & { root: string }, deps: Deps): Promise<Report> {
  const variants = chooseVariants(input.variant, deps.variants);
  const { root } = await openRoot(input.root, deps.folders.home);
  const ground = await openGround(root, deps);
  const { git, tree, redactor } = ground;
  if (!git?.head) throw new GlmError('no_git', `${root} is not a git repository with a commit, so tests cannot be tried there.`);
  const { target, text } = readTarget(input.file, tree);
  const suite = suiteFor(target, await findSuites(root, input.command, deps));
  if (!suite) throw new GlmError('no_runner', `No tests were found in ${root}.`);

  const shown = nearestTests(target, tree, 2).map((path) => ({
    path,
    text: tree.read(path) ?? '',
    reason: 'the nearest tests',
    plain: true,
  }));
  const every = new Set(text.split('\n').map((_, at) => at + 1));
  const { context, cut } = await gather(
    ground,
    {
      text: `${target}\n${text}`,
      budgetTokens: input.budget ?? defaults.budgetTokens,
      accept: (path) => ['source', 'aside', 'test'].includes(kindOf(path)),
      first: [{ path: target, text, reason: 'the file to test' }, ...shown],
      prefer: (ranking) => around(ranking, new Map([[target, every]])),
    },
    deps,
  );
  const first = testsMessages(context.text, { target, command: suite.argv, language: input.language });
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
  if (!deps.ask) return ending(packed, undefined);

  const proving = {
    root,
    git,
    suite,
    timeoutMs: timeoutMs(input),
    sandbox: input.sandbox ?? 'auto',
    envNames: input.env ?? [],
    coverage: true,
  };
  const bench = await openBench(proving, deps);
  try {
    if (bench.problem) return { ...packed, status: 'unverifiable', summary: bench.problem };
    const ranBefore = coverageOf(bench, target, text);
    const talk = startTalk(talking, { ...deps, ask: deps.ask });
    const rejected: Rejected[] = [];
    let messages = first;
    for (let round = 1; round <= (input.attempts ?? defaults.attempts); round++) {
      const reply = await talk.ask(messages);
      if (!reply || reply.outcome === 'over_cap') return { ...ending(packed, talk, reply), ...(rejected.length > 0 && { rejected }) };
      const usable = reply.outcome === 'complete';
      const tried = usable
        ? await tryTests(readAnswer(reply.text).editsText, { target, bench, redactor, ranBefore }, deps)
        : { why: `the reply was ${reply.outcome}` };
      if ('patch' in tried) {
        const { worth } = tried;
        const summary = `${worth.tests.length} new tests for ${target}: green ${worth.greenRuns} times, ${worth.killed} of ${worth.mutants} mutants make them fail.`;
        return {
          ...packed,
          ...talk.bill(),
          ...tried,
          ...(rejected.length > 0 && { rejected }),
          status: 'written',
          summary,
          next: ['apply with the job id puts the tests into your tree.'],
        };
      }
      const why = redactor.redact(tried.why).text;
      talk.note(why.split('\n')[0] ?? why);
      rejected.push({ what: `attempt ${round}`, why });
      messages = testsAgain(messages, usable ? reply.text : '', `Your tests were not kept: ${why.slice(0, 3_000)}`);
    }
    return {
      ...packed,
      ...talk.bill(),
      rejected,
      status: 'not_written',
      summary: `No tests were kept: ${rejected.at(-1)?.why.split('\n')[0]}.`,
      next: ['Try a stronger variant or more attempts.'],
    };
  } finally {
    await bench.worktree.remove();
  }
}
