import type { Runner } from '../runner.ts';
import { ava } from './ava.ts';
import { bun } from './bun.ts';
import { cargo } from './cargo.ts';
import { command } from './command.ts';
import { deno } from './deno.ts';
import { dotnet } from './dotnet.ts';
import { goTest } from './go.ts';
import { gradle } from './gradle.ts';
import { jasmine } from './jasmine.ts';
import { jest } from './jest.ts';
import { maven } from './maven.ts';
import { mocha } from './mocha.ts';
import { nodeTest } from './node-test.ts';
import { phpunit } from './phpunit.ts';
import { playwright } from './playwright.ts';
import { pytest } from './pytest.ts';
import { rspec } from './rspec.ts';
import { tap } from './tap.ts';
import { tape } from './tape.ts';
import { unittest } from './unittest.ts';
import { vitest } from './vitest.ts';

/** Every runner we know. To add one: a file that exports a `Runner`, and its name here. `command` is the last resort. */
export const runners: readonly Runner[] = [
  vitest,
  jest,
  mocha,
  ava,
  tap,
  tape,
  jasmine,
  playwright,
  bun,
  deno,
  nodeTest,
  pytest,
  unittest,
  goTest,
  cargo,
  rspec,
  phpunit,
  dotnet,
  maven,
  gradle,
  command,
];

export function findRunner(name: string): Runner | undefined {
  return runners.find((runner) => runner.name === name);
}

/** The runner that an argv starts, once wrappers are off. */
export function ownerOf(argv: readonly string[]): Runner | undefined {
  return runners.find((runner) => runner.owns(argv));
}
