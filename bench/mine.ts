import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../src/config.ts';
import { kindOf } from '../src/context/scan/kinds.ts';
import { runProcess } from '../src/process/run.ts';
import type { Instance } from './instances.ts';

/**
 * Makes static instances from a repository's history: commits that look like a fix, add lines to a test file, and change one to six
 * sources. Usage: node bench/run.mjs mine --git FOLDER/.git --repo owner/name --most 40 --out mined.jsonl
 */
export async function main(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      git: { type: 'string', default: '.git' },
      repo: { type: 'string' },
      most: { type: 'string', default: '40' },
      skip: { type: 'string', default: '' },
      out: { type: 'string', default: 'mined.jsonl' },
    },
  });
  const repo = values.repo ?? basename(dirname(values.git));
  const log = await git(values.git, [
    'log',
    '--no-merges',
    '--no-renames',
    '--max-count=6000',
    '--format=%x01%H %P%x02%s',
    '--numstat',
    'HEAD',
  ]);
  const skip = new Set(values.skip.split(','));
  const instances = log
    .split('\x01')
    .slice(1)
    .flatMap((entry) => read(entry, repo))
    .filter((instance) => !skip.has(instance.fix_commit))
    .slice(0, Number(values.most));
  writeFileSync(values.out, instances.map((instance) => `${JSON.stringify(instance)}\n`).join(''), { flag: 'a' });
  console.log(`${repo}: ${instances.length} instances`);
}

export async function git(folder: string, args: readonly string[], input?: string): Promise<string> {
  const result = await runProcess({
    argv: ['git', '--git-dir', folder, ...args],
    cwd: '.',
    env: readEnvironment(),
    input,
    maxBytes: 1 << 30,
  });
  if (result.exitCode !== 0) throw new Error(`git ${args[0]}: ${result.startError ?? result.stderr.toString()}`);
  return result.stdout.toString('utf8');
}

const fixLike = /\b(?:fix(?:e[sd])?|bug|handle|correct|prevent|avoid|regression|crash|wrong|issue|properly|ensure|should)\b/i;
const notFix = /\b(?:release|bump|typo|lint|docs?|readme|refactor|rename|format|upgrade|deps?|changelog|merge|revert)\b/i;

function read(entry: string, repo: string): Instance[] {
  const [head = '', ...rows] = entry.split('\n').filter((line) => line !== '');
  const [ids = '', subject = ''] = head.split('\x02');
  const [fix = '', ...parents] = ids.split(' ');
  const base = parents[0];
  if (base === undefined || parents.length !== 1 || !fixLike.test(subject) || notFix.test(subject)) return [];
  const changes = rows
    .map((row) => row.split('\t'))
    .map(([added = '', removed = '', path = '']) => ({ added: Number(added), lines: Number(added) + Number(removed), path }));
  const tests = changes.filter(
    ({ path, added }) => kindOf(path) === 'test' && added > 2 && /\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|php|cs)$/.test(path),
  );
  const sources = changes.filter(({ path }) => kindOf(path) === 'source' && !path.endsWith('.d.ts'));
  const lines = sources.reduce((sum, change) => sum + change.lines, 0);
  if (tests.length === 0 || tests.length > 4 || sources.length === 0 || sources.length > 6 || lines > 250 || !(lines > 0)) return [];
  return [
    {
      id: `${repo.replace('/', '__')}-${fix.slice(0, 8)}`,
      repo,
      base_commit: base,
      fix_commit: fix,
      test_files_changed: tests.map(({ path }) => path),
      gold_files: sources.map(({ path }) => path),
      fail_to_pass: [],
    },
  ];
}
