import type { Runner } from '../runner.ts';
import { ava } from './ava/runner.ts';
import { bats } from './bats/runner.ts';
import { bun } from './bun/runner.ts';
import { cargo } from './cargo/runner.ts';
import { command } from './command/runner.ts';
import { deno } from './deno/runner.ts';
import { dotnet } from './dotnet/runner.ts';
import { goTest } from './go-test/runner.ts';
import { gotestsum } from './gotestsum/runner.ts';
import { gradle } from './gradle/runner.ts';
import { jasmine } from './jasmine/runner.ts';
import { jest } from './jest/runner.ts';
import { maven } from './maven/runner.ts';
import { mocha } from './mocha/runner.ts';
import { nodeTest } from './node-test/runner.ts';
import { phpunit } from './phpunit/runner.ts';
import { playwright } from './playwright/runner.ts';
import { pytest } from './pytest/runner.ts';
import { rspec } from './rspec/runner.ts';
import { tap } from './tap/runner.ts';
import { tape } from './tape/runner.ts';
import { unittest } from './unittest/runner.ts';
import { vitest } from './vitest/runner.ts';

/** Every runner we know. To add one: a folder whose `runner.ts` exports a `Runner`, and its name here. `command` is the last resort. */
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
  gotestsum,
  cargo,
  rspec,
  phpunit,
  dotnet,
  maven,
  gradle,
  bats,
  command,
];

export function findRunner(name: string): Runner | undefined {
  return runners.find((runner) => runner.name === name);
}

/** The runner that an argv starts, once wrappers are off. */
export function ownerOf(argv: readonly string[]): Runner | undefined {
  return runners.find((runner) => runner.owns(argv));
}

const settingsNames = runners.flatMap(({ settings = [] }) => settings.map((name) => name.split('*')));

/** Is this the name of a file that says how one of the runners runs? */
export function isSettingsName(name: string): boolean {
  return settingsNames.some(([begin = '', end]) =>
    end === undefined ? name === begin : name.length > begin.length + end.length && name.startsWith(begin) && name.endsWith(end),
  );
}
