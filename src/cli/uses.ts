import { fstatSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { GlmError } from '../errors.ts';
import { AskInput, ReviewInput, WriteTestsInput } from '../schema/input.ts';
import { type Finding, type Report, severities } from '../schema/report.ts';
import { writeAtomic } from '../store.ts';
import { verbs } from '../verbs.ts';
import { type Call, type Command, command, type Outcome } from './command.ts';
import { rootFlag } from './flags.ts';
import { reportOutcome, rootOf, runJob } from './verbs.ts';

const maxPipedBytes = 4_000_000;
const pipeWaitMs = 2_000;

/** The verbs beside the main one, whose positionals are not a folder. */
export const useCommands: readonly Command[] = [
  command({
    name: 'ask',
    summary: 'ask GLM about a repository or a folder of documents; every place that the answer cites is checked',
    arguments: 'QUESTION',
    input: AskInput.extend({ root: rootFlag, question: AskInput.shape.question.optional() }),
    reaches: true,
    reports: true,
    examples: [
      'glm-skill ask "where is the session renewed?"',
      'git log -20 | glm-skill ask "what changed?" --chat',
      'glm-skill ask "what is the notice period?" --root ../contracts --glob "**/*.md"',
    ],
    run: async (call) => {
      const question = call.input.question ?? call.positionals.join(' ');
      if (question.trim() === '')
        throw new GlmError('bad_input', 'ask: what is the question?', { hint: 'glm-skill ask "where is the session renewed?"' });
      const text = call.input.text ?? (await readPiped());
      const input = { ...call.input, question, ...(text && { text }) };
      return reportOutcome(await runJob(verbs.ask, call.input.root ?? process.cwd(), { ...call, input }));
    },
  }),
  command({
    name: 'review',
    summary: 'ask GLM to review the diff; suggested edits are tried against the tests in a private worktree',
    arguments: '[ROOT]',
    input: ReviewInput.extend({
      diff: z.string().min(1).max(4096).optional().describe('review this unified diff instead; - reads it from stdin'),
      fail_on: z
        .enum([...severities, 'never'])
        .optional()
        .describe('severity from which the exit code is 1 (major)'),
      sarif: z.string().min(1).max(4096).optional().describe('write the findings here as SARIF'),
    }),
    reaches: true,
    reports: true,
    examples: [
      'glm-skill review',
      'glm-skill review --since main --sarif review.sarif --fail-on critical',
      'glm-skill review --since main --head pull/12/head',
      'git diff main... | glm-skill review --diff -',
      'glm-skill review --refactor',
    ],
    run: async (call) => {
      const { fail_on: _failOn, sarif: _sarif, diff: file, ...given } = call.input;
      const input = { ...given, ...(file !== undefined && { diff: await readDiffFile(file) }) };
      const report = await runJob(verbs.review, rootOf(call.positionals), { ...call, input });
      if (call.input.sarif !== undefined && report.status === 'reviewed') {
        const { sarifOf } = await import('../report/ci/sarif.ts');
        await writeAtomic(resolve(call.input.sarif), `${JSON.stringify(sarifOf(report), null, 2)}\n`, 0o644);
      }
      const outcome = reportOutcome(report);
      return outcome.exitCode === 0 && isGrave(report, call.input.fail_on ?? 'major') ? { ...outcome, exitCode: 1 } : outcome;
    },
  }),
  command({
    name: 'write-tests',
    summary: 'ask GLM for tests of a file; kept only if they are green three times and notice mutants of it',
    arguments: '[FILE…]',
    input: WriteTestsInput.omit({ file: true }).extend({ root: rootFlag }),
    reaches: true,
    reports: true,
    examples: [
      'glm-skill write-tests src/price.ts',
      'glm-skill write-tests src/price.ts src/cart.ts --root ../shop --max-cost 0.1',
      'glm-skill write-tests --since main',
    ],
    run: async (call) => {
      const root = call.input.root ?? process.cwd();
      const files = call.positionals.length > 0 ? call.positionals : await changedSources(root, call.input.since, call);
      const outcomes: Outcome[] = [];
      for (const file of files) {
        const one = { ...call, input: { ...call.input, file } };
        outcomes.push(reportOutcome(await runJob(verbs['write-tests'], root, one)));
      }
      const [first] = outcomes;
      if (outcomes.length === 1 && first) return first;
      const all = { text: outcomes.map(({ text }) => text).join('\n'), json: outcomes.map(({ json }) => json) };
      return { ...all, exitCode: Math.max(...outcomes.map(({ exitCode }) => exitCode)) };
    },
  }),
];

/** The sources that a diff touches, where nobody named files. */
async function changedSources(root: string, since: string | undefined, { wiring, signal }: Pick<Call<unknown>, 'wiring' | 'signal'>) {
  if (since === undefined)
    throw new GlmError('bad_input', 'write-tests: tests for which file?', { hint: 'Name files, or the diff with --since REF.' });
  const { sourcesSince } = await import('../uses/write-tests.ts');
  const files = await sourcesSince(root, since, { ...wiring, signal, tell: () => {} });
  if (files.length > 0) return files;
  throw new GlmError('bad_input', `write-tests: no source file has changed since ${since}.`);
}

async function readDiffFile(file: string): Promise<string> {
  if (file === '-') return readStdin();
  const text = await readFile(resolve(file), 'utf8').catch(() => undefined);
  if (text !== undefined) return text;
  throw new GlmError('bad_input', `The diff ${file} cannot be read.`);
}

function isGrave({ findings = [] }: Report, from: Finding['severity'] | 'never'): boolean {
  return from !== 'never' && findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(from));
}

/** What a pipe or a file brings on stdin. A pipe in which nothing comes is not waited for. */
async function readPiped(): Promise<string | undefined> {
  const kind = fstatSync(0);
  return kind.isFIFO() || kind.isFile() ? (await readStdin(pipeWaitMs)) || undefined : undefined;
}

/** Reads stdin to its end; gives up where nothing has come within `waitMs`. */
async function readStdin(waitMs?: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const quiet = waitMs === undefined ? undefined : setTimeout(() => process.stdin.destroy(), waitMs);
  try {
    for await (const chunk of process.stdin) {
      clearTimeout(quiet);
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > maxPipedBytes)
        throw new GlmError('bad_input', `More than ${maxPipedBytes / 1e6} MB came on stdin.`, { hint: 'Hand in less of it.' });
    }
  } catch (error) {
    if (error instanceof GlmError) throw error;
  } finally {
    clearTimeout(quiet);
  }
  return Buffer.concat(chunks).toString();
}
