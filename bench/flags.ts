/**
 * How many real changes of sources raise a flag of the judge, and which: none of them cheats. Usage:
 *   node bench/run.mjs flags --git FOLDER… [--most 300] [--show FLAG]
 * Flags that need a failing test (`special_case`) cannot be raised here.
 */
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { isTestName } from '../src/patch/judge/rules.ts';
import { tamperFlags } from '../src/patch/judge/tamper.ts';
import { mineChanges } from './edits/changes.ts';

const source = /\.(?:[cm]?[jt]sx?|py|go|rs|rb|php|java|kt|cs)$/;

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { git: { type: 'string', multiple: true, default: [] }, most: { type: 'string', default: '300' }, show: { type: 'string' } },
  });
  let [all, raised] = [0, 0];
  const counts = new Map<string, number>();
  for (const folder of values.git) {
    const repo = basename(dirname(folder));
    const changes = (await mineChanges(folder, repo, Number(values.most))).filter(({ path }) => source.test(path) && !isTestName(path));
    for (const { path, before, after } of changes) {
      const flags = tamperFlags([{ path, before, after, from: undefined }], []);
      all++;
      if (flags.length > 0) raised++;
      for (const flag of new Set(flags.map((one) => one.flag))) counts.set(flag, (counts.get(flag) ?? 0) + 1);
      for (const { flag, line, message } of flags.filter((one) => one.flag === values.show))
        console.log(`${repo} ${path}:${line} ${message}: ${after.split('\n')[(line ?? 0) - 1]?.trim().slice(0, 140)} (${flag})`);
    }
  }
  console.log(`${all} changed sources, ${raised} flagged (${((100 * raised) / Math.max(1, all)).toFixed(1)} %)`);
  for (const [flag, count] of [...counts].sort(([, a], [, b]) => b - a)) console.log(`| ${flag} | ${count} |`);
}
