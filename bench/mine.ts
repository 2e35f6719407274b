import { writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../src/config.ts';
import { GlmError } from '../src/errors.ts';
import { mine } from '../src/evaluating/mining/mine.ts';
import { runProcess } from '../src/process/run.ts';
import type { Git } from '../src/repo/git.ts';
import type { Instance } from './instances.ts';

/**
 * Makes static instances of the candidates that `evaluate` finds in a history; nothing is run.
 * Usage: node bench/run.mjs mine --git FOLDER/.git --repo owner/name --most 40 --out mined.jsonl
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
  const run: Git['run'] = async (args, options) => Buffer.from(await git(values.git, args, options?.input?.toString()));
  const skip = new Set(values.skip.split(','));
  const { candidates } = await mine({ run });
  const instances = candidates
    .filter(({ sha }) => !skip.has(sha))
    .slice(0, Number(values.most))
    .map(
      ({ sha, base, tests, sources }): Instance => ({
        id: `${repo.replace('/', '__')}-${sha.slice(0, 8)}`,
        repo,
        base_commit: base,
        fix_commit: sha,
        test_files_changed: [...tests],
        gold_files: [...sources],
        fail_to_pass: [],
      }),
    );
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
  if (result.exitCode !== 0) throw new GlmError('bad_input', `git ${args[0]}: ${result.startError ?? result.stderr.toString()}`);
  return result.stdout.toString('utf8');
}
