import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const Action = z.object({ runs: z.object({ steps: z.array(z.object({ env: z.record(z.string(), z.string()) })) }) });
const actions = ['action.yml', 'action/open/action.yml'].map((path) => Action.parse(parse(readFileSync(path, 'utf8'))));

describe('the scripts of the actions', { timeout: 120_000 }, () => {
  let base: string;
  let work: string;
  let origin: string;
  let commit: string;
  const git = (cwd: string, ...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
      cwd,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();

  beforeEach(() => {
    base = realpathSync(mkdtempSync(join(tmpdir(), 'glm-action-')));
    for (const folder of ['bin', 'temp', 'home', 'sealed', 'own/dist', 'hooks']) mkdirSync(join(base, folder), { recursive: true });
    program(
      'gh',
      'echo "$@" >> "$GH_LOG"; case "$1 $2" in "pr create") [ -z "$FORBIDDEN" ] && echo https://example.test/pull/7;; "pr comment") for last; do :; done; cp "$last" "$GH_LOG.comment";; "pr list") grep -q "^pr create" "$GH_LOG" && [ -z "$FORBIDDEN" ] && echo https://example.test/pull/7;; esac',
    );
    [origin, work] = [join(base, 'origin.git'), join(base, 'work')];
    git(base, 'init', '-q', '--bare', '-b', 'main', origin);
    git(base, 'clone', '-q', origin, work);
    writeFileSync(join(work, 'a.txt'), 'red\n');
    git(work, 'checkout', '-q', '-B', 'main');
    git(work, 'add', '.');
    git(work, 'commit', '-qm', 'one');
    git(work, 'push', '-q', 'origin', 'main');
    git(origin, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    commit = git(work, 'rev-parse', 'HEAD');
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(base, 'bin', name), `#!/bin/bash\n${script}\n`);
    chmodSync(join(base, 'bin', name), 0o755);
  }

  /** Runs a script as the runner does, every variable of its step set. */
  function run(action: number, script: string, values: Record<string, string>) {
    const names = actions[action]?.runs.steps.flatMap(({ env }) => Object.keys(env)) ?? [];
    const files = { GITHUB_OUTPUT: join(base, 'output'), GITHUB_STEP_SUMMARY: join(base, 'summary'), GITHUB_ENV: join(base, 'env') };
    for (const file of [...Object.values(files), join(base, 'gh.log')]) if (!existsSync(file)) writeFileSync(file, '');
    const env = {
      ...Object.fromEntries(names.map((name) => [name, ''])),
      ...files,
      GH_LOG: join(base, 'gh.log'),
      RUNNER_TEMP: join(base, 'temp'),
      HOME: join(base, 'home'),
      GITHUB_REPOSITORY: 'a/b',
      PATH: `${join(base, 'bin')}:${process.env.PATH}`,
      ...values,
    };
    const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', join(process.cwd(), script)], {
      cwd: work,
      encoding: 'utf8',
      env,
    });
    return { code: status, log: stdout, output: readFileSync(files.GITHUB_OUTPUT, 'utf8') };
  }

  /** The program of the action's own folder, which plays one report, and what it was started with. */
  function fix(report: unknown, exitCode: number, values: Record<string, string> = {}) {
    writeFileSync(join(base, 'reply.json'), JSON.stringify(report));
    const played = [
      "import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';",
      `appendFileSync(${JSON.stringify(join(base, 'calls'))}, [...process.argv.slice(2), ...Object.keys(process.env)].join('\\n') + '\\n');`,
      `if (process.argv[2] === 'fix') { process.stdout.write(readFileSync(${JSON.stringify(join(base, 'reply.json'))})); process.exitCode = ${exitCode}; }`,
      "const folder = process.argv.find((word) => word.startsWith('--ci='))?.slice(5);",
      "if (folder && JSON.parse(readFileSync(process.argv[1].replace(/own.*/, 'reply.json'), 'utf8')).status)",
      "  for (const [name, text] of [['report.md', '# report of 01abc for @everyone, fixes #3 <img src=x> ![x](y)\\n'], ['report.html', '<html>'], ['report.sarif', '{}'], ['annotations.txt', '::error file=a.txt,line=1::red\\n']])",
      "    writeFileSync([folder, name].join('/'), text);",
    ];
    writeFileSync(join(base, 'own/dist/cli.mjs'), played.join('\n'));
    return run(0, 'action/fix.sh', { ACTION: join(base, 'own'), ROOT: work, COMMIT: commit, RUNAPI_API_KEY: 'k', ...values });
  }

  const open = (values: Record<string, string> = {}) =>
    run(1, 'action/open/open.sh', {
      SEALED: join(base, 'sealed'),
      PULL_REQUEST: 'true',
      COMMENT: 'true',
      ORIGIN: origin,
      BASE: 'main',
      COMMIT: commit,
      HEAD_REPOSITORY: 'a/b',
      NUMBER: '3',
      ...values,
    });
  const comment = () => readFileSync(join(base, 'gh.log.comment'), 'utf8');
  const calls = (what: string) =>
    readFileSync(join(base, 'gh.log'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(what)).length;

  function seal(name: string, file = 'a.txt'): string {
    writeFileSync(join(work, file), 'green\n');
    git(work, 'add', '-AN');
    const diff = `${git(work, 'diff')}\n`;
    git(work, 'reset', '-q', '--hard');
    const { output } = fix({ status: 'verified', job: '01abc', summary: 's', failing: { id: 'a > b' }, patch: { diff } }, 0);
    const [, folder = ''] = /sealed=(.*)\nsarif=.*\n$/.exec(output) ?? [];
    const sealed = join(base, 'sealed', name);
    cpSync(folder, sealed, { recursive: true });
    return sealed;
  }
  const hash = (text: string, chars: number) => createHash('sha256').update(text).digest('hex').slice(0, chars);
  const branchFor = (base: string) => `glm-skill/fix-${hash('a > b', 12)}-${hash(base, 6)}`;
  const branch = branchFor('main');

  test('a verified patch goes from the sealed report to a pull request on a branch of its cause', () => {
    seal('one');
    expect(readFileSync(join(base, 'summary'), 'utf8')).toContain('# report of 01abc');
    expect(open()).toMatchObject({ code: 0, output: expect.stringContaining('url=https://example.test/pull/7\n') });
    expect(git(origin, 'rev-parse', 'main')).toBe(commit);
    expect(git(origin, 'show', `${branch}:a.txt`)).toBe('green');
    expect(git(origin, 'rev-parse', `${branch}^`)).toBe(commit);
    expect(comment()).toContain('pull/7\n\n# report of 01abc for @\u200beveryone, fixes #\u200b3 <\u200bimg src=x> !\u200b[x](y)');
  });

  test('two red jobs with one cause end with one pull request and one comment, and a second run with the same', () => {
    for (const name of ['one', 'two']) seal(name);
    open();
    open();
    expect([calls('pr create'), calls('pr comment')]).toEqual([1, 2]);
    program('gh', 'echo "$@" >> "$GH_LOG"; [ "$2" != graphql ] || echo 41');
    open();
    expect(readFileSync(join(base, 'gh.log'), 'utf8')).toMatch(/^api --silent -X PATCH repos\/a\/b\/issues\/comments\/41 -F body=@/m);
    expect(calls('pr comment')).toBe(2);
  });

  test('two jobs that mend one cause in two ways: one gets the branch, the other is named', () => {
    seal('one');
    seal('two', 'b.txt');
    open();
    expect(calls('pr create')).toBe(1);
    expect(comment()).toContain('its patch is in the artifact two');
  });

  test('a patch that comes to nothing stands in no way of the next, and nobody is called by the name of an artifact', () => {
    const folder = seal('a');
    const other = 'diff --git a/c.txt b/c.txt\n--- a/c.txt\n+++ b/c.txt\n@@ -1 +1 @@\n-x\n+y\n';
    writeFileSync(join(folder, 'fix.patch'), other);
    const sealed = JSON.parse(readFileSync(join(folder, 'seal.json'), 'utf8'));
    writeFileSync(join(folder, 'seal.json'), JSON.stringify({ ...sealed, patch: hash(other, 64) }));
    seal('b');
    seal('c @all', 'b.txt');
    open();
    expect(git(origin, 'show', `${branch}:a.txt`)).toBe('green');
    expect(comment()).toContain('does not apply');
    expect(comment()).toContain('artifact c @\u200ball.');
  });

  test('what somebody has put into our commit stays, and links lead nowhere', () => {
    const folder = seal('one');
    open();
    git(work, 'fetch', '-q', 'origin', branch);
    git(work, 'checkout', '-q', '-B', 'theirs', 'FETCH_HEAD');
    git(work, 'commit', '-q', '--amend', '--allow-empty', '-m', 'amended');
    git(work, 'push', '-q', '-f', 'origin', `theirs:${branch}`);
    const theirs = git(origin, 'rev-parse', branch);
    open();
    expect([comment(), git(origin, 'rev-parse', branch)]).toEqual([expect.stringContaining('holds commits of somebody else'), theirs]);
    rmSync(join(folder, 'report.md'));
    symlinkSync('/etc/hostname', join(folder, 'report.md'));
    open();
    expect(comment()).toContain('holds links');
  });

  test('a comment that cannot be looked for at once is looked for again before there are two', () => {
    seal('one');
    const tries = join(base, 'tries');
    program('gh', `echo "$@" >> "$GH_LOG"; [ "$2" != graphql ] || { echo x >> ${tries}; [ "$(wc -l < ${tries})" -gt 1 ] && echo 41; }`);
    open();
    expect(readFileSync(join(base, 'gh.log'), 'utf8')).toMatch(/^api --silent -X PATCH repos\/a\/b\/issues\/comments\/41 /m);
    expect(calls('pr comment')).toBe(0);
  });

  test.each([
    ['a workflow', '.github/workflows/x.yml', 'it touches what CI or git runs'],
    ['npm settings', 'sub/.npmrc', 'it touches what CI or git runs'],
  ])('a patch to %s is not taken', (_what, file, why) => {
    mkdirSync(dirname(join(work, file)), { recursive: true });
    seal('one', file);
    open();
    expect(comment()).toContain(`The patch was not taken: ${why}.`);
    expect(calls('pr create')).toBe(0);
  });

  test('a patch that was swapped after it was sealed is not taken, nor one for another commit', () => {
    writeFileSync(join(seal('one'), 'fix.patch'), 'diff --git a/a.txt b/a.txt\n');
    open();
    expect(comment()).toContain('it is not the patch that was sealed');
    open({ COMMIT: 'f'.repeat(40) });
    expect(comment()).toContain('it was made for another commit');
    expect(calls('pr create')).toBe(0);
  });

  test('two branches that are red for one cause keep a branch each, and what somebody else has put there stays', () => {
    seal('one');
    open();
    open({ BASE: 'other' });
    expect(git(origin, 'rev-parse', branchFor('other'))).not.toBe('');
    const [first, second] = [branch, branchFor('other')].map((name) => git(origin, 'rev-parse', name));
    git(work, 'fetch', '-q', 'origin', branch);
    git(work, 'checkout', '-q', '-B', 'theirs', 'FETCH_HEAD');
    git(work, 'commit', '-q', '--allow-empty', '-m', 'by hand');
    git(work, 'push', '-q', 'origin', `theirs:${branch}`);
    const theirs = git(origin, 'rev-parse', branch);
    expect(theirs).not.toBe(first);
    open();
    expect(comment()).toContain('holds commits of somebody else');
    expect([git(origin, 'rev-parse', branch), git(origin, 'rev-parse', branchFor('other'))]).toEqual([theirs, second]);
  });

  test('a long report is cut between characters to what GitHub takes, and the cut is named', () => {
    writeFileSync(join(seal('one'), 'report.md'), 'ä@'.repeat(60_000));
    open();
    expect(comment().length).toBeLessThan(65_536);
    expect(comment()).not.toContain('\u{fffd}');
    expect(comment()).toContain('Cut here');
  });

  test('forks, forbidden pull requests and jobs that left nothing each end with a comment that says so', () => {
    open();
    expect(comment()).toContain('left nothing');
    seal('one');
    open({ HEAD_REPOSITORY: 'fork/b' });
    expect(comment()).toContain('a fork gets no branch');
    expect(() => git(origin, 'rev-parse', '--verify', branch)).toThrow();
    expect(open({ FORBIDDEN: '1' })).toMatchObject({ code: 0 });
    expect(comment()).toContain(`is on the branch ${branch}. No pull request could be opened`);
  });

  test("tests see neither the runner's files nor its tokens, and arguments arrive as they are", () => {
    const given = { COMMAND: 'npm run "a b"', TEST: '$(touch hacked) "x', ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't' };
    const { code, output, log } = fix({ status: 'needs_key', job: '01abc', summary: 's' }, 2, given);
    expect([code, output]).toEqual([0, expect.stringContaining('status=needs_key\n')]);
    expect(log).toBe('::error file=a.txt,line=1::red\n');
    expect(output).toMatch(/^sealed=(.*)\nsarif=\1\/report\.sarif$/m);
    const seen = readFileSync(join(base, 'calls'), 'utf8').split('\n');
    expect(seen).toContain('--command=npm run "a b"');
    expect(seen).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(?:GITHUB_(?:ENV|OUTPUT|STEP_SUMMARY)|ACTIONS_.*)$/)]));
    expect(existsSync(join(work, 'hacked'))).toBe(false);
  });

  test('the note of a merge request is written once and then brought up to date, and nobody is called by it', async () => {
    const notes: { id: number; author: { id: number }; body: string }[] = [
      { id: 1, author: { id: 9 }, body: '<!-- glm-skill -->\nof a stranger' },
    ];
    const server = createServer((request, response) => {
      let sent = '';
      request.on('data', (chunk) => (sent += chunk));
      request.on('end', () => {
        if (request.headers['private-token'] !== 't0k') response.statusCode = 401;
        const { body } = z.object({ body: z.string().default('') }).parse(JSON.parse(sent || '{}'));
        const [, id] = /notes\/(\d+)$/.exec(request.url ?? '') ?? [];
        if (request.method === 'POST') notes.push({ id: notes.length + 1, author: { id: 5 }, body });
        if (request.method === 'PUT') for (const one of notes) if (String(one.id) === id) one.body = body;
        response.end(JSON.stringify(request.url === '/api/user' ? { id: 5 } : notes));
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const env = {
      PATH: process.env.PATH,
      CI_API_V4_URL: `http://127.0.0.1:${port}/api`,
      CI_PROJECT_ID: '7',
      CI_MERGE_REQUEST_IID: '3',
      GLM_SKILL_TOKEN: 't0k',
    };
    const run = promisify(execFile);
    for (const text of ['first for @all', 'second']) {
      writeFileSync(join(base, 'report.md'), text);
      await run(process.execPath, ['action/gitlab/note.mjs', join(base, 'report.md')], { env });
    }
    server.close();
    expect(notes.map(({ body }) => body)).toEqual(['<!-- glm-skill -->\nof a stranger', '<!-- glm-skill -->\nsecond']);
  });

  test('no report at all is an error, and is sealed as such', () => {
    expect(fix({ error: { message: 'no runner' } }, 2)).toMatchObject({ code: 1, log: expect.stringContaining('::error::') });
  });
});
