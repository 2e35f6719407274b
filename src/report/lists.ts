import type { Report } from '../schema/report.ts';

/** A list inside a report that an answer may cut and `offset` pages: how it is called, read and replaced. */
export type List = {
  readonly name: string;
  readonly length: (report: Report) => number;
  /** Items `from` to `to`, the end excluded. */
  readonly slice: (report: Report, from: number, to: number) => Report;
};

/** Makes a `List` of what `read` finds and `put` puts back. */
function list<Item>(
  name: string,
  read: (report: Report) => readonly Item[] | undefined,
  put: (report: Report, items: Item[]) => Report,
): List {
  return {
    name,
    length: (report) => read(report)?.length ?? 0,
    slice: (report, from, to) => {
      const items = read(report);
      return items === undefined || (from === 0 && items.length <= to) ? report : put(report, items.slice(from, to));
    },
  };
}

/** Every list of a report that grows with the repository, the failures or the answer. */
export const lists: readonly List[] = [
  list(
    'causes',
    (report) => report.groups,
    (report, groups) => ({ ...report, groups }),
  ),
  list(
    'values',
    ({ cause }) => cause?.values?.divergences,
    ({ cause, ...report }, divergences) => ({
      ...report,
      cause: cause && { ...cause, values: cause.values && { ...cause.values, divergences } },
    }),
  ),
  list(
    'hunks',
    ({ cause }) => cause?.blame?.hunks,
    ({ cause, ...report }, hunks) => ({ ...report, cause: cause && { ...cause, blame: cause.blame && { ...cause.blame, hunks } } }),
  ),
  list(
    'suspects',
    (report) => report.suspects,
    (report, suspects) => ({ ...report, suspects }),
  ),
  list(
    'excerpts',
    (report) => report.excerpts,
    (report, excerpts) => ({ ...report, excerpts }),
  ),
  list(
    'findings',
    (report) => report.findings,
    (report, findings) => ({ ...report, findings }),
  ),
  list(
    'citations',
    (report) => report.citations,
    (report, citations) => ({ ...report, citations }),
  ),
  list(
    'rejected',
    (report) => report.rejected,
    (report, rejected) => ({ ...report, rejected }),
  ),
  list(
    'attempts',
    (report) => report.attempts,
    (report, attempts) => ({ ...report, attempts }),
  ),
  list(
    'manifest entries',
    ({ manifest }) => manifest?.entries,
    (report, entries) => ({ ...report, manifest: report.manifest && { ...report.manifest, entries } }),
  ),
  list(
    'files left out',
    ({ manifest }) => manifest?.leftOut,
    (report, leftOut) => ({ ...report, manifest: report.manifest && { ...report.manifest, leftOut } }),
  ),
  list(
    'patched files',
    ({ patch }) => patch?.files,
    (report, files) => ({ ...report, patch: report.patch && { ...report.patch, files } }),
  ),
  list(
    'patch flags',
    ({ patch }) => patch?.flags,
    (report, flags) => ({ ...report, patch: report.patch && { ...report.patch, flags } }),
  ),
  list(
    'new tests',
    ({ worth }) => worth?.tests,
    (report, tests) => ({ ...report, worth: report.worth && { ...report.worth, tests } }),
  ),
  list(
    'surviving mutants',
    ({ worth }) => worth?.survived,
    (report, survived) => ({ ...report, worth: report.worth && { ...report.worth, survived } }),
  ),
  wide('new failures', 'newFailures'),
  wide('tests no longer collected', 'missing'),
  wide('new skips', 'newSkips'),
  list(
    'warnings',
    (report) => report.warnings,
    (report, warnings) => ({ ...report, warnings }),
  ),
];

function wide(name: string, key: 'newFailures' | 'missing' | 'newSkips'): List {
  return list(
    name,
    ({ proof }) => proof?.wide?.[key],
    (report, items) => {
      const { proof } = report;
      return proof?.wide ? { ...report, proof: { ...proof, wide: { ...proof.wide, [key]: items } } } : report;
    },
  );
}

/** The lists from an item on, without what the first answer has said. */
export function pageOf(report: Report, offset: number): Report {
  const { version, verb, status, root, job, language, summary } = report;
  const rest = lists.reduce((page, one) => one.slice(page, offset, Number.POSITIVE_INFINITY), report);
  const { manifest, patch, worth, proof } = rest;
  const has = (...found: (readonly unknown[] | undefined)[]) => found.some((one) => one !== undefined && one.length > 0);
  return {
    version,
    verb,
    status,
    root,
    ...(job && { job }),
    ...(language && { language }),
    summary,
    groups: rest.groups,
    suspects: rest.suspects,
    excerpts: rest.excerpts,
    attempts: rest.attempts,
    citations: rest.citations,
    findings: rest.findings,
    rejected: rest.rejected,
    ...(has(manifest?.entries, manifest?.leftOut) && { manifest }),
    ...(patch && has(patch.files, patch.flags) && { patch: { ...patch, diff: '' } }),
    ...(has(worth?.tests, worth?.survived) && { worth }),
    ...(has(proof?.wide?.newFailures, proof?.wide?.missing, proof?.wide?.newSkips) && { proof }),
    warnings: rest.warnings,
    next: [],
  };
}

/** Every list to at most so many items. */
export function shorten(report: Report, most: number): Report {
  return lists.reduce((short, one) => one.slice(short, 0, most), report);
}

const mostNamed = 6;

/** Says what is missing and how it is had. */
export function nameCuts(
  report: Report,
  whole: Report,
  { offset, clipped }: { readonly offset: number; readonly clipped: boolean },
): Report {
  const cut = lists
    .map((one) => ({ name: one.name, all: one.length(whole), here: one.length(report) }))
    .filter(({ all, here }) => all > offset + here);
  if (cut.length === 0 && !clipped) return report;
  const named = cut.slice(0, mostNamed);
  const ranges = named.map(({ name, all, here }) => `${name} ${here === 0 ? 'none' : `${offset + 1} to ${offset + here}`} of ${all}`);
  const others = cut.length - named.length;
  const rest = [...(others > 0 ? [`${others} more lists`] : []), ...(clipped ? ['long texts'] : [])];
  const next = offset + Math.min(...cut.map(({ here }) => here));
  const how = report.job === undefined ? 'Call again with' : `Call get_job with job "${report.job}" and`;
  const on = cut.length > 0 && next > offset ? `offset ${next}` : 'a larger max_chars';
  return {
    ...report,
    warnings: [...report.warnings, `Cut to fit: ${[...ranges, ...rest].join(', ')}. ${how} ${on} for more.`],
  };
}
