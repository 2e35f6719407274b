// How many tokens `review` sends for real commits of about so many changed lines, without a key and with nothing sent:
// node bench/lean.mjs CHECKOUT… [--each 6] [--from 15] [--to 25] [--cli dist/cli.mjs] [--other OTHER/dist/cli.mjs]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    each: { type: 'string', default: '6' },
    from: { type: 'string', default: '15' },
    to: { type: 'string', default: '25' },
    cli: { type: 'string' },
    other: { type: 'string' },
  },
});
const builds = [values.cli ?? join(import.meta.dirname, '..', 'dist', 'cli.mjs'), ...(values.other ? [values.other] : [])].map((path) =>
  resolve(path),
);
const home = mkdtempSync(join(tmpdir(), 'glm-lean-'));

/** Commits whose sources change by so many lines, evenly over the newest thousand. */
function commitsOf(root) {
  const log = execFileSync('git', ['log', '--no-merges', '-n', '1000', '--numstat', '--format=@%H'], {
    cwd: root,
    maxBuffer: 1 << 28,
  }).toString();
  const fit = log
    .split('@')
    .slice(1)
    .flatMap((entry) => {
      const [sha, ...rows] = entry.trim().split('\n');
      const counts = rows.filter((row) => /\.(?:[cm]?[jt]sx?|py|go)$/.test(row)).map((row) => row.split('\t'));
      const lines = counts.reduce((sum, [added, removed]) => sum + Number(added) + Number(removed), 0);
      const other = rows.filter((row) => row !== '' && !/\.(?:[cm]?[jt]sx?|py|go)$/.test(row)).length;
      return lines >= Number(values.from) && lines <= Number(values.to) && other === 0 ? [{ sha, lines }] : [];
    });
  const step = Math.max(1, Math.floor(fit.length / Number(values.each)));
  return fit.filter((_, at) => at % step === 0).slice(0, Number(values.each));
}

function measure(cli, root, sha) {
  const { RUNAPI_API_KEY: _, ...env } = process.env;
  const ran = spawnSync(process.execPath, [cli, 'review', '--since', `${sha}^`, '--head', sha, '--json', '--quiet'], {
    cwd: root,
    env: { ...env, GLM_SKILL_HOME: join(home, 'state') },
    maxBuffer: 1 << 28,
  });
  try {
    const report = JSON.parse(ran.stdout.toString());
    return { pack: report.manifest.tokens, input: report.estimate.inputTokens.likely };
  } catch {
    return undefined;
  }
}

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const all = builds.map(() => []);
try {
  for (const root of positionals) {
    for (const { sha, lines } of commitsOf(root)) {
      const found = builds.map((cli) => measure(cli, root, sha));
      if (found.some((one) => one === undefined)) continue;
      for (const [at, one] of found.entries()) all[at].push(one);
      console.log(
        `${basename(root)} ${sha.slice(0, 8)}, ${lines} lines: ${found.map(({ pack, input }) => `pack ${pack}, input ${input}`).join(' | ')}`,
      );
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
for (const [at, one] of all.entries()) {
  const inputs = one.map(({ input }) => input);
  console.log(
    `${builds[at]}: ${one.length} commits, pack at the median ${middle(one.map(({ pack }) => pack))}, input at the median ${middle(inputs)}, most ${Math.max(...inputs)}, up to 4,000: ${inputs.filter((input) => input <= 4_000).length}`,
  );
}
