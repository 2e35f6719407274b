import { mkdirSync, rmSync } from 'node:fs';
import { findRunner } from '../suite/runners/runners.ts';
import { meterGo } from './go.ts';
import { meterIstanbul } from './istanbul.ts';
import { meterNode } from './node.ts';
import { meterPython } from './python.ts';
import type { Measured, Way } from './reached.ts';

export type Meter = Way & {
  /** Empties the folder, so that nothing of an earlier run is read. */
  readonly clear: () => void;
};

const ways = { go: meterGo, python: meterPython, node: meterNode } as const;

/** Undefined: this runner gives no coverage that we can read. */
export function makeMeter(request: Measured): Meter | undefined {
  const { folder } = request;
  const clear = () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  };
  clear();
  const runner = findRunner(request.suite.runner);
  const way = runner?.cover ? meterIstanbul(request, runner.cover) : runner?.engine && ways[runner.engine](request);
  return way && { ...way, clear };
}
