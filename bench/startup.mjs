// Time from spawn to the answer to `initialize`, and the memory that waits afterwards: our server against a bare JSON-RPC loop, in turn.
// Prints medians and the ratio.
// Usage: npm run build && node bench/startup.mjs [RUNS]
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const runs = Number(process.argv[2] ?? 15);
const folder = await mkdtemp(join(tmpdir(), 'glm-skill-bench-'));
const bare = join(folder, 'bare.mjs');
await writeFile(
  bare,
  `let text = '';
process.stdin.on('data', (chunk) => {
  text += chunk;
  const end = text.indexOf('\\n');
  if (end < 0) return;
  const { id } = JSON.parse(text.slice(0, end));
  process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'bare', version: '1' } } }) + '\\n');
});
process.stdin.on('end', () => process.exit(0));`,
);
const hello = `${JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'bench', version: '1' } },
})}\n`;

const list = `${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' })}\n`;

function once(args) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    child.stdin.write(hello);
    child.stdout.once('data', async () => {
      const ms = performance.now() - started;
      child.stdin.write(list);
      child.stdout.resume();
      await sleep(500);
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      child.stdin.end();
      child.once('exit', () => resolve({ ms, mb: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024 }));
    });
    child.once('error', reject);
  });
}

const ours = [join(import.meta.dirname, '..', 'dist', 'cli.mjs'), 'serve'];
const times = { bare: [], ours: [] };
await once([bare]);
await once(ours);
for (let at = 0; at < runs; at++) {
  times.bare.push(await once([bare]));
  times.ours.push(await once(ours));
}
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const of = (name, key) => median(times[name].map((one) => one[key])).toFixed(0);
const ratio = median(times.ours.map(({ ms }, at) => ms / times.bare[at].ms));
console.log(
  `initialize, median of ${runs}: bare ${of('bare', 'ms')} ms, glm-skill ${of('ours', 'ms')} ms, ratio ${ratio.toFixed(2)}; resident: bare ${of('bare', 'mb')} MB, glm-skill ${of('ours', 'mb')} MB`,
);
await rm(folder, { recursive: true, force: true });
