import { judge } from '../../src/patch/judge/judge.ts';
import { tamperFlags } from '../../src/patch/judge/tamper.ts';
import { placeEdits } from '../../src/patch/place/place-edits.ts';
import { readEdits } from '../../src/patch/read/edits.ts';
import { numbers, shapes } from './shapes.ts';

const size = Number(process.env.SZ ?? 1_990_000);
const file = numbers(60_000, 'x');

/** CPU time of one run in milliseconds, which other programs on the machine do not change. */
function cpuMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function readAndPlace(text: string): void {
  const { edits, problems } = readEdits(text);
  if (problems.length > 0) return;
  const { changes } = placeEdits(edits, (path) => (path === 'a.ts' ? file : undefined));
  judge(changes, { isTest: () => false, allow: [] });
  tamperFlags(changes, []);
}

/** Reads and judges 2 MB of each shape, and a quarter of it: what takes much more than four times as long is not linear. */
export function timeShapes(only: string | undefined): void {
  for (const [name, make] of Object.entries(shapes)) {
    if (only !== undefined && !name.includes(only)) continue;
    const [small, large] = [make(size / 4), make(size).slice(0, size)];
    readAndPlace(make(20_000));
    const [less, more] = [small, large].map((text) => Math.min(...[1, 2].map(() => cpuMs(() => readAndPlace(text)))));
    const ratio = (more ?? 0) / Math.max(1, less ?? 0);
    if (only !== undefined || (more ?? 0) > 100 || ratio > 8)
      console.log(`${name}: ${Math.round(more ?? 0)} ms for 2 MB, ${ratio.toFixed(1)} times a quarter`);
  }
}
