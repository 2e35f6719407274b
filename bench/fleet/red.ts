import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { startGateway } from '../../src/stand-in/gateway.ts';

type Red = { readonly home: string; readonly cli: string; readonly rows: number; readonly causes: number };
const Ended = z.object({ rows: z.array(z.object({ status: z.string() })), causes: z.array(z.object({ rows: z.array(z.number()) })) });

const names = ['sum', 'area', 'mean', 'last', 'join', 'clamp', 'swap', 'repeat', 'parse', 'round', 'merge', 'split'];
const wrong = (name: string) => `  return Number(${name}) - 1;`;
const right = (name: string) => `  return Number(${name}) + 1;`;

/** One of many repositories that have the same library in them, each with something of its own beside it. */
function layOut(root: string, name: string, at: number): void {
  const files = {
    'package.json': `{ "name": "row-${at}", "scripts": { "test": "node --test" } }\n`,
    'README.md': `# Row ${at}\n`,
    [`src/${name}.js`]: `/** One more than ${name}. */\nexports.${name} = function (${name}) {\n${wrong(name)}\n};\n`,
    [`test/${name}.test.js`]: `const test = require('node:test');\nconst assert = require('node:assert');\nconst { ${name} } = require('../src/${name}.js');\ntest('${name} of two', () => assert.strictEqual(${name}(2), 3));\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'all');
}

/** A batch of red repositories of a few causes through the command line; the stand-in answers what it is asked for. */
export async function runRed({ home, cli, rows, causes }: Red, say: (what: string, value: string) => void): Promise<void> {
  const used = names.slice(0, causes);
  const list = join(home, 'red.jsonl');
  const lines = Array.from({ length: rows }, (_, at) => {
    layOut(join(home, `row-${at}`), used[at % used.length] ?? '', at);
    return JSON.stringify({ root: `row-${at}` });
  });
  writeFileSync(list, lines.join('\n'));
  const gateway = await startGateway({
    replies: ({ raw }) => {
      const name = used.find((one) => raw.includes(`${one} of two`)) ?? '';
      return `## Root cause\nWhere: src/${name}.js:3\nIt takes one away.\n\n## Edits\nsrc/${name}.js\n<<<<<<< SEARCH\n${wrong(name)}\n=======\n${right(name)}\n>>>>>>> REPLACE\n`;
    },
  });
  const state = join(home, 'state-of-all');
  const begun = performance.now();
  try {
    const child = spawn(process.execPath, [cli, 'batch', list, '--jobs', '2', '--flakes', '1', '--json', '--base-url', gateway.url], {
      env: { ...process.env, GLM_SKILL_HOME: state, RUNAPI_API_KEY: 'key-of-the-stand-in' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk));
    const [code] = await once(child, 'close');
    const batch = Ended.parse(JSON.parse(out.trim().split('\n').at(-1) ?? ''));
    const tally = new Map<string, number>();
    for (const { status } of batch.rows) tally.set(status, (tally.get(status) ?? 0) + 1);
    say(`${rows} red rows of ${used.length} causes`, `exit ${code}, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    say('rows by status', [...tally].map(([status, count]) => `${count} ${status}`).join(', '));
    say('causes', `${batch.causes.length}, of ${batch.causes.map((one) => one.rows.length).join(', ')} rows`);
    say('model calls that the gateway counted', `${gateway.requests.filter(({ path }) => path.startsWith('/v1/chat')).length}`);
    const left = ['cache/worktrees', 'state/batches'].flatMap((at) => (existsSync(join(state, at)) ? readdirSync(join(state, at)) : []));
    say('folders left', `${left.length}`);
  } finally {
    await gateway.close();
  }
}
