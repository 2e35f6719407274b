import { ava } from './ava.ts';
import { cargo } from './cargo.ts';
import { command } from './command.ts';
import { goTest } from './go.ts';
import { jasmine } from './jasmine.ts';
import { jest } from './jest.ts';
import { mocha } from './mocha.ts';
import { nodeTest } from './node-test.ts';
import { pytest } from './pytest.ts';
import type { Runner } from './runner.ts';
import { tap } from './tap.ts';
import { tape } from './tape.ts';
import { unittest } from './unittest.ts';
import { vitest } from './vitest.ts';

/** Every runner we know. To add one: a file that exports a `Runner`, and its name here. */
export const runners: readonly Runner[] = [
  vitest,
  jest,
  mocha,
  ava,
  tap,
  tape,
  jasmine,
  nodeTest,
  pytest,
  unittest,
  goTest,
  cargo,
  command,
];

export function findRunner(name: string): Runner | undefined {
  return runners.find((runner) => runner.name === name);
}

export function ownerOf(argv: readonly string[]): Runner | undefined {
  return runners.find((runner) => runner.owns(argv));
}
