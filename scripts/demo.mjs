// Copies the example to a temporary folder with a history of two commits, the second of which made a test red, and lets the built CLI show why
// and fix it. The cause is worked out by running the tests. Without a key, the package's own gateway stand-in plays one scripted reply to the
// fix; everything else is real. Further flags go to the fix: `--html FILE` keeps its page.
// What the reports name is kept, and the last lines say how to try it and how to delete it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const here = join(import.meta.dirname, '..');
const cli = join(here, 'dist', 'cli.mjs');
const scripted = 'scripted reply: no model was asked';

const folder = await mkdtemp(join(tmpdir(), 'glm-skill-demo-'));
const repo = join(folder, 'checkout');
let gateway;
try {
  await cp(join(here, 'examples', 'checkout'), repo, { recursive: true });
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgsign=false', ...args], { cwd: repo });
  const tiers = join(repo, 'src', 'tiers.js');
  const red = await readFile(tiers, 'utf8');
  const commit = async (text, subject) => {
    await writeFile(tiers, text);
    git('add', '-A');
    git('commit', '-q', '-m', subject);
  };
  git('init', '-q', '-b', 'main');
  await commit(red.replace('quantity > tier.from', 'quantity >= tier.from'), 'A checkout service');
  await commit(red, 'Compare tiers by their start');

  const { lines } = JSON.parse(
    execFileSync(process.execPath, [cli, 'doctor', repo, '--offline', '--quiet', '--json'], { encoding: 'utf8' }),
  );
  const hasKey = lines.some((line) => line.topic === 'key' && line.level === 'ok');
  const env = { ...process.env, GLM_SKILL_HOME: join(folder, 'home') };
  console.log(`$ glm-skill cause ${repo}`);
  await run(['cause', repo], 'inherit', env);
  if (!hasKey) {
    console.log(scripted);
    gateway = spawn(process.execPath, [cli, 'gateway', '--reply', join(here, 'scripts', 'demo-reply.md')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: gateway.stdout }), 'line');
    Object.assign(env, { RUNAPI_API_KEY: 'demo-key-of-the-stand-in', RUNAPI_BASE_URL: JSON.parse(line).url });
  }
  console.log(`$ glm-skill fix ${repo}`);
  process.exitCode = await run(['fix', repo, ...process.argv.slice(2)], 'inherit', env);
  if (!hasKey) console.log(scripted);
  console.log(`\nAll files named above are kept. To apply the patch to that copy, and to delete it all:
  GLM_SKILL_HOME=${env.GLM_SKILL_HOME} node ${cli} apply ${repo}
  rm -rf ${folder}`);
} catch (error) {
  await rm(folder, { recursive: true, force: true });
  throw error;
} finally {
  gateway?.kill();
}

async function run(words, stdio, env = process.env) {
  const child = spawn(process.execPath, [cli, ...words], { stdio, env });
  const [code] = await once(child, 'exit');
  return code ?? 1;
}
