import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { GlmError, messageOf } from '../errors.ts';
import { Manifest } from '../schema/context.ts';

const Holder = z.object({ manifest: Manifest });

/** A manifest from a file: the `manifest.json` of a job, or a report that holds one. Throws `bad_input`. */
export function readManifest(path: string): Manifest {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new GlmError('bad_input', `The manifest ${path} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const manifest = Manifest.safeParse(found).data ?? Holder.safeParse(found).data?.manifest;
  if (manifest) return manifest;
  throw new GlmError('bad_input', `${path} is no manifest.`, {
    hint: 'Give the manifest.json of a job, or what context --json printed.',
  });
}

/** Throws `bad_input`, with the first file that differs, where a pack is not the bytes that its manifest was made of. */
export function checkReplay(wanted: Manifest, made: Manifest, changed: readonly string[]): void {
  if (wanted.bundle === made.bundle) return;
  const before = digests(wanted);
  const now = digests(made);
  const differing = [...new Set([...before.keys(), ...now.keys()])].filter((path) => before.get(path)?.sha256 !== now.get(path)?.sha256);
  // A file that changed moves the lines that are packed of others: the one whose own lines are others is meant.
  const sameLines = differing.filter((path) => before.get(path)?.lines === now.get(path)?.lines);
  const files = differing.filter((path) => !['failure', 'outline'].includes(path));
  const named =
    differing.find((path) => changed.includes(path)) ?? sameLines.find((path) => files.includes(path)) ?? files[0] ?? differing[0];
  const others = differing.length > 1 ? `, and with it ${differing.length - 1} more of ${before.size} pieces` : '';
  throw new GlmError('bad_input', `This is not the pack of the manifest: ${describe(named, before, now)}${others}.`, {
    hint: 'Bring the tree back to what was packed (same commit, same changes), or pack anew without replay.',
  });
}

type Digests = ReadonlyMap<string, { readonly sha256: string; readonly lines: string }>;

function digests({ entries }: Manifest): Digests {
  const found = new Map<string, { sha256: string; lines: string }>();
  for (const { path, sha256, startLine, endLine, form, round } of entries) {
    if (round !== undefined) continue;
    const lines = `${found.get(path)?.lines ?? ''} ${form} ${startLine}-${endLine}`;
    found.set(path, { sha256, lines });
  }
  return found;
}

function describe(path: string | undefined, before: Digests, now: Digests): string {
  if (path === undefined) return 'the pieces are the same in another order';
  if (path === 'failure') return 'the test fails with another message';
  if (path === 'outline') return 'files were added or removed';
  if (!now.has(path)) return `${path} was packed and is not any more`;
  return before.has(path) ? `${path} differs` : `${path} is new in it`;
}
