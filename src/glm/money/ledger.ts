import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Folders } from '../../config.ts';
import { Amount, unknown } from '../../schema/model.ts';
import { appendLine } from '../../store.ts';
import { isLoopback } from '../profiles.ts';

/**
 * One request in the ledger. `sent` is written before anything goes out, `done` after; a `sent` without a `done` was cut off and counts
 * at its upper estimate. Times are ISO 8601 in UTC, money in USD.
 */
const Sent = z.object({
  v: z.literal(1),
  type: z.literal('sent'),
  id: z.string(),
  at: z.string(),
  variant: z.string(),
  host: z.string(),
  job: z.string().optional(),
  repo: z.string().optional(),
  /** Who asked, where a server asks for several. */
  user: z.string().optional(),
  highUsd: Amount,
});
const Done = z.object({
  v: z.literal(1),
  type: z.literal('done'),
  id: z.string(),
  outcome: z.string(),
  inputTokens: Amount,
  outputTokens: Amount,
  cachedTokens: Amount,
  usd: Amount,
  durationMs: z.number(),
  /** cl100k count of the prompt that was sent: what usage is compared with to learn the factor of a variant. */
  countedTokens: z.number().optional(),
});
export const LedgerLine = z.discriminatedUnion('type', [Sent, Done]);
export type LedgerLine = z.infer<typeof LedgerLine>;

/** A request as it can be shown: both lines in one. `usd` is unknown when the gateway said too little or the request was cut off. */
export type LedgerEntry = Omit<z.infer<typeof Sent>, 'v' | 'type'> & Omit<z.infer<typeof Done>, 'v' | 'type' | 'id'>;

/** The part of the ledger that is looked at before sending: thousands of requests, so today's and more than a factor needs. */
export const recentBytes = 4 << 20;

export function ledgerPath(folders: Folders): string {
  return join(folders.state, 'ledger.jsonl');
}

/** Adds one line. Lines are never changed. */
export async function writeLedger(folders: Folders, line: LedgerLine): Promise<void> {
  await appendLine(ledgerPath(folders), JSON.stringify(line));
}

/**
 * All requests, oldest first; with `tailBytes`, those in the last part of the file. A line that a crash tore apart is skipped, and the one
 * glued to it is found again.
 */
export async function readLedger(folders: Folders, tailBytes = Number.POSITIVE_INFINITY): Promise<readonly LedgerEntry[]> {
  const text = await readTail(ledgerPath(folders), tailBytes);
  const entries = new Map<string, LedgerEntry>();
  for (const line of parseLines(text)) {
    if (line.type === 'sent') {
      const { v: _v, type: _type, ...sent } = line;
      entries.set(line.id, {
        ...sent,
        outcome: 'cut_off',
        inputTokens: unknown,
        outputTokens: unknown,
        cachedTokens: unknown,
        usd: unknown,
        durationMs: 0,
      });
    } else {
      const sent = entries.get(line.id);
      const { v: _v, type: _type, ...done } = line;
      if (sent) entries.set(line.id, { ...sent, ...done });
    }
  }
  return [...entries.values()];
}

async function readTail(path: string, tailBytes: number): Promise<string> {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const start = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function parseLines(text: string): readonly LedgerLine[] {
  return text.split(/\n|(?<=.)(?=\{"v":1,)/).flatMap((part) => {
    try {
      const parsed = LedgerLine.safeParse(JSON.parse(part));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  });
}

/** USD that counts against a cap: what was paid, else the upper estimate. Unknown when neither is known. */
export function countedUsd(entry: LedgerEntry): Amount {
  return entry.usd === unknown ? entry.highUsd : entry.usd;
}

export type UsageRow = {
  readonly name: string;
  readonly requests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedTokens: number;
  /** Sum of the known costs. */
  readonly usd: number;
  /** Requests whose cost is unknown, hence not in `usd`. */
  readonly unknownCosts: number;
  /** Requests to a stand-in on this machine, which cost nothing whatever their price would be. */
  readonly unpaid: number;
  readonly durationMs: number;
};

/** Sums the ledger by day (UTC), variant, repository or user, in order of first use. */
export function sumLedger(entries: readonly LedgerEntry[], by: 'day' | 'variant' | 'repo' | 'user'): readonly UsageRow[] {
  const rows = new Map<string, UsageRow>();
  for (const entry of entries) {
    const name = by === 'day' ? entry.at.slice(0, 10) : (entry[by] ?? unknown);
    const row = rows.get(name) ?? {
      name,
      requests: 0,
      inputTokens: 0,
      outputTokens: 0,
      cachedTokens: 0,
      usd: 0,
      unknownCosts: 0,
      unpaid: 0,
      durationMs: 0,
    };
    rows.set(name, {
      name,
      requests: row.requests + 1,
      inputTokens: row.inputTokens + known(entry.inputTokens),
      outputTokens: row.outputTokens + known(entry.outputTokens),
      cachedTokens: row.cachedTokens + known(entry.cachedTokens),
      usd: row.usd + (isPaid(entry) ? known(entry.usd) : 0),
      unknownCosts: row.unknownCosts + (isPaid(entry) && entry.usd === unknown ? 1 : 0),
      unpaid: row.unpaid + (isPaid(entry) ? 0 : 1),
      durationMs: row.durationMs + entry.durationMs,
    });
  }
  return [...rows.values()];
}

const isPaid = ({ host }: LedgerEntry) => !isLoopback(host.replace(/:\d+$/, ''));

function known(amount: Amount): number {
  return amount === unknown ? 0 : amount;
}
