import type { Report } from '../schema/report.ts';
import type { Failure } from '../schema/run.ts';
import { explain } from './parts.ts';

const mostMessage = 600;

/**
 * What a model works with, most important first and nothing twice: cause, patch, verdict, what to do next. Where all of a report is
 * wanted (manifest, hashes, groups, estimates, attempts), the job has it.
 */
export function toBrief(report: Report): Report {
  const { status, summary, rootCause, patch, proof, failing, groups, flake } = report;
  const asked = report.attempts !== undefined || rootCause !== undefined;
  const verified = status === 'verified' && rootCause !== undefined;
  return {
    ...report,
    rootCause: rootCause && { ...rootCause, summary: explain(rootCause), why: '' },
    patch: patch && { ...patch, diff: patch.diff.replace(hashes, ''), files: [], sha256: '' },
    proof: proof && briefProof(proof, summary),
    // What was proven needs no further evidence; of what was not, the nearest.
    cause: verified ? undefined : asked ? report.cause && briefCause(report.cause) : report.cause,
    flake: flake?.verdict === 'deterministic' ? undefined : flake,
    contextFile: asked ? undefined : report.contextFile,
    failing: failing && briefFailure(failing, rootCause !== undefined),
    groups:
      groups && groups.length > 1 && !asked
        ? groups.map((group) => ({ ...group, first: { ...named(group.first), message: '' }, ids: [] }))
        : undefined,
    run: undefined,
    ran: undefined,
    manifest: undefined,
    estimate: asked ? undefined : report.estimate,
    suspects: asked ? undefined : report.suspects,
    attempts: undefined,
  };
}

/** Names of blobs, which a patch applies without. */
const hashes = /^index [0-9a-f]+\.\.[0-9a-f]+(?: \d+)?\n/gm;
const mostDivergences = 3;

function briefProof(proof: NonNullable<Report['proof']>, summary: string): NonNullable<Report['proof']> {
  const { why, gradeWhy, mutants } = proof;
  const graded = gradeWhy !== undefined && summary.includes(gradeWhy);
  return {
    ...proof,
    before: undefined,
    after: [],
    wide: undefined,
    tree: undefined,
    why: summary.includes(why) ? '' : why,
    gradeWhy: graded ? undefined : gradeWhy,
    mutants: graded && mutants?.survived.length === 0 ? undefined : mutants,
  };
}

function briefCause(cause: NonNullable<Report['cause']>): NonNullable<Report['cause']> {
  const { values } = cause;
  if (!values || values.divergences.length <= mostDivergences) return cause;
  const more = (values.more ?? 0) + values.divergences.length - mostDivergences;
  return { ...cause, values: { ...values, divergences: values.divergences.slice(0, mostDivergences), more } };
}

/** Which test, without what only a person or a program needs of it. */
function named({ name, file, line, kind, message }: Failure): Failure {
  return { id: '', name, file, line, kind, message, frames: [] };
}

function briefFailure(failure: Failure, explained: boolean): Failure {
  const { expected, actual, frames, message } = failure;
  const shown = expected !== undefined && actual !== undefined ? '' : message.slice(0, mostMessage);
  return { ...named(failure), message: shown, expected, actual, frames: explained ? [] : frames };
}

/** As JSON, without what is empty. */
export function toStructured(report: Report): Record<string, unknown> {
  const { status, summary, rootCause, patch, proof, next, job, cause, failing, ...rest } = report;
  return prune({ status, summary, rootCause, patch, proof, next, job, cause, failing, ...rest });
}

function prune(value: object): Record<string, unknown> {
  const kept = Object.entries(value).flatMap(([name, one]: [string, unknown]) => {
    const shown = pruned(one);
    return shown === undefined || shown === '' || (Array.isArray(shown) && shown.length === 0) ? [] : [[name, shown]];
  });
  return Object.fromEntries(kept);
}

function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pruned);
  return typeof value === 'object' && value !== null ? prune(value) : value;
}
