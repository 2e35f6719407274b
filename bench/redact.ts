import { makeRedactor } from '../src/safety/redact/redact.ts';
import { shapes } from './redact/shapes.ts';

/** CPU time of one run in milliseconds, which other programs on the machine do not change. */
function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** How long 2 MB of each shape take to search, the slowest first: `--bytes N`, `--only WORDS`. */
export async function main(args: readonly string[]): Promise<void> {
  const after = (flag: string) => (args.includes(flag) ? args[args.indexOf(flag) + 1] : undefined);
  const bytes = Number(after('--bytes') ?? 2_000_000);
  const only = after('--only') ?? '';
  const rows: { readonly ms: number; readonly name: string }[] = [];
  for (const [name, { path, make }] of Object.entries(shapes)) {
    if (!name.includes(only)) continue;
    const run = (text: string) => {
      const { redact } = makeRedactor({
        key: new Uint8Array(32).fill(7),
        exact: ['known-value-1', 'another/known+value='],
        mostCpuMs: Number.POSITIVE_INFINITY,
      });
      return cpuMs(() => redact(text, path));
    };
    run(make(20_000));
    const text = make(bytes);
    // What else the machine does makes the same work dearer, never cheaper.
    rows.push({ ms: Math.min(run(text), run(text)), name: `${name} (${path})` });
  }
  for (const { ms, name } of rows.sort((a, b) => b.ms - a.ms)) console.log(`${String(Math.round(ms)).padStart(6)} ms  ${name}`);
  console.log(`${rows.length} shapes of ${bytes / 1e6} MB, ${rows.filter(({ ms }) => ms > 1_000).length} above 1 s`);
}
