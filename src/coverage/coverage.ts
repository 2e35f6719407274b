import { mkdirSync, rmSync } from 'node:fs';
import { meterGo } from './go.ts';
import { meterIstanbul } from './istanbul.ts';
import { meterNode } from './node.ts';
import { meterPython } from './python.ts';
import type { Measured, Way } from './reached.ts';

export type Meter = Way & {
  /** Empties the folder, so that nothing of an earlier run is read. */
  readonly clear: () => void;
};

const ways: Readonly<Record<string, (request: Measured) => Way | undefined>> = {
  'go test': meterGo,
  pytest: meterPython,
  unittest: meterPython,
  jest: meterIstanbul,
  vitest: meterIstanbul,
  'node:test': meterNode,
  mocha: meterNode,
  ava: meterNode,
  tap: meterNode,
  tape: meterNode,
  jasmine: meterNode,
};

/** Undefined: this runner gives no coverage that we can read. */
export function makeMeter(request: Measured): Meter | undefined {
  const { folder } = request;
  const clear = () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  };
  clear();
  const way = ways[request.suite.runner]?.(request);
  return way && { ...way, clear };
}
