import type { TaskState } from '../jobs/queue.ts';
import { type CauseClass, type CauseResult, Tried } from '../schema/batch.ts';
import { unknown } from '../schema/model.ts';
import { noteCause, readKnown } from './known-causes.ts';
import { openRequests } from './opening.ts';
import type { Asker, BatchRequest, BatchRun, Came, Case, Found, Mended } from './types.ts';

/** What a model may be asked about; all else is said and left alone. */
const fixable: ReadonlySet<CauseClass> = new Set(['code', 'build']);
/** Rows whose members differ after all get a patch of their own, so often. */
const mostFixes = 3;

/** What stops a fix before anybody is asked, on every row alike. */
const everywhere: ReadonlySet<string> = new Set(['needs_key', 'over_cap', 'cancelled']);

type Run = BatchRun & { readonly asked: Asker };

/** Groups the failures of all rows by root cause and takes up each group: the largest first. */
export async function mendAll(found: readonly Found[], request: BatchRequest, run: Run): Promise<readonly Mended[]> {
  const groups = new Map<string, Case[]>();
  for (const row of found) {
    if (!('looked' in row)) continue;
    for (const member of row.looked.members) {
      const group = groups.get(member.fingerprint) ?? [];
      // A row may show one cause at two places; it is mended once.
      const at = group.findIndex((one) => one.row.line === row.line);
      const before = group[at]?.member;
      if (before)
        group[at] = {
          row,
          member: { ...before, count: before.count + member.count, tests: [...before.tests, ...member.tests].slice(0, 100) },
        };
      else group.push({ row, member });
      groups.set(member.fingerprint, group);
    }
  }
  const all = [...groups.values()].sort((a, b) => b.length - a.length);
  const purse = makePurse(request.maxCost, request.onlyFind ? 0 : all.filter(([one]) => one && fixable.has(one.member.class)).length);
  return Promise.all(all.map((cases) => mend(cases, purse, request, run)));
}

/** Shares what may be spent among the causes that are still to be taken up. */
function makePurse(cap: number | undefined, causes: number) {
  let left = cap;
  let open = causes;
  return {
    take: () => {
      const share = left === undefined ? undefined : left / Math.max(1, open);
      if (left !== undefined) left -= share ?? 0;
      open--;
      return share;
    },
    giveBack: (share: number | undefined, spent: number) => {
      if (left !== undefined && share !== undefined) left += Math.max(0, share - spent);
    },
  };
}
/** A patch as it goes to other rows: by the job that made it where it holds a secret. */
type Travelling = { readonly diff: string; readonly sha256: string; readonly of?: string | undefined };
type Bill = { usd: number; unknown: boolean; unpaid: boolean; requests: number };
type Purse = ReturnType<typeof makePurse>;
/** How a task ended, with what is known of a patch that was tried. */
type End = Came & Partial<Omit<Tried, 'status'>>;

