import { jest, mocha, nodeTest, vitest } from './javascript.ts';
import { dotnet, go, maven, phpunit, rspec } from './others.ts';
import { pytest, unittest } from './python.ts';
import { ava, bun, deno, jasmine, playwright } from './runtimes.ts';
import type { LogReading, Shape } from './shape.ts';

const shapes: readonly Shape[] = [
  pytest,
  unittest,
  vitest,
  jest,
  mocha,
  nodeTest,
  maven,
  rspec,
  phpunit,
  dotnet,
  go,
  ava,
  jasmine,
  playwright,
  bun,
  deno,
];

/** Everything in a log that is the output of a test runner, runner by runner. */
export function readLogShapes(lines: readonly string[]): LogReading[] {
  const text = lines.join('\n');
  return shapes.flatMap((shape) => shape(text, lines) ?? []);
}
