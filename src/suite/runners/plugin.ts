import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import tidy from '../inside/tidy.cjs?raw';
import type { Started } from '../runner.ts';

/** Where a plugin of ours lies and where it writes its results. */
export type Plugin = { readonly path: string; readonly report: string };

/** A fresh report path that nobody can guess, so that a test that prints or writes results fakes nothing. */
export function freshReport(scratch: string, ending: string): string {
  return join(scratch, `results-${randomBytes(12).toString('hex')}.${ending}`);
}

/** `argv`: the user's own arguments where tests run in the runner's process and may look at them. `report`: shared by several plugins. */
type Given = { readonly argv?: readonly string[]; readonly report?: string };

/** Writes a plugin of ours into the scratch folder, with what it is given (`given.json`) and what reporters in JavaScript share beside it. */
export async function writePlugin(
  folder: string,
  name: string,
  source: string,
  { argv, report = freshReport(folder, 'jsonl') }: Given = {},
): Promise<Plugin> {
  const path = join(folder, name);
  await Promise.all([
    writeFile(path, source),
    writeFile(join(folder, 'given.json'), JSON.stringify({ out: report, argv: argv ?? null })),
    ...(name.endsWith('.py') ? [] : [writeFile(join(folder, 'tidy.cjs'), tidy)]),
  ]);
  return { path, report };
}

/** A start whose reporter is the runner's own: `flag` of ours gives way to what asks for JSON in a file. */
export function ownReport(
  argv: readonly string[],
  flag: string,
  scratch: string,
  ask: (path: string) => readonly string[],
): Started['instead'] {
  const report = freshReport(scratch, 'json');
  return { argv: argv.flatMap((word) => (word === flag ? ask(report) : [word])), report };
}