async function mend(cases: readonly Case[], purse: Purse, request: BatchRequest, run: Run): Promise<Mended> {
  // One that was run here can be run again, and the quickest of them shows the cause as well as any other.
  const given = ({ row: { row } }: Case) => Number(row.log !== undefined || row.report !== undefined);
  const [first, ...rest] = [...cases].sort(
    (a, b) => given(a) - given(b) || a.row.looked.durationMs - b.row.looked.durationMs || a.row.line - b.row.line,
  );
  if (!first) throw new Error('a cause without a row');
  const { member } = first;
  const known = await readKnown(run.shelf, member.fingerprint);
  const came = new Map<number, Came>();
  const bill: Bill = { usd: 0, unknown: false, unpaid: true, requests: 0 };
  const patches: { diff: string; sha256: string; rows: number[]; from: string }[] = [];
  /** Their diff shows placeholders where they hold a secret: they are handed to nobody. */
  const closedOnes = new Set<string>();
  let left: readonly Case[] = [first, ...rest];
  const aside: Case[] = [];
  let note: { readonly diff: string; readonly sha256: string } | undefined;

  const proveOn = async (patch: Travelling, where: readonly Case[], from: string) => {
    const tried = await Promise.all(where.map((one) => prove(one, patch, request, run)));
    const good = where.filter((one, at) => {
      came.set(one.row.line, tried[at] ?? { status: 'failed', summary: 'nothing was heard of it' });
      return tried[at]?.status === 'verified';
    });
    const kept = patches.find(({ sha256 }) => sha256 === patch.sha256);
    if (kept) kept.rows.push(...good.map(({ row }) => row.line));
    else if (good.length > 0) patches.push({ diff: patch.diff, sha256: patch.sha256, from, rows: good.map(({ row }) => row.line) });
    left = left.filter((one) => came.get(one.row.line)?.status !== 'verified');
  };

  if (!request.onlyFind && fixable.has(member.class)) {
    if (known?.patch) await proveOn(known.patch, left, `an earlier batch (${known.last.slice(0, 10)})`);
    for (let fixes = 0; fixes < mostFixes && left.length > 0; fixes++) {
      const [one, ...others] = left;
      if (!one) break;
      const tried = await fix(one, purse, bill, request, run);
      came.set(one.row.line, tried);
      if (tried.status !== 'verified' && tried.requests === 0 && others.length > 0 && !everywhere.has(tried.status)) {
        // It is the row that stood in the way, and nobody was asked: another may show the cause.
        aside.push(one);
        left = others;
        continue;
      }
      if (tried.status !== 'verified') {
        const why = `Its cause was taken up at line ${one.row.line}: ${tried.status}.`;
        for (const other of others) if (!came.has(other.row.line)) came.set(other.row.line, { status: tried.status, summary: why });
        break;
      }
      left = [...others, ...aside.splice(0)];
      if (!tried.patch) break;
      const { diff, sha256, closed } = tried.patch;
      patches.push({ diff, sha256, rows: [one.row.line], from: `line ${one.row.line}` });
      if (closed) closedOnes.add(sha256);
      else note ??= { diff, sha256 };
      await proveOn({ diff, sha256, ...(closed && { of: tried.job }) }, left, `line ${one.row.line}`);
    }
    for (const { row } of left)
      if (!came.has(row.line)) came.set(row.line, { status: 'red', summary: 'Its cause was mended elsewhere and not tried here.' });
  }
  const said = [...came.values()];
  const best = said.find(({ status }) => status === 'verified') ?? said[0] ?? untouched(first, request.onlyFind);
  const proven = cases.filter(({ row }) => came.get(row.line)?.status === 'verified').map(({ row }) => row.line);
  const result: CauseResult = {
    fingerprint: member.fingerprint,
    cause: member.cause,
    class: member.class,
    why: member.why,
    ...(known && { known: known.first }),
    rows: cases.map(({ row }) => row.line),
    status: best.status,
    summary: best.summary,
    proven,
    patches,
    costUsd: bill.unknown ? unknown : bill.usd,
    ...(bill.unpaid && bill.requests > 0 && { unpaid: true }),
    requests: bill.requests,
    ...(request.open &&
      (await openRequests(
        cases,
        patches.filter(({ sha256 }) => !closedOnes.has(sha256)),
        { request, asked: run.asked, came },
      ))),
  };
  await noteCause(run.shelf, member.fingerprint, { cause: member.cause, patch: note }, run.wiring.now());
  run.tell({ type: 'cause', ...result });
  return { result, came };
}

function untouched({ row, member }: Case, onlyFind: boolean): Came {
  const status = member.class === 'flaky' || member.class === 'environment' ? member.class : 'red';
  const why = onlyFind ? row.looked.summary : `${member.why}; no model was asked.`;
  return { status, summary: why };
}

async function fix({ row, member }: Case, purse: Purse, bill: Bill, request: BatchRequest, run: Run) {
  const id = `${request.id}-fix-${member.fingerprint}-${row.key}`;
  const share = purse.take();
  const data = { row: row.row, commit: row.looked.commit, options: request.options, tests: member.tests, maxCost: share };
  await run.asked.add([{ id, kind: 'fix', data }]);
  const tried = endOf(await run.asked.wait(id, row, 'fix'));
  const usd = tried.costUsd === unknown ? undefined : (tried.costUsd ?? 0);
  bill.requests += tried.requests ?? 0;
  bill.usd += usd ?? 0;
  bill.unknown ||= usd === undefined;
  bill.unpaid &&= tried.unpaid === true || tried.requests === 0;
  // What is not known counts as all of its share.
  purse.giveBack(share, usd ?? share ?? 0);
  return tried;
}

async function prove({ row, member }: Case, patch: Travelling, request: BatchRequest, run: Run): Promise<Came> {
  const id = `${request.id}-prove-${patch.sha256.slice(0, 12)}-${member.fingerprint}-${row.key}`;
  const data = {
    row: row.row,
    commit: row.looked.commit,
    options: request.options,
    tests: member.tests,
    ...(patch.of ? { patchOf: patch.of } : { patch: patch.diff }),
  };
  await run.asked.add([{ id, kind: 'prove', data }]);
  return endOf(await run.asked.wait(id, row, 'prove'));
}

function endOf(ended: TaskState | undefined): End {
  if (ended?.state === 'done') return Tried.parse(ended.result);
  return { status: ended?.state === 'cancelled' ? 'cancelled' : 'failed', summary: ended?.error?.message ?? 'It is unknown to the queue.' };
}
