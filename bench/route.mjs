// The whole route on real repositories: `fix` with the gold patch as the scripted reply, then with the same patch reversed, and with an
// unrelated edit. Usage: npm run build && node bench/route.mjs FOLDER...   where FOLDER is a checkout and FOLDER.diff its gold patch.
// (--gold DIR: patches are in DIR/<name>.diff)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { gold: { type: 'string' } }, allowPositionals: true });
const cli = join(import.meta.dirname, '..', 'dist', 'cli.mjs');
const folder = await mkdtemp(join(tmpdir(), 'glm-skill-route-'));

/** The same patch the other way round. */
function reverse(diff) {
  return diff
    .split('\n')
    .map((line) => {
      if (/^(---|\+\+\+|diff|index)/.test(line)) return line;
      if (line.startsWith('+')) return `-${line.slice(1)}`;
      if (line.startsWith('-')) return `+${line.slice(1)}`;
      const hunk = /^@@ -(\S+) \+(\S+) @@(.*)$/.exec(line);
      return hunk ? `@@ -${hunk[2]} +${hunk[1]} @@${hunk[3]}` : line;
    })
    .join('\n');
}

const wrap = (edits) => `## Root cause\nWhere: see the edits\nScripted.\n\n## Edits\n${edits}\n`;
const unrelated = 'GLM_UNRELATED.txt\n<<<<<<< SEARCH\n=======\nnothing to do with it\n>>>>>>> REPLACE\n';

async function fix(repo, reply) {
  const file = join(folder, 'reply.md');
  await writeFile(file, reply);
  const gateway = spawn(process.execPath, [cli, 'gateway', '--reply', file], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const [line] = await once(createInterface({ input: gateway.stdout }), 'line');
    const env = {
      ...process.env,
      RUNAPI_API_KEY: 'key-of-the-stand-in',
      RUNAPI_BASE_URL: JSON.parse(line).url,
      GLM_SKILL_HOME: join(folder, 'home'),
    };
    const child = spawn(process.execPath, [cli, 'fix', repo, '--attempts', '1', '--json', '--quiet'], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
    });
    const [code] = await once(child, 'close');
    return { code, report: JSON.parse(text) };
  } finally {
    gateway.kill();
  }
}

const say = ({ code, report }) => `${report.status ?? report.error?.code} (exit ${code}): ${report.summary ?? report.error?.message}`;
for (const repo of positionals) {
  const diff = await readFile(values.gold ? join(values.gold, `${basename(repo)}.diff`) : `${repo}.diff`, 'utf8');
  const fenced = (text) => wrap(`\`\`\`diff\n${text}\n\`\`\``);
  for (const [name, reply] of [
    ['gold', fenced(diff)],
    ['reversed', fenced(reverse(diff))],
    ['unrelated', wrap(unrelated)],
  ]) {
    const started = performance.now();
    const result = await fix(repo, reply);
    console.log(`${basename(repo)} ${name}: ${say(result)} [${((performance.now() - started) / 1000).toFixed(0)} s]`);
  }
}
await rm(folder, { recursive: true, force: true });
