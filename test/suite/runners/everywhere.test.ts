import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { rules } from '../../../src/patch/judge/rules.ts';
import { unwrap } from '../../../src/suite/detect/unwrap.ts';
import { ownerOf, runners } from '../../../src/suite/runners/runners.ts';

/** What no walk of the sources can hold, because it lies in rooms that know no runner, holds this one: every runner has its row. */
const known = runners.filter(({ name }) => name !== 'command');
const starts: Readonly<Record<string, string>> = {
  vitest: 'vitest run',
  jest: 'jest',
  mocha: 'mocha test',
  ava: 'ava',
  tap: 'tap',
  tape: 'tape test/a.js',
  jasmine: 'jasmine',
  playwright: 'playwright test',
  'bun test': 'bun test',
  'deno test': 'deno test',
  'node:test': 'node --test',
  pytest: 'pytest',
  unittest: 'python3 -m unittest',
  'go test': 'go test ./...',
  gotestsum: 'gotestsum ./...',
  'cargo test': 'cargo test',
  rspec: 'rspec',
  phpunit: 'phpunit',
  dotnet: 'dotnet test',
  maven: 'mvn test',
  gradle: 'gradle test',
  bats: 'bats test',
};
/** Of these single keys are guarded, not the file. */
const byKey = new Set(['pyproject.toml']);

test.each(known)('$name is started behind a wrapper that has options of its own', ({ name }) => {
  const argv = (starts[name] ?? '').split(' ');
  expect(ownerOf(argv)?.name).toBe(name);
  const unwrapped = unwrap({ argv: ['timeout', '--signal', 'KILL', '60', ...argv], env: {} });
  expect(unwrapped.kind === 'program' && unwrapped.argv.join(' ')).toBe(argv.join(' '));
});

test.each(
  known.flatMap(({ name, settings = [] }) => settings.map((file) => [name, file.replace('*', file.startsWith('*') ? 'a' : 'ts')] as const)),
)('no patch changes the settings of %s: %s', (_, file) => {
  if (!byKey.has(file))
    expect(rules.filter(({ applies }) => applies(file, file)).map(({ name }) => name)).toEqual([expect.stringMatching(/_config$/)]);
});

test('the skill names every runner', () => {
  const told = readFileSync(new URL('../../../skills/glm-skill/references/languages.md', import.meta.url), 'utf8').toLowerCase();
  expect(known.map(({ name }) => name).filter((name) => !told.includes(name))).toEqual([]);
});
