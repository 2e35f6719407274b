import { mkdirSync, rmSync } from 'node:fs';
import type { Traced, Tracer } from './reached.ts';
import { traceGo } from './trace-go.ts';
import { traceNode } from './trace-node.ts';
import { tracePython } from './trace-python.ts';

const tracers: Readonly<Record<string, (request: Traced) => Tracer | undefined>> = {
  'go test': traceGo,
  pytest: tracePython,
  unittest: tracePython,
  jest: traceNode,
  vitest: traceNode,
  'node:test': traceNode,
  mocha: traceNode,
  ava: traceNode,
  tap: traceNode,
  tape: traceNode,
  jasmine: traceNode,
};

export type OpenTracer = Tracer & {
  /** Empties the folder, so that nothing of an earlier run is read. */
  readonly clear: () => void;
};

/** Undefined: what this runner runs cannot be traced. */
export function makeTracer(request: Traced): OpenTracer | undefined {
  const tracer = tracers[request.suite.runner]?.(request);
  const clear = () => {
    rmSync(request.folder, { recursive: true, force: true });
    mkdirSync(request.folder, { recursive: true, mode: 0o700 });
  };
  clear();
  return tracer && { ...tracer, clear };
}
