import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { version } from '../src/version.ts';

const Step = z.object({
  id: z.string().optional(),
  if: z.string().optional(),
  shell: z.literal('bash'),
  env: z.record(z.string(), z.string()),
  run: z.string(),
});
const action = z
  .object({
    inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
    outputs: z.record(z.string(), z.object({ description: z.string(), value: z.string() })),
    runs: z.object({ using: z.literal('composite'), steps: z.array(Step).length(3) }),
  })
  .parse(parse(readFileSync('action.yml', 'utf8')));
const [fix, open, comment] = action.runs.steps;

describe('the action', () => {
  test('puts nothing from outside into its scripts', () => {
    for (const { run } of action.runs.steps) expect(run).not.toContain('${{');
  });
  test('uses every input, pins the version, and pushes only to a branch of its own', () => {
    const values = [
      ...action.runs.steps.flatMap((step) => [...Object.values(step.env), step.if ?? '']),
      ...Object.values(action.outputs).map(({ value }) => value),
    ].join('\n');
    for (const name of Object.keys(action.inputs)) expect(values, name).toContain(`inputs.${name}`);
    const scripts = action.runs.steps.map(({ run }) => run).join('\n');
    expect([...scripts.matchAll(/glm-skill@([\d.]+)/g)].map(([, named]) => named)).toEqual([version, version]);
    expect([...scripts.matchAll(/git push .*/g)].map(([line]) => line)).toEqual(['git push --quiet origin "HEAD:refs/heads/$branch"']);
    expect(scripts).toContain('branch="glm-skill/fix-');
  });
});

describe('its scripts', () => {
  let base: string;
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'glm-action-')));
    for (const folder of ['bin', 'temp', 'home']) mkdirSync(join(base, folder));
    program('gh', 'echo "$@" >> "$GH_LOG"; case "$1 $2" in "pr create") echo https://example.test/pull/7;; esac');
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(base, 'bin', name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(base, 'bin', name), 0o755);
  }

  /** Runs a step as the runner does, every variable of it set. */
  function run(step: z.infer<typeof Step> | undefined, values: Record<string, string>): { code: number; output: string; log: string } {
    const blank = Object.fromEntries(Object.keys(step?.env ?? {}).map((name) => [name, '']));
    const files = { GITHUB_OUTPUT: join(base, 'output'), GITHUB_STEP_SUMMARY: join(base, 'summary'), GH_LOG: join(base, 'gh.log') };
    for (const file of Object.values(files)) if (!existsSync(file)) writeFileSync(file, '');
    const env = {
      ...blank,
      ...files,
      RUNNER_TEMP: join(base, 'temp'),
      HOME: join(base, 'home'),
      GITHUB_RUN_ID: '12',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_REPOSITORY: 'a/b',
      ...values,
    };
    try {
      const log = execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? 'false'], {
        cwd: base,
        encoding: 'utf8',
        env: { ...env, PATH: `${join(base, 'bin')}:${process.env.PATH}` },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return { code: 0, output: readFileSync(files.GITHUB_OUTPUT, 'utf8'), log };
    } catch (error) {
      const { status, stdout } = z.object({ status: z.number(), stdout: z.string() }).parse(error);
      return { code: status, output: '', log: stdout };
    }
  }

  function scripted(report: unknown, exitCode: number): void {
    writeFileSync(join(base, 'reply.json'), JSON.stringify(report));
    program(
      'npx',
      `printf '%s\\n' "$@" >> "${base}/calls"\nif [ "$3" = fix ]; then cat "${base}/reply.json"; exit ${exitCode}; fi\necho "# report of $5"`,
    );
  }

  test('a verified patch, from the report to a pull request on a branch of its own', () => {
    const [origin, work] = [join(base, 'origin.git'), join(base, 'work')];
    git(base, 'init', '-q', '--bare', '-b', 'main', origin);
    git(base, 'clone', '-q', origin, work);
    writeFileSync(join(work, 'a.txt'), 'red\n');
    git(work, 'checkout', '-q', '-B', 'main');
    git(work, 'add', '.');
    git(work, 'commit', '-qm', 'one');
    git(work, 'push', '-q', 'origin', 'main');
    const commit = git(work, 'rev-parse', 'HEAD');
    writeFileSync(join(work, 'a.txt'), 'green\n');
    const diff = `${git(work, 'diff')}\n`;
    git(work, 'checkout', '-q', 'a.txt');
    scripted({ status: 'verified', job: '01abc', summary: 's', patch: { diff } }, 0);

    const first = run(fix, { ROOT: work, TEST: '$(touch hacked) "x', MAX_COST: '0.5' });
    expect(first.output).toMatch(/^status=verified\njob=01abc\nreport=.*report\.md\npatch=.*fix\.patch\n$/);
    expect(readFileSync(join(base, 'summary'), 'utf8')).toBe('# report of 01abc\n');
    expect(existsSync(join(base, 'hacked'))).toBe(false);

    const [report, patch] = [join(base, 'temp/glm-skill/report.md'), join(base, 'temp/glm-skill/fix.patch')];
    const second = run(open, { ROOT: work, PATCH: patch, REPORT: report, BASE: 'main', COMMIT: commit, FORK: 'false' });
    expect(second).toMatchObject({ code: 0, output: expect.stringContaining('url=https://example.test/pull/7\n') });
    expect(git(origin, 'rev-parse', 'main')).toBe(commit);
    expect(git(origin, 'show', 'glm-skill/fix-12-1:a.txt')).toBe('green');
    expect(git(origin, 'rev-parse', 'glm-skill/fix-12-1^')).toBe(commit);
    expect(readFileSync(join(work, 'a.txt'), 'utf8')).toBe('red\n');

    run(comment, { REPORT: report, NUMBER: '3', URL: 'https://example.test/pull/7' });
    expect(readFileSync(join(base, 'gh.log'), 'utf8')).toContain('pr comment 3 --repo a/b --body-file');
    expect(readFileSync(join(base, 'temp/glm-skill/comment.md'), 'utf8')).toContain('pull/7\n\n# report of 01abc');
  });

  test('the arguments reach the program as they are', () => {
    scripted({ status: 'needs_key', job: '01abc', summary: 's' }, 2);
    const { code, output } = run(fix, { ROOT: '.', COMMAND: 'npm run "a b"', LANGUAGE: 'ko' });
    expect(code).toBe(0);
    expect(output).toContain('status=needs_key\n');
    expect(output).toContain('patch=\n');
    expect(readFileSync(join(base, 'calls'), 'utf8').split('\n')).toContain('--command=npm run "a b"');
  });

  test('no report at all is an error', () => {
    program('npx', 'echo "no runner" >&2; exit 2');
    expect(run(fix, { ROOT: '.' })).toMatchObject({ code: 1, log: expect.stringContaining('::error::') });
  });

  test('a fork gets no branch', () => {
    expect(run(open, { ROOT: base, PATCH: 'x', REPORT: 'x', BASE: 'main', COMMIT: 'x', FORK: 'true' })).toMatchObject({
      code: 0,
      output: '',
    });
  });
});
