import { z } from 'zod';
import type { Asker, BatchRequest, Came, Case } from './types.ts';

export const Opened = z.strictObject({ url: z.string() });

type Patch = { readonly diff: string; readonly sha256: string; readonly rows: readonly number[] };
type Hand = {
  readonly request: BatchRequest;
  readonly asked: Asker;
  readonly came: ReadonlyMap<number, Came>;
};

/** One request per repository for a patch of a cause: what was opened, and why something was not. */
export async function openRequests(cases: readonly Case[], patches: readonly Patch[], { request, asked, came }: Hand) {
  const opened: string[] = [];
  const notOpened: string[] = [];
  for (const { diff, sha256, rows } of patches) {
    const own = cases.filter(({ row }) => rows.includes(row.line));
    const places = new Map(own.map((one) => [one.row.row.repo ?? one.row.row.root, one] as const).reverse());
    for (const { row, member } of places.values()) {
      const id = `${request.id}-open-${sha256.slice(0, 12)}-${member.fingerprint}-${row.key}`;
      const handing = {
        fingerprint: member.fingerprint,
        cause: member.cause.slice(0, 300),
        lines: rows,
        labels: request.labels ?? ['glm-skill'],
        report: came.get(row.line)?.report,
      };
      const data = { row: row.row, commit: row.looked.commit, options: request.options, patch: diff, handing };
      await asked.add([{ id, kind: 'open', data }]);
      const ended = await asked.wait(id, row, 'open');
      if (ended?.state === 'done') opened.push(Opened.parse(ended.result).url);
      else notOpened.push(`${row.name}: ${ended?.error?.message ?? ended?.state ?? 'nothing was heard of it'}`);
    }
  }
  return { ...(opened.length > 0 && { opened: [...new Set(opened)] }), ...(notOpened.length > 0 && { notOpened }) };
}
