import { mkdirSync, rmSync } from 'node:fs';
import { findRunner } from '../suite/runners/runners.ts';
import type { Traced, Tracer } from './reached.ts';
import { traceGo } from './trace-go.ts';
import { traceNode } from './trace-node.ts';
import { tracePython } from './trace-python.ts';

const tracers = { go: traceGo, python: tracePython, node: traceNode } as const;

export type OpenTracer = Tracer & {
  /** Empties the folder, so that nothing of an earlier run is read. */
  readonly clear: () => void;
};

/** Undefined: what this runner runs cannot be traced. */
export function makeTracer(request: Traced): OpenTracer | undefined {
  const engine = findRunner(request.suite.runner)?.engine;
  const tracer = engine && tracers[engine](request);
  const clear = () => {
    rmSync(request.folder, { recursive: true, force: true });
    mkdirSync(request.folder, { recursive: true, mode: 0o700 });
  };
  clear();
  return tracer && { ...tracer, clear };
}
