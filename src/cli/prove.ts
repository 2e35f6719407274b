import { readFile, writeFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { z } from 'zod';
import { GlmError } from '../errors.ts';
import { makeReceipt, type Receipt, readReceipt } from '../proof/receipt.ts';
import { ProveInput } from '../schema/input.ts';
import type { Report } from '../schema/report.ts';
import { verbs } from '../verbs.ts';
import { type Call, command, type Outcome } from './command.ts';
import { reportOutcome, rootOf, runJob } from './verbs.ts';

const file = z.string().min(1).max(4096).optional();

const Input = ProveInput.extend({
  patch: file.describe('file with a diff, edit blocks or a whole answer; - reads stdin'),
  receipt: file.describe('write what was proven to this file, as an in-toto Statement'),
  check: file.describe('prove what this receipt says again, on a clean checkout of its commit'),
});

export const proveCommand = command({
  name: 'prove',
  summary: 'prove a patch of anybody, or your uncommitted change, red before and green after; asks no model',
  arguments: '[ROOT]',
  input: Input,
  reports: true,
  examples: [
    'glm-skill prove --patch fix.diff',
    'git diff | glm-skill prove --patch - --receipt proof.json',
    'glm-skill prove --worktree --test checkout',
    'glm-skill prove --check proof.json',
  ],
  run: async (call) => {
    const { patch, receipt, check, ...input } = call.input;
    const stated = check === undefined ? undefined : readReceipt(await readGiven(check));
    const text = stated?.predicate.patch ?? (patch === undefined ? undefined : await readGiven(patch));
    const report = await runProof({ ...call, input: { ...input, patch: text, ...(stated && { clean: true }) } });
    if (receipt !== undefined) await writeFile(receipt, `${JSON.stringify(makeReceipt(report), undefined, 2)}\n`);
    return stated ? compareWith(stated, report) : reportOutcome(report);
  },
});

const runProof = (call: Call<z.infer<typeof ProveInput>>) => runJob(verbs.prove, rootOf(call.positionals), call);

async function readGiven(path: string): Promise<string> {
  if (path === '-') return readAll(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new GlmError('bad_input', `${path} cannot be read.`, { cause, hint: 'Name a file, or - for what is piped in.' });
  }
}

/** A receipt holds where the same patch on the same commit comes to the same verdict. */
function compareWith({ predicate, subject }: Receipt, report: Report): Outcome {
  if (report.base && report.base.commit !== predicate.commit)
    throw new GlmError(
      'tree_changed',
      `The receipt is of commit ${predicate.commit.slice(0, 12)}, and this is ${report.base.commit.slice(0, 12)}.`,
      {
        hint: `git checkout ${predicate.commit}`,
      },
    );
  const same = report.proof?.verdict === predicate.verdict && subject[0]?.digest.sha256 === report.patch?.sha256;
  const said = `${predicate.verdict}${predicate.grade ? ` (${predicate.grade})` : ''}`;
  const summary = same
    ? `The receipt holds: it says ${said}. ${report.summary}`
    : `The receipt does not hold: it says ${said}. ${report.summary}`;
  const outcome = reportOutcome({ ...report, summary });
  return same ? outcome : { ...outcome, exitCode: 1 };
}
