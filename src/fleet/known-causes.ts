import { z } from 'zod';
import type { Shelf } from '../jobs/queue.ts';

/** A root cause as earlier batches have seen it, with the patch that was verified for it last. */
const Known = z.object({
  first: z.string(),
  last: z.string(),
  cause: z.string(),
  patch: z.object({ diff: z.string(), sha256: z.string() }).optional(),
});
export type Known = z.infer<typeof Known>;

const nameOf = (fingerprint: string) => `cause-${fingerprint}`;

export async function readKnown(shelf: Shelf, fingerprint: string): Promise<Known | undefined> {
  const text = await shelf.read(nameOf(fingerprint));
  return text === undefined ? undefined : Known.safeParse(JSON.parse(text)).data;
}

/** Notes that a cause was seen, and the patch that mends it where there is one. */
export async function noteCause(shelf: Shelf, fingerprint: string, seen: Pick<Known, 'cause' | 'patch'>, now: number): Promise<void> {
  const at = new Date(now).toISOString();
  const before = await readKnown(shelf, fingerprint);
  const patch = seen.patch ?? before?.patch;
  await shelf.keep(
    nameOf(fingerprint),
    JSON.stringify({ first: before?.first ?? at, last: at, cause: seen.cause, ...(patch && { patch }) }),
  );
}
