// The real CLI on a copy of a repository, and the stand-in gateway with scripted replies.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** One block; an empty search writes a new file. */
export const block = (path, search, replace) =>
  `${path}\n<<<<<<< SEARCH\n${search === '' ? '' : `${search}\n`}=======\n${replace === '' ? '' : `${replace}\n`}>>>>>>> REPLACE\n`;
export const finding = (severity, where, why, edits = '') =>
  `## Finding\nSeverity: ${severity}\nWhere: ${where}\nWhy: ${why}\n\n${edits}\n`;
export const wrap = (edits) => `Tests.\n\n## Edits\n${edits}`;

export const makeHome = () => mkdtempSync(join(tmpdir(), 'glm-uses-'));

export function write(root, files) {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

export function git(root, ...args) {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...who, ...args], { cwd: root }).toString();
}

/** Whoever runs a verb in a folder gets its exit code and report; `home` holds the replies and what the product keeps. */
export function makeRun(cli, home) {
  return async function run(verb, replies, args, { root, key = 'k'.repeat(20), json = true }) {
    const paths = replies.map((text, number) => {
      const path = join(home, `reply-${number}.txt`);
      writeFileSync(path, text);
      return path;
    });
    const gateway = spawn(process.execPath, [cli, 'gateway', ...paths.flatMap((path) => ['--reply', path])], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const [line] = await once(createInterface({ input: gateway.stdout }), 'line');
      const env = { ...process.env, GLM_SKILL_HOME: join(home, 'state'), RUNAPI_API_KEY: key };
      if (key === '') delete env.RUNAPI_API_KEY;
      const started = Date.now();
      const child = spawn(
        process.execPath,
        [cli, verb, ...args, ...(json ? ['--json'] : []), '--quiet', '--base-url', JSON.parse(line).url],
        { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      let out = '';
      let err = '';
      child.stdout.on('data', (chunk) => (out += chunk));
      child.stderr.on('data', (chunk) => (err += chunk));
      const [code] = await once(child, 'close');
      return {
        code,
        report: json && out !== '' ? JSON.parse(out) : { summary: err.trim() },
        text: out,
        seconds: (Date.now() - started) / 1000,
      };
    } finally {
      gateway.stdin.end();
    }
  };
}

/** Prints rows of a table and keeps those that do not hold. */
export function makeTable() {
  const failures = [];
  return {
    failures,
    check(use, what, holds, got) {
      const said = String(got).replaceAll('|', '\\|').replaceAll('\n', ' ').slice(0, 140);
      console.log(`| ${use} | ${what} | ${holds ? 'holds' : '**fails**'} | ${said} |`);
      if (!holds) failures.push(`${use}: ${what}`);
    },
  };
}
