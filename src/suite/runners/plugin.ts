import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tidy } from './plugins/tidy.ts';

/** Where a plugin of ours lies and where it writes its results. */
export type Plugin = { readonly path: string; readonly report: string };

/** A fresh report path that nobody can guess, so that a test that prints or writes results fakes nothing. */
export function freshReport(scratch: string, ending: string): string {
  return join(scratch, `results-${randomBytes(12).toString('hex')}.${ending}`);
}

/** `argv`: the user's own arguments where tests run in the runner's process and may look at them. `report`: shared by several plugins. */
type Fill = { readonly argv?: readonly string[]; readonly report?: string };

/** Writes JavaScript of ours into the scratch folder as a module (`.mjs`) or CommonJS (`.cjs`), with the shared head and its report path filled in. */
export async function writePlugin(
  scratch: string,
  name: string,
  source: string,
  { argv, report = freshReport(scratch, 'jsonl') }: Fill = {},
): Promise<Plugin> {
  const head = name.endsWith('.mjs')
    ? "import fs from 'node:fs';\nimport util from 'node:util';\n"
    : "'use strict';\nconst fs = require('fs');\nconst util = require('util');\n";
  const path = join(scratch, name);
  await writeFile(path, `${head}${fill(tidy, report, argv)}${source}`);
  return { path, report };
}

function fill(source: string, report: string, argv: readonly string[] | undefined): string {
  return source.replaceAll('__ARGV__', () => JSON.stringify(argv ?? null)).replace('__OUT__', () => JSON.stringify(report));
}
